"""Logs that no sane source would send: few subjects, few days, and everything contradicting everything.

A log knows only a handful of days, apart by what the rules turn on (a day, a weekend, a gap of 7, spells of 14 and 60,
a year), so that employments, absences and reports overlap, touch and miss each other by one day. Corrections name any
event of the log, their own included, also ones that never arrive.
"""

from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests import builders as make

START = date(2023, 12, 20)
STEPS = (1, 1, 1, 3, 6, 7, 8, 9, 13, 14, 45, 60, 90, 275, 365)
DAYS = 7
LONGEST_LOG = 16
NAMES = ("a", "b")
UNITS = ("u1", "u2", "d1")
DATED = ("effective", "last_day", "from", "to")

Data = dict[str, object]
Strategies = dict[str, SearchStrategy[object]]


class Claim(NamedTuple):
    """What an event says, before it gets an identity; its days are numbers of the log's days."""

    type: str
    subject: str
    data: Data | None


DAY = st.integers(0, DAYS - 1)
UNIT = st.sampled_from(UNITS)
OCCUPATION = st.sampled_from(("socialsekreterare", "familjebehandlare"))
SHARE = st.sampled_from((0.25, 0.3, 0.5, 1, 0))
PAY = st.sampled_from((31_000, 31_100, 42_000.5))
TERMS: Strategies = {
    "unit": UNIT,
    "occupation": OCCUPATION,
    "form": st.sampled_from(("permanent", "permanent", "permanent", "fixed_term", "hourly")),
    "fte": SHARE,
    "role": st.sampled_from(("staff", "manager")),
    "grade": st.sampled_from(("trainee", "regular", "senior")),
    "case_holder": st.booleans(),
    "monthly_pay": PAY,
}
WHO: Strategies = {
    "gender": st.sampled_from(("f", "m", "x")),
    "born": st.sampled_from((1974, 1994, 2000)),
    "hired_from": st.sampled_from(("external", "agency", "referral", "trainee")),
}
JOB: Strategies = {"employment": st.sampled_from(("p", "j"))}
KINDS = st.sampled_from(("sick", "sick", "sick", "parental", "parental", "work_injury", "study", "leave", "child_care"))
REASONS = st.sampled_from(("own_request", "retirement", "redundancy", "contract_end", "other"))
REASONS_OF_MOVES = st.sampled_from(("reorganisation", "rotation"))
BONUSES = st.sampled_from(("referral", "experience", "retention"))
MILESTONES = st.sampled_from(("introduction_started", "introduction_completed", "mentor_assigned", "check_in_held"))


def fields(needed: Strategies, may: Strategies | None = None) -> SearchStrategy[Data]:
    """Data with some fields always there and others at times."""
    others = {name: value for name, value in (may or {}).items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=others)


def over_days(needed: Strategies, may: Strategies | None = None) -> SearchStrategy[Data]:
    """Data over the days ``from``–``to``."""
    spans = st.tuples(DAY, DAY).map(sorted)
    return st.builds(lambda span, data: {"from": span[0], "to": span[1], **data}, spans, fields(needed, may))


STARTED = "hr.employment.started.v1"
PERSON: dict[str, SearchStrategy[Data]] = {
    STARTED: fields({"effective": DAY, "unit": UNIT, "occupation": OCCUPATION}, TERMS | WHO | JOB),
    "hr.employment.changed.v1": fields({"effective": DAY}, TERMS | JOB | {"reason": REASONS_OF_MOVES}),
    "hr.employment.ended.v1": fields({"last_day": DAY, "reason": REASONS}, JOB),
    "hr.absence.started.v1": fields(
        {"absence": st.sampled_from(("x", "y", "z")), "effective": DAY, "kind": KINDS},
        {"extent": SHARE, "last_day": DAY} | JOB,
    ),
    "hr.absence.changed.v1": fields({"absence": st.sampled_from(("x", "y")), "effective": DAY, "extent": SHARE}),
    "hr.absence.ended.v1": fields({"absence": st.sampled_from(("x", "y", "z")), "last_day": DAY}),
    "hr.milestone.reached.v1": fields({"milestone": MILESTONES, "effective": DAY}),
    "hr.bonus.paid.v1": fields({"kind": BONUSES, "effective": DAY, "amount": st.sampled_from((15_000, 0.01))}),
    "hr.time.reported.v1": over_days(
        {"worked_hours": st.sampled_from((0, 40, 33.3)), "overtime_hours": st.sampled_from((0, 100, 100.1, 150, 200))},
        {"documentation_hours": st.just(10), "client_hours": st.just(0.1)},
    ),
    "hr.caseload.reported.v1": fields(
        {"effective": DAY, "open_cases": st.integers(0, 3)}, {"points": st.sampled_from((0, 12.5, 150))}
    ),
}
ASSIGNMENT: dict[str, SearchStrategy[Data]] = {
    "hr.assignment.started.v1": fields(
        {"effective": DAY, "unit": UNIT, "occupation": OCCUPATION, "fte": SHARE},
        {"kind": st.sampled_from(("agency", "pool", "student")), "covers": st.just("v")},
    ),
    "hr.assignment.changed.v1": fields({"effective": DAY}, {"unit": UNIT, "fte": SHARE, "covers": st.just("v")}),
    "hr.assignment.ended.v1": fields({"last_day": DAY, "outcome": st.sampled_from(("finished", "hired"))}),
}
VACANCY: dict[str, SearchStrategy[Data]] = {
    "hr.vacancy.opened.v1": fields(
        {"effective": DAY, "unit": UNIT, "occupation": OCCUPATION, "fte": SHARE, "form": st.just("permanent")}
    ),
    "hr.vacancy.closed.v1": fields({"effective": DAY, "outcome": st.sampled_from(("filled", "cancelled"))}),
}
REPORTS: dict[str, SearchStrategy[Data]] = {
    "hr.unit.defined.v1": fields(
        {"effective": DAY, "name": st.sampled_from(("One", "Two")), "level": st.just("unit")}, {"parent": UNIT}
    ),
    "hr.unit.closed.v1": fields({"last_day": DAY}, {"successor": UNIT}),
    "hr.incident.reported.v1": fields(
        {"effective": DAY, "kind": st.sampled_from(("threat", "violence", "other"))},
        {"serious": st.booleans(), "occupation": OCCUPATION},
    ),
    "hr.pulse.reported.v1": fields(
        {"effective": DAY, "index": st.just("hme"), "invited": st.just(9), "answers": st.integers(0, 9)}
        | {"score_sum": st.sampled_from((0, 333.3)), "negative": st.integers(0, 2)}
    ),
    "hr.cost.reported.v1": over_days({"personnel_cost": st.just(1e6), "agency_cost": st.sampled_from((0, 1e5))}),
    "hr.handover.reported.v1": fields({"effective": DAY, "cases": st.integers(0, 3)}, {"occupation": OCCUPATION}),
}
EMPLOYMENTS = {type_: data for type_, data in PERSON.items() if type_.startswith("hr.employment.")}


