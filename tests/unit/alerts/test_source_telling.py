"""What the contact of a source is told, when, and in which words."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from services.alerts.domain.letter.source import EN, SV, source_message
from services.alerts.domain.source.notice import SOURCE_REASONS, SourceNotice, SourceReason
from services.alerts.domain.source.telling import SourceTold, tell
from services.alerts.notifiers.email.layout import as_html, as_text
from services.alerts.notifiers.email.letter import LetterRecipient, Sender, source_letter
from services.metrics.domain.coverage.kinds import DELIVERED
from services.metrics.domain.sources.cadence import NAMED
from shared.contracts.sources import KindReported, SourceContact, SourceReported, VolumeDrop
from shared.language.language import Language

TUESDAY = date(2025, 3, 11)
DECIDED = datetime(2025, 3, 11, 7, 0, tzinfo=UTC)
CONTACT = SourceContact("Löneenheten", "lon@kommun.example", "sv")


def kind(name: str, *, late: bool = False, drop: bool = False) -> KindReported:
    """A kind of events, last recorded on a Friday."""
    fallen = VolumeDrop(TUESDAY - timedelta(1), 12, 130.5) if drop else None
    days = {"fresh_until": date(2025, 3, 7), "due": date(2025, 3, 10)}
    return KindReported(kind=name, cadence="working days", late=late, drop=fallen, **days)


def report(day: int, *kinds: KindReported, units: tuple[str, ...] = ()) -> SourceReported:
    """A report so many days after a Tuesday."""
    return SourceReported(
        source="payroll", today=TUESDAY + timedelta(day), contact=CONTACT, kinds=kinds, unknown_units=units
    )


def reasons(*reports: SourceReported) -> list[tuple[SourceReason, int]]:
    """The mails that reports lead to, each with its day."""
    told, found = SourceTold(), list[SourceNotice]()
    for one in reports:
        told, notices = tell(told, one, DECIDED, "")
        told = msgspec.json.decode(msgspec.json.encode(told), type=SourceTold)  # as it is stored
        found += notices
    assert len({one.id for one in found}) == len(found)
    return [(one.reason, (one.today - TUESDAY).days) for one in found]


def test_one_mail_a_reminder_each_week_and_one_when_it_is_back():
    late = kind("absence", late=True)
    days = [report(day, late) for day in range(16)]

    assert reasons(*days, report(16, kind("absence")), report(17, kind("absence"))) == [
        ("source_late", 0),
        ("source_still_late", 7),
        ("source_still_late", 14),
        ("source_back", 16),
    ]


def test_a_report_taken_twice_or_late_tells_nothing():
    late = report(3, kind("absence", late=True))

    assert reasons(late, late, report(1, kind("absence")), late) == [("source_late", 3)]


def test_another_kind_that_falls_silent_is_told_of_and_one_that_comes_back_of_several_is_not():
    absence, time = kind("absence", late=True), kind("time", late=True)

    assert reasons(
        report(0, absence, kind("time")),
        report(2, absence, time),
        report(3, kind("absence"), time),
        report(4, kind("absence"), kind("time")),
    ) == [("source_late", 0), ("source_late", 2), ("source_back", 4)]


def test_an_undefined_unit_is_told_of_once():
    assert reasons(
        report(0, kind("absence"), units=("ivo",)),
        report(1, kind("absence"), units=("ivo",)),
        report(2, kind("absence")),
        report(3, kind("absence"), units=("ivo", "ofo")),
    ) == [("source_units", 0), ("source_units", 3)]


def test_what_is_told_on_the_same_day_is_another_mail():
    late, more = kind("absence", late=True), kind("time", late=True)
    low, other = kind("cost", drop=True), kind("pulse", drop=True)

    assert reasons(
        report(0, late, low, units=("ivo",)),
        report(0, late, more, low, units=("ivo", "ofo")),
        report(0, late, more, low, other, units=("ivo", "ofo")),
    ) == [
        *(("source_late", 0), ("source_units", 0), ("source_volume", 0)),
        *(("source_late", 0), ("source_units", 0)),
        ("source_volume", 0),
    ]


def test_a_drop_is_told_of_once_until_the_volume_is_back():
    low, well = kind("absence", drop=True), kind("absence")

    assert reasons(report(0, low), report(1, low), report(2, well), report(3, low)) == [
        ("source_volume", 0),
        ("source_volume", 3),
    ]


def notice(reason: SourceReason, day: int = 0) -> SourceNotice:
    """A mail of each reason."""
    return SourceNotice(
        reason=reason,
        source="payroll",
        contact="Löneenheten",
        since=TUESDAY if reason != "source_units" else TUESDAY + timedelta(day),
        today=TUESDAY + timedelta(day),
        decided=DECIDED,
        link="https://stadga.kommun.example/larm",
        kinds={
            "source_late": (kind("absence", late=True), kind("time", late=True)),
            "source_still_late": (kind("absence", late=True),),
            "source_volume": (kind("absence", drop=True),),
        }.get(reason, ()),
        units=("ifo-bou-l", "<b>x</b>") if reason == "source_units" else (),
    )


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("reason", SOURCE_REASONS)
def test_every_mail_is_whole(reason: SourceReason, language: Language):
    said = source_message(notice(reason), language)
    text, html = as_text(said), as_html(said)

    assert "payroll" in said.subject
    assert not {"{", "["} & set(text)
    assert "None" not in text
    assert "<b>x" not in html


def test_what_the_mail_says():
    said = source_message(notice("source_late"), "sv")

    assert said.subject == "payroll har tystnat: frånvaro och arbetad tid"
    assert said.rows[0].text == (
        "Senast 7 mars 2025. Lämnas varje arbetsdag, och skulle ha kommit senast 10 mars 2025."
    )
    [fallen] = [row.text for row in source_message(notice("source_volume"), "en").rows if row.label == "Absence"]
    assert fallen == "12 events on 10 March 2025, against 130.5 on such a weekday."


def test_every_kind_and_cadence_has_words():
    for words in (SV, EN):
        assert words.kinds.keys() == set(DELIVERED)
        assert words.cadence.keys() == {*NAMED, "D", "W", "M"}


def test_mails_about_one_silence_are_a_thread():
    to, origin = LetterRecipient("Löneenheten", CONTACT.email, "sv"), Sender("Stadga", "stadga", "kommun.example")
    first, later, other = (
        source_letter(one, to, origin)
        for one in (notice("source_late"), notice("source_still_late", 7), notice("source_volume"))
    )

    assert f"In-Reply-To: {first.message_id}".encode() in later.body
    assert b"In-Reply-To" not in first.body
    assert b"In-Reply-To" not in other.body
    assert len({first.message_id, later.message_id, other.message_id}) == 3
