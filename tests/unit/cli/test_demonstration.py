"""What the demo shows at its end."""

from datetime import date
from email.message import EmailMessage

import msgspec
import pytest

from cli.local.demonstration import report
from cli.local.demonstration.watching import Alert, Group
from cli.local.demonstration.words import WORDS, DemoWords
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import MetricValue
from shared.language.phrase import fields


def alert(
    unit: str = "u1", *, value: float | None = 0.3, threshold: float = 0.2, confirmed: bool | None = None
) -> Alert:
    """A firing alert on resignations."""
    return Alert(
        target="own-request",
        unit=unit,
        unit_name=unit,
        metric="leaver_rate_own_request",
        severity="warning",
        state="firing",
        since="2025-12-03",
        value=value,
        threshold=threshold,
        clear=None,
        confirmed=confirmed,
    )


def mail(subject: str, text: str) -> EmailMessage:
    """A mail with a plain text."""
    message = EmailMessage()
    message["Subject"] = subject
    message.set_content(text)
    return message


def value(number: float | None, status: str = "final", **bounds: float) -> MetricValue:
    """A published value."""
    return MetricValue(status=status, definition="d", value=number, **bounds)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "published", "sv", "en"),
    [
        (
            "leaver_rate_own_request",
            value(0.2961, low=0.175, high=0.468),
            "29,6 %  (17,5–46,8 %)",
            "29.6 %  (17.5–46.8 %)",
        ),
        ("sick_rate", value(0.05), "5,0 %", "5.0 %"),
        ("sick_rate", value(None, "suppressed"), "dolt: tio personer eller färre", "hidden: ten people or fewer"),
        ("caseload", value(None, "not_applicable"), "–", "–"),
        ("headcount", value(1174.0), "1\N{NO-BREAK SPACE}174", "1,174"),
        ("caseload", value(16.25), "16,2", "16.2"),
    ],
)
def test_values_as_a_person_writes_them(name: str, published: MetricValue, sv: str, en: str):
    """A value is shown in its unit with its interval, and one that is not there with the reason."""
    assert report.shown(BY_NAME[name], published, "sv") == sv
    assert report.shown(BY_NAME[name], published, "en") == en


@pytest.mark.parametrize(
    ("until", "over"),
    [
        (None, "Rates: over 365 days. In"),
        (date(2026, 10, 31), "Rates: over 365 days; of health over the twelve months to 31 October 2026. In"),
    ],
)
def test_the_months_of_health_are_told(until: date | None, over: str):
    """Below the key metrics stands which days and months the rates are of."""
    published = {name: value(0.1) for name in report.SHOWN} | {
        "sick_rate": msgspec.structs.replace(value(0.1), until=until)
    }
    town = Group("*", "*", published)
    caption = report.values(town, town, date(2026, 11, 28), "en").caption
    assert str(caption).startswith(over)


def test_the_alert_told_of_is_no_chance():
    """An alert that chance cannot explain is told of before a greater one that chance may explain."""
    sure, greater = alert("u1", value=0.3, confirmed=True), alert("u2", value=0.9, confirmed=False)
    assert report.worst([greater, sure]) == sure


def test_the_alert_told_of_is_furthest_from_its_limit():
    """Distance counts on either side of a limit; a value that is missing has none."""
    far_below = alert("u2", value=0.1, threshold=0.8)
    assert report.worst([alert("u1"), far_below, alert("u3", value=None)]) == far_below


@pytest.mark.parametrize(
    ("since", "at_least", "sv", "en"),
    [
        ("2025-12-14", False, "14 dec.", "14 Dec"),
        ("2025-12-03", True, "minst sedan 3 dec.", "at least 3 Dec"),
        (None, False, "–", "–"),
    ],
)
def test_a_breach_older_than_the_values_is_said_to_be(since: str | None, at_least: bool, sv: str, en: str):
    """A breach on the first day that values are known of may have begun earlier."""
    told = msgspec.structs.replace(alert(), since=since, since_at_least=at_least)
    assert (report.began(told, "sv"), report.began(told, "en")) == (sv, en)


def test_the_words_are_whole():
    """In both languages, with the same parts, and each of them another in the other language."""
    for name in DemoWords._fields:
        sv, en = getattr(WORDS["sv"], name), getattr(WORDS["en"], name)
        assert sv != en
        if isinstance(sv, str):
            assert fields(sv) == fields(en)
        else:
            assert len(sv) == len(en)


def test_the_tables_in_swedish():
    """Of the alerts, what they are about is named as in the mails."""
    table = report.alerts([alert(confirmed=True)], "plan.yaml", "sv")
    assert (table.title, table.columns[6].header, [*table.columns[6].cells]) == ("1 larm", "slump?", ["nej"])
    assert [*table.columns[1].cells] == [BY_NAME["leaver_rate_own_request"].sv]


def test_the_mail_about_an_alert():
    """The latest mail that links to the alert's page is found; a unit whose name only begins alike is another."""
    link = f"http://127.0.0.1/board/alerts/plan/{alert().target}"
    first, second, other = (
        mail(subject, f"{link}/{unit}?to=hr\n") for subject, unit in [("1", "u1"), ("2", "u1"), ("3", "u11")]
    )
    assert report.about(alert("u1"), [first, second, other]) is second
    assert report.about(alert("u2"), [first, second, other]) is None
