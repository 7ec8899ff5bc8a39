"""Weekly summaries for tests: a plan, what is on record about it, and a week to tell."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.alert.telling import Expected, View, ViewState
from services.alerts.domain.handling.handling import Handling
from services.alerts.domain.plan.plan import Recipient
from services.alerts.domain.plan.reading import read
from services.alerts.domain.weekly.gathering import Record, Stands, Telling, Watched
from services.alerts.domain.weekly.slot import Kept, Step
from shared.contracts.alerts import AlertChanged, HandlingKind, Reason, State
from shared.contracts.sources import KindReported, SourceContact, SourceReported

PLAN = read("""\
plan: p
title: {sv: Handlingsplan för socialsekreterare, en: Action plan for social workers}
recipients:
  hr: {email: hr@kommun.example, name: HR, digest: weekly}
  head: {email: chef@kommun.example, language: en, digest: {on: friday}}
  director: {email: direktor@kommun.example, digest: weekly}
targets:
  - {id: leavers, metric: leaver_rate_own_request, occupation: socialsekreterare, breach: {above: 0.15},
     look_ahead: [30d], notify: [hr], escalate: {after: 5d, to: [head]}, measures: [mentor]}
  - {id: caseload, metric: caseload, breach: {above: 20}, severity: critical, notify: [hr]}
measures:
  - {id: mentor, title: {sv: Mentor till alla, en: A mentor for everyone}, owner: head, due: 2026-11-16}
  - {id: pay, title: {sv: Löneöversyn}, owner: Kommunstyrelsen, due: 2026-11-20}
  - {id: later, title: {sv: Senare}, owner: hr, due: 2027-01-31}
local:
  farsta:
    targets: {caseload: {notify: [head]}}
    measures: [{id: own, title: {sv: Egen introduktion, en: An introduction of our own}, owner: hr, due: 2026-11-23}]
""")
TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
SINCE = NOW - timedelta(7)
UNITS = {"farsta": "Barn och familj, Farsta", "skarpnack": "Vuxna, Skarpnäck", "vantor": "Ekonomi, Vantör"}


def view(unit: str, target: str = "leavers", state: ViewState = "firing", **given: object) -> View:
    """A breach of 18 % since the third of November, of episode ``ep-UNIT-TARGET``."""
    of = PLAN.targets[target]
    usual: dict[str, object] = {
        "plan": "p",
        "plan_version": 1,
        "target": target,
        "unit": unit,
        "unit_name": UNITS.get(unit, unit),
        "metric": of.metric,
        "occupation": PLAN.occupation_of(of),
        "severity": of.severity,
        "state": state,
        "since": date(2026, 11, 3),
        "episode": f"ep-{unit}-{target}",
        "as_of": TODAY,
        "status": "final",
        "value": 0.18 if target == "leavers" else 26.4,
        "value_on": TODAY,
        "numerator": None,
        "denominator": None,
        "low": None,
        "high": None,
        "side": "above",
        "threshold": of.breach.value,
        "clear": None,
        "confirmed": None,
        "expected": None,
    }
    return View(**(usual | given))  # type: ignore[arg-type]


def ahead(unit: str) -> View:
    """A breach known of for the 30th of December."""
    return view(unit, state="ok", since=None, episode=None, value=0.12, expected=Expected(date(2026, 12, 30), 30, 0.19))


def step(
    of: View, reason: Reason, hours: int = 48, old: State = "firing", on: date = TODAY - timedelta(2)
) -> tuple[datetime, AlertChanged, Stands]:
    """A beginning or an end so many hours ago."""
    decided = NOW - timedelta(hours=hours)
    begins = reason in {"hold_met", "reopened"}
    told = AlertChanged(
        plan="p", plan_version=1, target=of.target, unit=of.unit, unit_name=of.unit_name,
        episode=f"ep-{of.unit}-{of.target}", old="pending" if begins else old, new="firing" if begins else "ok",
        reason=reason, on=on, since=date(2026, 11, 3), decided=decided, metric=of.metric, value=of.value,
        threshold=of.threshold, confirmed=None, severity="warning",
    )  # fmt: skip
    return decided, told, Stands(of, (of.unit, "*"))


def record(
    *views: View,
    steps: Sequence[tuple[datetime, AlertChanged, Stands]] = (),
    handlings: dict[Alert, list[Handling]] | None = None,
    sources: Sequence[SourceReported] = (),
) -> Record:
    """What is on record: both promises for each unit, and what these views say."""
    watched = [Watched(target, unit, (unit, "*"), judged=True) for unit in UNITS for target in PLAN.targets]
    return Record(watched, [Stands(one, (one.unit, "*")) for one in views], steps, handlings or {}, {}, sources, UNITS)


def telling(who: str = "hr", slot: datetime = NOW) -> Telling:
    """The Monday's summary of a recipient."""
    to: Recipient = PLAN.recipients[who]
    kept = Kept("monday 08:00 Europe/Stockholm", slot, slot)
    return Telling(
        to,
        Step(kept, SINCE),
        TODAY,
        lambda alert, _episode: f"https://stadga.example/board/alerts/{alert.plan}/{alert.target}/{alert.unit}",
        "https://stadga.example/board",
        f"https://stadga.example/unsubscribe/p/{who}?sig=abc",
    )


def late(source: str = "heroma") -> SourceReported:
    """A source whose absences were due last Monday."""
    return SourceReported(
        source=source,
        today=TODAY,
        contact=SourceContact("it", "it@kommun.example", "sv"),
        kinds=(
            KindReported(kind="absence", cadence="weekly", due=date(2026, 11, 23), late=True),
            KindReported(kind="employment", cadence="daily"),
        ),
    )


def _done(kind: HandlingKind, episode: str | None, until: date | None = None, to: tuple[str, ...] = ()) -> Handling:
    by, note = "Eva Ek", "semester" if kind == "snoozed" else None
    return Handling(key=kind, kind=kind, episode=episode, by=by, at=NOW, day=TODAY, until=until, to=to, note=note)


FARSTA, SKARPNACK, VANTOR = view("farsta"), view("skarpnack"), view("vantor", status="suppressed")
EVENTFUL = record(
    FARSTA,
    SKARPNACK,
    VANTOR,
    view("skarpnack", "caseload", value=19.2),
    view("vantor", "caseload", since_at_least=True),
    ahead("vantor"),
    steps=[
        step(SKARPNACK, "hold_met"),
        step(view("farsta", "caseload", state="ok", value=18.0), "resolved"),
        step(view("hela", state="ok"), "data_corrected"),
    ],
    handlings={
        Alert("p", "leavers", "farsta"): [
            _done("acknowledged", "ep-farsta-leavers", date(2026, 12, 14)),
            _done("assigned", "ep-farsta-leavers", to=("Bo Berg",)),
        ],
        Alert("p", "leavers", "skarpnack"): [_done("snoozed", None, date(2026, 12, 7))],
    },
    sources=[late()],
)
"""A week in which there is something of everything."""
