"""The ready-made plans, each run against the scenario that breaks its promises, without Kafka or PostgreSQL."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.offline.rehearsal.ready_made import PLANS, READY_MADE, rehearsal
from cli.reference.__main__ import PLANS as PAGE
from cli.reference.effects import NOT_BEGUN, effect, evaluated
from cli.reference.plans import UNNUMBERED, page
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.evaluation.sv import SV
from services.alerts.domain.plan.progress import BEGUN
from shared.contracts.metrics import ALL

BROKEN: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "vasteras": {
        "vasteras": {
            "weighted-caseload": "ifo-bou-1",
            "staffing-need": "ifo-bou-1",
            "caseload": "ifo-bou-1",
            "entry-pay-high": "ifo-fam-1",
            "entry-pay-low": "ifo-eb-1",
            "pay-spread": "ifo-bou-1",
            "trainees": "ifo",
            "trainees-stay": "ifo",
            "self-checks": "ifo-eb-1",
        }
    },
    "boras": {
        "boras": {
            "own-request": "ifo-bou-1",
            "stability": "ifo-bou-1",
            "experience-bonuses": "ifo",
            "casework-pay": "ifo-bou-1",
            "referrals": "ifo",
            "referrals-paid": "ifo",
            "referrals-stay": "ifo",
            "documentation": "ifo-eb-1",
            "client-time": "ifo-eb-1",
            "check-ins": "ifo-bou-1",
            "span-of-control": "ifo-eb-1",
            "studies": "ifo",
            "job-rotation": "ifo",
        },
        "boras-halsa": {"own-request": "alf", "agency": "alf", "experience-bonuses": "alf"},
    },
    "stockholm": {
        "stockholm": {
            "own-request": "skarholmen-bou-1",
            "weighted-caseload": "sodermalm-bou-1",
            "agency": "skarholmen-bou-1",
            "conversions": ALL,
            "introduction": "sodermalm-bou-1",
            "mentor": "sodermalm-bou-1",
            "manager-talks": "sodermalm-bou-1",
            "pool": ALL,
            "students": ALL,
            "incidents": "sodermalm-bou-1",
            "incidents-trend": ALL,
            "threats": "sodermalm-bou-1",
            "violence": "sodermalm-bou-1",
            "pay-gap": ALL,
            "own-request-by-gender.f": ALL,
            "satisfaction": "sodermalm-bou-1",
        }
    },
    "goteborg": {
        "goteborg": {
            "introduction": "ifo-eb-1",
            "span-of-control": "ifo-bou-1",
            "people-led": "ifo-bou-1",
            "weighted-caseload": "ifo-bou-1",
            "overtime": "ifo-bou-1",
            "overtime-cap": "ifo-bou-1",
            "seniors": "ifo-eb-1",
            "stability": "ifo-eb-1",
        }
    },
    "varmdo": {
        "varmdo": {
            "own-request": "ifo-bou-1",
            "agency-cost": "ifo-eb-1",
            "agency-cover": "ifo",
            "vacancies": "ifo-eb-1",
            "vacancy-age": "ifo",
            "documentation": "ifo-bou-1",
            "other-professions": "ifo",
            "continuity": "ifo-bou-1",
        }
    },
}
"""Scenario → plan → target → the unit where the scenario breaks it."""
PRIVATE = {"stockholm": {"own-request-by-gender.m", "own-request-by-gender.x"}}
"""Scenario → targets of a gender of whom too few are there, or who would give such a one away."""
CALM = {
    "vasteras": "ifo-eb-2",
    "boras": "alf-lss-1",
    "stockholm": "sodermalm-bou-2",
    "goteborg": "ifo-vux-1",
    "varmdo": "ifo-vux-1",
}
"""Scenario → a unit that it leaves alone."""
CASES = [
    pytest.param(scenario, Alert(plan, target, unit), id=f"{plan}-{target}")
    for scenario, plans in BROKEN.items()
    for plan, targets in plans.items()
    for target, unit in targets.items()
]


@pytest.mark.parametrize("scenario", READY_MADE)
def test_every_target_is_tried(scenario: str):
    """No target of a plan goes without a unit where it is broken."""
    private = PRIVATE.get(scenario, set())
    asked = {plan.id: set(plan.targets) - private for plan in rehearsal(scenario).plans}
    assert {plan: set(targets) for plan, targets in BROKEN[scenario].items()} == asked


@pytest.mark.parametrize("scenario", PRIVATE)
def test_of_too_few_nothing_is_told(scenario: str):
    """One person of another gender is hidden, and so are the men: women and men leave that one over."""
    told = {alert.target: one.view for alert, one in rehearsal(scenario).outcomes.items()}
    assert {(told[target].state, told[target].status) for target in PRIVATE[scenario]} == {("not_judged", "suppressed")}


@pytest.mark.parametrize("scenario", READY_MADE)
def test_every_promise_is_followed(scenario: str):
    """Each measure of a plan has a target or a sentence why no number is honest, and how far it has come is told."""
    run = rehearsal(scenario)
    for plan in run.plans:
        followed = {measure for target in plan.targets.values() for measure in target.measures}
        followed |= {measure for name, measure in UNNUMBERED if name == plan.id}
        assert followed == plan.measures.keys()
        assert {measure for name, measure in run.progress if name == plan.id} == plan.measures.keys()


@pytest.mark.parametrize(("scenario", "alert"), CASES)
def test_a_broken_promise_is_told(scenario: str, alert: Alert):
    """Where the scenario breaks a target its alert fires, and everyone the plan names gets a mail about it."""
    run = rehearsal(scenario)
    outcome = run.outcomes[alert]
    (plan,) = (plan for plan in run.plans if plan.id == alert.plan)
    assert outcome.view.state == "firing", outcome.view
    assert {mail.recipient for mail in outcome.mails} == set(plan.targets[alert.target].notify)


@pytest.mark.parametrize("scenario", READY_MADE)
def test_a_calm_unit_is_left_in_peace(scenario: str):
    """Where nothing goes wrong nothing is told: no alert, no hold that runs, no warning."""
    about = {alert: o for alert, o in rehearsal(scenario).outcomes.items() if alert.unit == CALM[scenario]}
    assert about
    told = {alert: (o.view.state, o.view.value) for alert, o in about.items() if o.transitions}
    assert told == {}


def test_plans_run_side_by_side():
    """Two plans over one department are judged each for whom it is about, and told apart."""
    outcomes = rehearsal("boras").outcomes
    everyone = outcomes[Alert("boras", "own-request", "alf-hsv-1")].view
    nurses = outcomes[Alert("boras-halsa", "own-request", "alf")].view
    assert (everyone.occupation, nurses.occupation) == (ALL, "sjuksköterska")
    assert (everyone.state, nurses.state) == ("firing", "firing")
    assert everyone.episode != nurses.episode


def test_a_target_of_one_occupation_is_judged_on_it():
    """A target with an occupation of its own is not judged on everyone."""
    outcomes = rehearsal("boras").outcomes
    pay = outcomes[Alert("boras", "casework-pay", "ifo-bou-1")].view
    assert (pay.occupation, pay.threshold) == ("socialsekreterare", 34_000)


def test_a_district_adapts_the_plan():
    """A lower limit of a district is what its units are judged by; others keep the limit of the city."""
    outcomes = rehearsal("stockholm").outcomes
    limits = [
        outcomes[Alert("stockholm", "weighted-caseload", unit)].view.threshold
        for unit in ("farsta-bou-1", "skarholmen-bou-1")
    ]
    assert limits == [155, 170]
    assert outcomes[Alert("stockholm", "weighted-caseload", "farsta-bou-1")].view.state == "firing"


def test_every_ready_made_plan_is_rehearsed():
    """No municipality's plan lies beside the others without a scenario."""
    rehearsed = {f"{plan}.yaml" for promised in READY_MADE.values() for plan in promised.plans}
    assert {file.name for file in PLANS.glob("*.yaml")} == rehearsed | {"socialsekreterare.yaml"}


