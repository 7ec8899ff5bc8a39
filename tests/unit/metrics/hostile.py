"""Logs that no sane source would send: few subjects, few days, and everything contradicting everything.

Days are drawn close together around the limits of the rules (a gap of 7 days, spells of 14 and 60, a year), so that
employments, absences and reports overlap, touch and miss each other by one day. Corrections name any event of the
log, their own included, also ones that never arrive.
"""

from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests import builders as make

START = date(2023, 12, 1)
LONGEST_LOG = 14
NAMES = ("a", "b")
UNITS = ("u1", "u2", "d1")
OFFSETS = [*range(18), *range(28, 34), *range(56, 64), *range(88, 94), *range(362, 370)]

Data = dict[str, object]


class Claim(NamedTuple):
    """What an event says, before it gets an identity."""

    type: str
    subject: str
    data: Data | None


def days(least: int = 0) -> SearchStrategy[str]:
    """Dates near the limits."""
    return st.sampled_from(OFFSETS).map(lambda n: (START + timedelta(days=max(n, least))).isoformat())


def spans() -> SearchStrategy[tuple[str, str]]:
    """A first and a last day."""
    lengths = st.sampled_from([0, 1, 6, 13, 14, 30, 59])
    return st.builds(
        lambda first, length: (first, (date.fromisoformat(first) + timedelta(days=length)).isoformat()), days(), lengths
    )


UNIT = st.sampled_from(UNITS)
OCCUPATION = st.sampled_from(("socialsekreterare", "familjebehandlare"))
SHARE = st.sampled_from((0, 0.25, 0.3, 0.5, 1))
PAY = st.sampled_from((31_000, 31_100, 42_000.5))
TERMS: dict[str, SearchStrategy[object]] = {
    "unit": UNIT,
    "occupation": OCCUPATION,
    "form": st.sampled_from(("permanent", "permanent", "fixed_term", "hourly")),
    "fte": SHARE,
    "role": st.sampled_from(("staff", "manager")),
    "grade": st.sampled_from(("trainee", "regular", "senior")),
    "case_holder": st.booleans(),
    "monthly_pay": PAY,
}
WHO: dict[str, SearchStrategy[object]] = {
    "gender": st.sampled_from(("f", "m", "x")),
    "born": st.sampled_from((1974, 1994, 2000)),
    "hired_from": st.sampled_from(("external", "agency", "referral", "trainee")),
}
JOB: dict[str, SearchStrategy[object]] = {"employment": st.sampled_from(("j1", "j2"))}
KINDS = st.sampled_from(("sick", "sick", "work_injury", "parental", "child_care", "study", "leave", "vacation"))
REASONS = st.sampled_from(("own_request", "retirement", "redundancy", "contract_end", "other"))
MILESTONES = st.sampled_from(("introduction_started", "introduction_completed", "mentor_assigned", "check_in_held"))


def fields(
    needed: dict[str, SearchStrategy[object]], may: dict[str, SearchStrategy[object]] | None = None
) -> SearchStrategy[Data]:
    """Data with some fields always there and others at times."""
    others = {name: value for name, value in (may or {}).items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=others)


def dated(needed: dict[str, SearchStrategy[object]], may: dict[str, SearchStrategy[object]] | None = None) -> object:
    """Data over the days ``from``–``to``."""
    return st.builds(lambda span, data: {"from": span[0], "to": span[1], **data}, spans(), fields(needed, may))


def absence_started() -> SearchStrategy[Data]:
    """Open, or with its last day known, also one before its first."""
    needed = {"absence": st.sampled_from(("x", "y", "z")), "effective": days(), "kind": KINDS}
    return fields(needed, {"extent": SHARE, "last_day": days()} | JOB)


