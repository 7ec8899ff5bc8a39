"""What the mail says, in both languages, at every turn of an alert's life."""

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from services.alerts.domain.alert.occasion import ActionNotice, Correction, MovedLimit, Occasion
from services.alerts.domain.letter.message import Message, message
from services.alerts.domain.plan.plan import Trial
from services.alerts.domain.plan.progress import Progress
from services.alerts.notifiers.email.layout import as_html, as_text
from shared.contracts.events import MeasureStatus
from shared.contracts.metrics import MetricValue
from shared.language.language import Language
from tests.unit.alerts.occasions import CALM, FIRING, HEALTH, HIDDEN, TURNS, WELL, occasion

MAILS = Path(__file__).parent / "mails"
LANGUAGES: tuple[Language, ...] = ("sv", "en")
BETWEEN = msgspec.structs.replace(FIRING, value=5 / 38.4, numerator=5, denominator=38.4, low=0.0423, high=0.3039)
WORSE = msgspec.structs.replace(FIRING, value=15 / 38.2, numerator=15, low=0.2198, high=0.6477)
TOLD = Correction(mail="episode-1-1-hr", measured=FIRING)
SUPPRESSED = {"metric": "sick_rate", "measured": HIDDEN, "confirmed": None}
UNKNOWN = MetricValue(status="incomplete", definition="d", known_from=date(2026, 3, 1), complete_from=date(2027, 3, 1))
CASES: dict[str, Occasion] = {reason: occasion(reason) for reason in TURNS} | {
    "suppressed": occasion(**SUPPRESSED),
    "fallen_back": occasion(measured=BETWEEN, on=date(2026, 10, 14), today=date(2026, 10, 14)),
    "at_least": occasion(since_at_least=True),
    "raised_limit_moved": occasion(moved=MovedLimit(side="above", threshold=0.25, value=FIRING.value)),
    "not_known_now": occasion("resolved", measured=BETWEEN, today=date(2026, 12, 12), unknown=UNKNOWN),
    "health": occasion(**HEALTH),
    "health_resolved": occasion("resolved", **{**HEALTH, "measured": WELL}),
    "restated": occasion("data_corrected", corrects=TOLD),
    "restated_beyond": occasion("data_corrected", measured=WORSE, ended=date(2026, 12, 9), corrects=TOLD),
    "resolved_restated": occasion("resolved", corrects=TOLD),
}
VOID = {"meta", "br"}