@pytest.mark.parametrize("scenario", READY_MADE)
def test_every_promise_is_followed_to_its_effect(scenario: str):
    """Each measure's effect is answered by a run, or told not to have begun, or it is said why no month tells of it."""
    run = rehearsal(scenario)
    for plan in run.plans:
        for measure in plan.measures.values():
            told, begun = effect(scenario, plan, measure), run.progress[plan.id, measure.id].status in BEGUN
            if measure.evaluate is None:
                assert (plan.id, measure.id) == ("stockholm", "equality")
                continue
            found = evaluated(scenario, plan.id, measure.id)
            assert [one.metric for one in found] == list(measure.evaluate.metrics)
            assert all(one.because == ["not_over"] for one in found) == (not begun), told
            words = tuple(f"**{word}." for word in SV.verdicts.values())
            assert told.startswith(words if begun else f"**{NOT_BEGUN}")


def test_an_effect_that_is_there_is_seen():
    """Relief takes four points off documentation in two units, and the freed time does not go to clients."""
    documentation, clients = evaluated("boras", "boras", "relief")
    assert documentation.verdict == "improved"
    assert documentation.effect is not None
    assert documentation.effect.low is not None
    assert documentation.effect.high is not None
    assert documentation.effect.low < -0.04 < documentation.effect.high < 0
    assert clients.verdict == "not_shown"
    assert clients.seen is not None
    assert clients.smallest is not None
    assert 0 < clients.seen < clients.smallest


def test_only_what_helps_is_called_improved():
    """Of all actions of the five none but that one."""
    better = {
        (plan.id, measure.id)
        for scenario in READY_MADE
        for plan in rehearsal(scenario).plans
        for measure in plan.measures.values()
        if measure.evaluate
        for found in evaluated(scenario, plan.id, measure.id)
        if found.verdict == "improved"
    }
    assert better == {("boras", "relief")}


def test_the_page_is_what_a_run_gives():
    """``docs/plans.md`` is what ``make docs`` would write now."""
    assert Path(PAGE).read_text("utf-8") == page()