PERSON: dict[str, SearchStrategy[Data]] = {
    "hr.employment.started.v1": fields(
        {"effective": days(), "unit": UNIT, "occupation": OCCUPATION}, TERMS | WHO | JOB
    ),
    "hr.employment.changed.v1": fields({"effective": days()}, TERMS | JOB),
    "hr.employment.ended.v1": fields({"last_day": days(), "reason": REASONS}, JOB),
    "hr.absence.started.v1": absence_started(),
    "hr.absence.changed.v1": fields({"absence": st.sampled_from(("x", "y")), "effective": days(), "extent": SHARE}),
    "hr.absence.ended.v1": fields({"absence": st.sampled_from(("x", "y", "z")), "last_day": days()}),
    "hr.milestone.reached.v1": fields({"milestone": MILESTONES, "effective": days()}),
    "hr.time.reported.v1": dated(
        {"worked_hours": st.sampled_from((0, 40, 33.3)), "overtime_hours": st.sampled_from((0, 100, 100.1, 150, 200))},
        {"documentation_hours": st.just(10), "client_hours": st.just(0.1)},
    ),
    "hr.caseload.reported.v1": fields(
        {"effective": days(), "open_cases": st.integers(0, 3)}, {"points": st.sampled_from((0, 12.5, 150))}
    ),
}
ASSIGNMENT: dict[str, SearchStrategy[Data]] = {
    "hr.assignment.started.v1": fields(
        {"effective": days(), "unit": UNIT, "occupation": OCCUPATION, "fte": SHARE},
        {"kind": st.sampled_from(("agency", "pool", "student")), "covers": st.just("v")},
    ),
    "hr.assignment.changed.v1": fields({"effective": days()}, {"unit": UNIT, "fte": SHARE, "covers": st.just("v")}),
    "hr.assignment.ended.v1": fields({"last_day": days(), "outcome": st.sampled_from(("finished", "hired"))}),
}
VACANCY: dict[str, SearchStrategy[Data]] = {
    "hr.vacancy.opened.v1": fields(
        {"effective": days(), "unit": UNIT, "occupation": OCCUPATION, "fte": SHARE, "form": st.just("permanent")}
    ),
    "hr.vacancy.closed.v1": fields({"effective": days(), "outcome": st.sampled_from(("filled", "cancelled"))}),
}
REPORTS: dict[str, SearchStrategy[Data]] = {
    "hr.unit.defined.v1": fields(
        {"effective": days(), "name": st.sampled_from(("One", "Two")), "level": st.just("unit")}, {"parent": UNIT}
    ),
    "hr.unit.closed.v1": fields({"last_day": days()}),
    "hr.incident.reported.v1": fields(
        {"effective": days(), "kind": st.just("threat")}, {"serious": st.booleans(), "occupation": OCCUPATION}
    ),
    "hr.pulse.reported.v1": fields(
        {"effective": days(), "index": st.just("hme"), "invited": st.just(9), "answers": st.integers(0, 9)}
        | {"score_sum": st.sampled_from((0, 333.3)), "negative": st.integers(0, 2)}
    ),
    "hr.cost.reported.v1": dated({"personnel_cost": st.just(1e6), "agency_cost": st.sampled_from((0, 1e5))}),
    "hr.handover.reported.v1": fields({"effective": days(), "cases": st.integers(0, 3)}, {"occupation": OCCUPATION}),
}
RETRACTION: dict[str, SearchStrategy[None]] = {"hr.event.retracted.v1": st.none()}
FAMILIES = {"person": PERSON, "assignment": ASSIGNMENT, "vacancy": VACANCY, "unit": REPORTS}
OF_A_PERSON = ("hr.employment", "hr.absence", "hr.milestone", "hr.time", "hr.caseload")


def claims(kind: str) -> SearchStrategy[Claim]:
    """What may be said of a subject of this kind."""
    subjects = st.sampled_from(UNITS if kind == "unit" else NAMES if kind != "person" else ("p",)).map(
        lambda name: f"{kind}/{name}"
    )
    return st.one_of(
        [st.builds(Claim, st.just(t), subjects, data) for t, data in (FAMILIES[kind] | RETRACTION).items()]
    )


@st.composite
def logs(draw: DrawFn, *kinds: str) -> list[make.Event]:
    """Events of one kind of subject, or of one drawn; recorded at times that often tie."""
    kind = draw(st.sampled_from(kinds or tuple(FAMILIES)))
    said = draw(st.lists(claims(kind), min_size=2, max_size=LONGEST_LOG))
    return [_event(draw, claim, number, len(said)) for number, claim in enumerate(said)]


def _event(draw: DrawFn, claim: Claim, number: int, of: int) -> make.Event:
    retracts = claim.data is None
    corrects = draw(st.integers(0, of)) if retracts or draw(st.integers(0, 3)) == 0 else None
    minute = draw(st.integers(0, 9))
    return make.event(
        *claim,
        id=f"e{number:02}",
        time=f"2024-06-01T08:{minute:02}:00Z",
        corrects=None if corrects is None else f"e{corrects:02}",
    )


@st.composite
def deliveries(draw: DrawFn, log: list[make.Event]) -> list[list[make.Event]]:
    """The log as Kafka may bring it: in any order, with repeats, cut into batches anywhere."""
    repeats = draw(st.lists(st.sampled_from(log), max_size=4))
    arriving = draw(st.permutations(log + repeats))
    cuts = sorted(draw(st.sets(st.integers(1, len(arriving) - 1))))
    return [arriving[a:b] for a, b in zip([0, *cuts], [*cuts, len(arriving)], strict=True)]
