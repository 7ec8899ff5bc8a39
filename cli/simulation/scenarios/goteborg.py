"""Göteborg's plan: managers and employees with too much to do, and people who do not stay to become senior."""

from cli.simulation.conditions import Conditions
from cli.simulation.organisation import Site
from cli.simulation.scenarios.scenario import BARN_OCH_UNGA, EKONOMISKT_BISTAND, VUXNA, Step, scenario
from cli.simulation.scenarios.troubles import (
    MANAGERS_LEAVE,
    NO_INTRODUCTIONS,
    OVERLOAD,
    OVERTIME,
    THE_EXPERIENCED_LEAVE,
)
from cli.simulation.trouble import Onset

CALM = Conditions(restlessness=0.5, load=0.85, introduced=1, introduced_late=0, contracts_run_out=1)
STEPS = (
    Step("goteborg", "longer-introduction", "started", 500),
    Step("goteborg", "manager-support", "planned", 240),
    Step("goteborg", "manager-load", "started", 240),
    Step("goteborg", "employee-load", "started", 240),
    Step("goteborg", "platforms", "started", 365),
    Step("goteborg", "first-social-worker", "planned", 460),
    Step("goteborg", "stability-pay", "planned", 460),
)

SCENARIO = scenario(
    "Göteborg",
    (
        Site(
            "ifo-bou-1",
            "Barn och unga Centrum",
            BARN_OCH_UNGA,
            56,
            (Onset(MANAGERS_LEAVE, 240), Onset(OVERLOAD, 240), Onset(OVERTIME, 365)),
            CALM,
        ),
        Site("ifo-bou-2", "Barn och unga Norr", BARN_OCH_UNGA, 24, calm=CALM),
        Site("ifo-bou-3", "Barn och unga Söder", BARN_OCH_UNGA, 26, calm=CALM),
        Site(
            "ifo-eb-1",
            "Ekonomiskt bistånd Centrum",
            EKONOMISKT_BISTAND,
            34,
            (Onset(NO_INTRODUCTIONS, 500), Onset(THE_EXPERIENCED_LEAVE, 460)),
            CALM,
        ),
        Site("ifo-eb-2", "Ekonomiskt bistånd Norr", EKONOMISKT_BISTAND, 24, calm=CALM),
        Site("ifo-vux-1", "Vuxna Centrum", VUXNA, 24, calm=CALM),
        Site("ifo-vux-2", "Vuxna Norr", VUXNA, 26, calm=CALM),
    ),
    steps=STEPS,
)
