"""Värmdö's plan: people leave, posts stand open with consultants on them, cases change hands."""

from cli.simulation.conditions import Conditions
from cli.simulation.organisation import Site
from cli.simulation.scenarios.scenario import BARN_OCH_UNGA, EKONOMISKT_BISTAND, FAMILJESTOD, VUXNA, Step, scenario
from cli.simulation.scenarios.troubles import (
    A_TRADE_LEAVES,
    CASES_CHANGE_HANDS,
    CONSULTANTS_ON_VACANCIES,
    PAPERWORK,
    PEOPLE_LEAVE,
    POSTS_LEFT_OPEN,
)
from cli.simulation.trouble import Onset

CALM = Conditions(restlessness=0.5, hiring=2.5, cover=0.4, extra_consultants=2, documentation=0.36, churn=0.6)
ON_VACANCIES_ONLY = Onset(CONSULTANTS_ON_VACANCIES, 500)
STEPS = (
    Step("varmdo", "three-day-weekend", "started", 365),
    Step("varmdo", "three-day-weekend", "evaluated", 150),
    Step("varmdo", "recruitment", "started", 500),
    Step("varmdo", "faster-documentation", "started", 300),
    Step("varmdo", "faster-documentation", "done", 120),
    Step("varmdo", "other-professions", "started", 671),
    Step("varmdo", "continuity", "started", 300),
)

SCENARIO = scenario(
    "Värmdö",
    (
        Site(
            "ifo-bou-1",
            "Barn och unga Centrum",
            BARN_OCH_UNGA,
            36,
            (ON_VACANCIES_ONLY, Onset(PEOPLE_LEAVE, 300), Onset(PAPERWORK, 330), Onset(CASES_CHANGE_HANDS, 300)),
            CALM,
        ),
        Site("ifo-bou-2", "Barn och unga Norr", BARN_OCH_UNGA, 30, (ON_VACANCIES_ONLY,), CALM),
        Site(
            "ifo-eb-1",
            "Ekonomiskt bistånd Centrum",
            EKONOMISKT_BISTAND,
            36,
            (Onset(POSTS_LEFT_OPEN, 1200), Onset(CONSULTANTS_ON_VACANCIES, 700)),
            CALM,
            vacant=0.6,
        ),
        Site("ifo-eb-2", "Ekonomiskt bistånd Norr", EKONOMISKT_BISTAND, 30, (ON_VACANCIES_ONLY,), CALM),
        Site("ifo-vux-1", "Vuxna Centrum", VUXNA, 30, (ON_VACANCIES_ONLY,), CALM),
        Site(
            "ifo-fam-1", "Familjestöd Centrum", FAMILJESTOD, 20, (ON_VACANCIES_ONLY, Onset(A_TRADE_LEAVES, 365)), CALM
        ),
    ),
    steps=STEPS,
)