class Page(HTMLParser):
    """What a reader sees of an HTML mail, and what a mail client would have to fetch or follow."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.seen).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


def written(given: Occasion, language: Language = "en") -> Message:
    """The message to HR."""
    return message(given, "hr", language)


def answer(given: Message, label: str) -> str:
    """What the mail answers under a label."""
    return next(row.text for row in given.rows if row.label == label)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_reads_as_the_kept_mail_does(name: str, language: Language) -> None:
    """Subject and plain text are, word for word, those in ``mails/``."""
    said = written(CASES[name], language)
    kept = (MAILS / f"{name}-{language}.txt").read_text(encoding="utf-8")
    assert f"Subject: {said.subject}\n\n{as_text(said)}" == kept


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_html_says_what_the_text_says(name: str, language: Language) -> None:
    """Every line of the plain text stands in the HTML, whose elements are closed in order."""
    said = written(CASES[name], language)
    page = Page(as_html(said))
    pieces = [said.headline, said.where, said.lead, said.badge, said.open, *said.small_print]
    pieces += [part for row in said.rows for part in (row.label, row.text)]
    pieces += [part for task in said.tasks for part in (task.title, *task.details)]
    assert page.open == []
    assert [piece for piece in pieces if " ".join(piece.split()) not in page.text] == []


@pytest.mark.parametrize("name", CASES)
def test_html_fetches_nothing(name: str) -> None:
    """No image, script, style sheet or frame: the one address in the HTML is the link to the alert."""
    page = Page(as_html(written(CASES[name])))
    assert page.links == [CASES[name].link]
    assert page.tags.isdisjoint({"img", "script", "link", "style", "iframe", "svg", "form"})


@pytest.mark.parametrize("reason", TURNS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_suppressed_value_shows_no_number(reason: str, language: Language) -> None:
    """When the value is suppressed, no number of any reading, nor the limit it passed, is in subject, text or HTML."""
    leaky = MetricValue(
        status="suppressed", definition="d", value=0.4242, numerator=6363, denominator=5151, low=0.3131, high=0.7878
    )
    secret = msgspec.structs.replace(leaky, status="final")
    given = occasion(reason, measured=leaky, raised_with=secret, present=secret, threshold=0.2929, confirmed=True)
    said = written(given, language)
    everything = said.subject + as_text(said) + as_html(said)
    forms = [f"{whole}{point}{part}" for whole, part in ((42, 4), (31, 3), (78, 8), (29, 3)) for point in ".,"]
    assert [
        f for f in (*forms, "6363", "6 363", "6,363", "5151", "5,151") if f in everything.replace("\xa0", " ")
    ] == []


def test_suppressed_earlier_value_is_left_out() -> None:
    """A closing mail leaves out the value at the start when that one may not be shown."""
    said = written(occasion("resolved", raised_with=HIDDEN))
    assert said.lead.endswith("to 9 December 2026.")


def test_value_without_denominator_is_said_in_words() -> None:
    """When nobody is left to count, the mail says so and shows no figure."""
    gone = MetricValue(status="not_applicable", definition="d")
    said = written(occasion("resolved", measured=gone))
    assert (said.figure, "no one was left to count" in said.lead) == (None, True)


def test_chance_that_can_explain_the_value() -> None:
    """An unconfirmed breach says that chance alone can give the value, with the interval."""
    said = written(occasion(confirmed=False))
    assert answer(said, "Can it be chance?").startswith(
        "Yes. In a group of this size, chance alone can give this value"
    )
    assert "7.4–37.8%" in answer(said, "Can it be chance?")


def test_chance_that_cannot_explain_the_value() -> None:
    """A confirmed breach says that the whole interval lies beyond the limit, on the side of the breach."""
    low = msgspec.structs.replace(FIRING, value=0.55, low=0.2338, high=0.8333)
    said = written(occasion(confirmed=True, breach="below", threshold=0.9, clear=0.95, measured=low))
    assert answer(said, "Can it be chance?") == (
        "No. Chance is not an explanation: the whole 95% interval, 23.4–83.3%, lies below the limit of 90%."
    )


@pytest.mark.parametrize(
    ("metric", "language", "question", "said"),
    [
        ("caseload", "en", "Can it be chance?", "No. This is a count of all there is, so chance does not enter."),
        ("agency_share", "sv", "Kan det vara slump?", "Nej. Talet räknar allt som är, så slumpen har ingen del i det."),
        ("vacancy_rate", "en", "Can it be chance?", "No. This is a count of all there is"),
        ("sick_rate", "sv", "Kan det vara slump?", "Det svarar enhetens styrdiagram på, som nås från länken nedan."),
        (
            "overtime_share",
            "en",
            "Can it be chance?",
            "The unit's control chart answers that; the link",
        ),
    ],
)
def test_chance_without_an_interval_is_answered(metric: str, language: Language, question: str, said: str) -> None:
    """A count leaves none to chance; months vary, and the control chart tells how much."""
    bare = MetricValue(status="final", definition="d", value=19.3, numerator=320, denominator=16.6)
    made = written(occasion(metric=metric, threshold=16.0, clear=None, confirmed=None, measured=bare), language)
    assert answer(made, question).startswith(said)


def test_a_value_that_lacks_the_interval_it_should_have_says_so() -> None:
    """No claim about chance is made."""
    bare = MetricValue(status="final", definition="d", value=0.3, numerator=3, denominator=10)
    said = written(occasion(confirmed=None, measured=bare))
    assert answer(said, "Can it be chance?") == "It cannot be said: this value has no interval."


def test_weak_basis_is_said() -> None:
    """A value of low reliability asks to be read with care."""
    weak = msgspec.structs.replace(FIRING, status="low_reliability")
    assert answer(written(occasion(measured=weak)), "What the number rests on").endswith("read the number with care.")


def test_value_never_reads_as_the_limit_it_passed() -> None:
    """15.04 % over a limit of 15 % gets the decimals that tell them apart."""
    close = msgspec.structs.replace(FIRING, value=0.1504)
    assert "15.04% – above the plan's limit of 15%" in written(occasion(measured=close)).subject


@pytest.mark.parametrize(("count", "noun"), [(1, "1 leaver at"), (2, "2 leavers at")])
def test_numbers_decide_the_form_of_the_noun(count: int, noun: str) -> None:
    """One leaver, two leavers."""
    said = written(occasion(measured=msgspec.structs.replace(FIRING, numerator=count)))
    assert answer(said, "What the number rests on").startswith(noun)


def test_breach_that_began_the_same_day() -> None:
    """An alert without a hold does not speak of zero days."""
    said = written(occasion(since=date(2026, 10, 10), hold_days=0))
    assert said.lead == "The value is above the limit as of 10 October 2026."


def test_measure_past_its_date() -> None:
    """A measure's date is said to have passed from the day after; whether it is done is not known, so not said."""
    due = [ActionNotice(title={"en": "Mentor"}, owner="HR", due=date(2026, 10, day)) for day in (9, 10)]
    assert [task.overdue for task in written(occasion(measures=tuple(due))).tasks] == ["the date has passed", None]