def leaning(*families: str) -> dict[str, SearchStrategy[Data]]:
    """Employments, and the events of some families that lean on them."""
    return EMPLOYMENTS | {type_: data for type_, data in PERSON.items() if type_.split(".")[1] in families}


RETRACTION: dict[str, SearchStrategy[None]] = {"hr.event.retracted.v1": st.none()}
FAMILIES = {
    "person": PERSON,
    "employment": EMPLOYMENTS,
    "absence": leaning("absence"),
    "caseload": leaning("caseload"),
    "time": leaning("time"),
    "milestone": leaning("milestone"),
    "assignment": ASSIGNMENT,
    "vacancy": VACANCY,
    "unit": REPORTS,
}
NAMED = {"assignment": NAMES, "vacancy": NAMES, "unit": UNITS}
"""Refs by kind of subject; all else is about the one person ``p``."""


def claims(family: str) -> SearchStrategy[Claim]:
    """What the events of a family may say."""
    kind = family if family in NAMED else "person"
    subjects = st.sampled_from(NAMED.get(family, ("p",))).map(lambda name: f"{kind}/{name}")
    weighed = []
    for type_, data in FAMILIES[family].items():
        weighed += [(type_, data)] * (6 if type_.split(".")[1] == family else 2)
    return st.one_of(
        [st.builds(Claim, st.just(type_), subjects, data) for type_, data in (*weighed, *RETRACTION.items())]
    )


HIRED = st.builds(
    Claim, st.just(STARTED), st.just("person/p"), PERSON[STARTED].map(lambda data: data | {"effective": 0, "fte": 1})
)
SIZES = st.sampled_from((3, 8, 12, LONGEST_LOG))


def several(said: SearchStrategy[Claim]) -> SearchStrategy[list[Claim]]:
    """As many claims as one of the sizes: long logs as often as short ones."""
    return SIZES.flatmap(lambda size: st.lists(said, min_size=size, max_size=size))


SAID = {family: several(claims(family)) for family in FAMILIES}
RARELY = st.integers(0, 6).map(lambda n: n == 0)


@st.composite
def logs(draw: DrawFn, family: str) -> list[make.Event]:
    """Events of one family, recorded at times that often tie; of a person, one at least is an employment."""
    said = draw(SAID[family])
    if family not in NAMED:
        said.insert(0, draw(HIRED))
    steps = draw(st.lists(st.sampled_from(STEPS), min_size=DAYS - 1, max_size=DAYS - 1))
    days = [(START + timedelta(days=n)).isoformat() for n in accumulate(steps, initial=0)]
    return [_event(draw, claim, number, len(said), days) for number, claim in enumerate(said)]


def _event(draw: DrawFn, claim: Claim, number: int, of: int, days: list[str]) -> make.Event:
    data = claim.data and {name: days[value] if name in DATED else value for name, value in claim.data.items()}
    corrects = draw(st.integers(0, of)) if data is None or draw(RARELY) else None
    return make.event(
        claim.type,
        claim.subject,
        data,
        id=f"e{number:02}",
        time=f"2024-06-01T08:{draw(st.integers(0, 9)):02}:00Z",
        corrects=None if corrects is None else f"e{corrects:02}",
    )


@st.composite
def deliveries(draw: DrawFn, log: list[make.Event]) -> list[list[make.Event]]:
    """The log as Kafka may bring it: in any order, with repeats, cut into few or many batches anywhere."""
    repeats = draw(st.lists(st.sampled_from(log), max_size=len(log)))
    arriving = draw(st.permutations(log + repeats))
    most = draw(st.sampled_from((1, 2, 4, len(arriving))))
    cuts = sorted(draw(st.sets(st.integers(1, len(arriving) - 1), max_size=most)))
    return [arriving[a:b] for a, b in zip([0, *cuts], [*cuts, len(arriving)], strict=True)]
