"""Stockholm's plan: a district whose people leave, one with too many cases, and a city that stops its support."""

from dataclasses import replace

from cli.simulation.conditions import Conditions
from cli.simulation.organisation import CARE, TOP, Node, Office, Site
from cli.simulation.scenarios.scenario import CASEWORK, Step, scenario
from cli.simulation.scenarios.troubles import (
    CONSULTANTS_EVERYWHERE,
    DISCONTENT,
    NO_CONVERSIONS,
    NO_INTRODUCTIONS,
    NO_MENTORS,
    NO_POOL,
    NO_STUDENTS,
    NO_TALKS,
    OVERLOAD,
    PEOPLE_LEAVE,
    SLIGHT_OVERLOAD,
    THREATS,
    UNEQUAL_RAISES,
)
from cli.simulation.trouble import Onset

DISTRICTS = (
    Node("farsta", "Farsta", "department", TOP),
    Node("skarholmen", "Skärholmen", "department", TOP),
    Node("sodermalm", "Södermalm", "department", TOP),
)
FARSTA = Office("farsta-bou", "Farsta barn och unga", "farsta", 0, CASEWORK)
SKARHOLMEN = Office("skarholmen-bou", "Skärholmen barn och unga", "skarholmen", 0, CASEWORK)
SODERMALM = Office("sodermalm-bou", "Södermalm barn och unga", "sodermalm", 0, CASEWORK)
SODERMALM_ALDRE = Office("sodermalm-ald", "Södermalm äldre", "sodermalm", 0, CARE)

CALM = Conditions(
    restlessness=0.5,
    cover=0.6,
    conversion=0.4,
    introduced=1,
    introduced_late=0,
    mentored=1,
    mentored_late=0,
    contracts_run_out=1,
    missed_talks=0.02,
    load=0.85,
    incidents=0.5,
    pool=2,
    students=2,
)
SUPPORT_STOPS = (
    Onset(NO_CONVERSIONS, 420),
    Onset(NO_POOL, 200),
    Onset(NO_STUDENTS, 200),
    Onset(UNEQUAL_RAISES, 330),
)
STEPS = (
    Step("stockholm", "own-staff", "started", 700),
    Step("stockholm", "introduction", "started", 600),
    Step("stockholm", "mentor", "started", 600),
    Step("stockholm", "manager-talks", "started", 300),
    Step("stockholm", "central-pool", "started", 800),
    Step("stockholm", "central-pool", "planned", 200),
    Step("stockholm", "placements", "started", 800),
    Step("stockholm", "placements", "planned", 200),
    Step("stockholm", "safety", "started", 330),
    Step("stockholm", "equality", "planned", 300),
)

SCENARIO = scenario(
    "Stockholm",
    (
        Site(
            "skarholmen-bou-1",
            "Skärholmen barn och unga Centrum",
            SKARHOLMEN,
            40,
            (*SUPPORT_STOPS, Onset(PEOPLE_LEAVE, 300), Onset(CONSULTANTS_EVERYWHERE, 300)),
            CALM,
        ),
        Site("skarholmen-bou-2", "Skärholmen barn och unga Norr", SKARHOLMEN, 28, SUPPORT_STOPS, CALM),
        Site(
            "farsta-bou-1",
            "Farsta barn och unga Centrum",
            FARSTA,
            30,
            (*SUPPORT_STOPS, Onset(SLIGHT_OVERLOAD, 240)),
            CALM,
        ),
        Site("farsta-bou-2", "Farsta barn och unga Norr", FARSTA, 28, SUPPORT_STOPS, CALM),
        Site(
            "sodermalm-bou-1",
            "Södermalm barn och unga Centrum",
            SODERMALM,
            36,
            (
                *SUPPORT_STOPS,
                Onset(NO_INTRODUCTIONS, 500),
                Onset(NO_MENTORS, 500),
                Onset(OVERLOAD, 240),
                Onset(THREATS, 330),
                Onset(DISCONTENT, 400),
                Onset(NO_TALKS, 240),
            ),
            replace(CALM, hiring=2, restlessness=2),
        ),
        Site("sodermalm-bou-2", "Södermalm barn och unga Norr", SODERMALM, 28, SUPPORT_STOPS, CALM),
        Site("sodermalm-bou-3", "Södermalm barn och unga Söder", SODERMALM, 28, SUPPORT_STOPS, CALM),
        Site("sodermalm-ald-1", "Södermalm äldre Centrum", SODERMALM_ALDRE, 28, SUPPORT_STOPS, CALM),
    ),
    DISTRICTS,
    STEPS,
)