TRIAL = ActionNotice(
    title={"sv": "Tredagarshelg på prov", "en": "A three-day weekend on trial"},
    owner="HR",
    cost=2_000_000,
    decision="pending",
    trial=Trial(date(2026, 10, 9), date(2026, 1, 1)),
)


def test_measure_on_trial() -> None:
    """A measure tells its trial, its cost and what its budget waits for; a trial that is over is to be evaluated."""
    (task,) = written(occasion(measures=(TRIAL,))).tasks
    assert task.details == (
        "Owner: HR",
        "on trial from 1 January 2026 until 9 October 2026",
        "costs SEK 2,000,000",
        "awaits a budget decision",
    )
    assert task.overdue == "the trial has ended: time to evaluate it"


def test_trial_on_its_last_day() -> None:
    """On its last day a trial is not over, and a first day that the plan leaves open is not spoken of."""
    lasting = msgspec.structs.replace(TRIAL, trial=Trial(date(2026, 10, 10)), cost=None, decision="decided")
    (task,) = written(occasion(measures=(lasting,))).tasks
    assert (task.details[1:], task.overdue) == (("on trial until 10 October 2026", "the budget is decided"), None)


@pytest.mark.parametrize(
    ("status", "overdue"), [("started", True), ("done", False), ("cancelled", False), ("evaluated", False)]
)
def test_measure_that_is_over_is_not_late(status: MeasureStatus, overdue: bool) -> None:
    """Where a measure stands is told with its note; what is done or cancelled is not overdue."""
    late = msgspec.structs.replace(TRIAL, progress=Progress(status, date(2026, 5, 1), "One unit\nleft"))
    (task,) = written(occasion(measures=(late,))).tasks
    assert task.details[1] == f"{status} on 1 May 2026 (One unit left)"
    assert (task.overdue is not None) is overdue


def test_title_falls_back_on_the_plans_language() -> None:
    """A measure titled only in the plan's language keeps that title."""
    assert written(occasion()).tasks[1].title == "Avgångssamtal inom två veckor"


def test_plan_without_measures_says_so() -> None:
    """A target without a measure is not passed over in silence."""
    assert "The plan names no measure" in as_text(written(occasion(measures=())))


def test_whole_municipality_and_all_occupations_have_names() -> None:
    """The groups that are everything are called so."""
    assert (
        written(occasion(unit="*", unit_name="*", occupation="*")).where == "The whole municipality · all occupations"
    )


def test_unknown_metric_goes_by_its_name() -> None:
    """A metric the catalogue does not know still makes a mail."""
    assert "new_metric" in written(occasion(metric="new_metric")).subject


def test_occasion_survives_the_outbox() -> None:
    """An occasion is the same after its JSON form."""
    given = occasion("expected_breach", present=CALM)
    assert msgspec.json.decode(msgspec.json.encode(given), type=Occasion) == given


def test_limit_is_written_as_it_is() -> None:
    """A limit of 1.15 is not rounded to 1.2, whatever the value."""
    spread = msgspec.structs.replace(FIRING, value=1.02, numerator=35_000, denominator=34_314, low=None, high=None)
    said = written(occasion(metric="pay_p90_p10", breach="below", threshold=1.15, clear=1.18, measured=spread))
    assert said.subject.startswith(
        "Barn och familj, Farsta: pay spread, P90 over P10 1.02 – below the plan's limit of 1.15"
    )
    assert (
        answer(said, "What the number rests on") == "A tenth earn more than SEK 35,000, a tenth less than SEK 34,314."
    )


@pytest.mark.parametrize(("limit", "told"), [(1, "1\N{NO-BREAK SPACE}person"), (2, "2\N{NO-BREAK SPACE}people")])
def test_one_person_is_not_people(limit: int, told: str) -> None:
    """A unit of measure goes with its number."""
    figure = written(occasion(metric="referral_joiners", breach="below", threshold=limit)).figure
    assert figure is not None
    assert figure.limit == told
