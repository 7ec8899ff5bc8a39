"""Västerås' plan: cases pile up in one office, pay is alike or far apart, no trainee comes or stays."""

from cli.simulation.conditions import Conditions
from cli.simulation.organisation import Site
from cli.simulation.scenarios.scenario import BARN_OCH_UNGA, EKONOMISKT_BISTAND, FAMILJESTOD, VUXNA, Step, scenario
from cli.simulation.scenarios.troubles import (
    LEVELLED_PAY,
    NO_TALKS,
    NO_TRAINEES,
    OVERBIDDING,
    OVERLOAD,
    PEOPLE_LEAVE,
    POSTS_LEFT_OPEN,
    TRAINEES_LEAVE,
    UNDERBIDDING,
)
from cli.simulation.trouble import Onset

CALM = Conditions(restlessness=0.5, hiring=2, trainee_fill=0.4, entry_pay=34_500, load=0.85, missed_talks=0.02)
THE_PROGRAMME_ENDS = (Onset(TRAINEES_LEAVE, 486), Onset(NO_TRAINEES, 400))
MANY_COME_AND_GO = Onset(PEOPLE_LEAVE, 430)
STEPS = (
    Step("vasteras", "case-mapping", "started", 395),
    Step("vasteras", "case-mapping", "done", 250),
    Step("vasteras", "resource-model", "started", 240),
    Step("vasteras", "pay-strategy", "planned", 460),
    Step("vasteras", "trainee-programme", "started", 900),
    Step("vasteras", "trainee-programme", "planned", 400),
    Step("vasteras", "self-checks", "started", 240),
)

SCENARIO = scenario(
    "Västerås",
    (
        Site(
            "ifo-bou-1",
            "Barn och unga Centrum",
            BARN_OCH_UNGA,
            40,
            (*THE_PROGRAMME_ENDS, Onset(POSTS_LEFT_OPEN, 460), Onset(OVERLOAD, 240), Onset(LEVELLED_PAY, 400)),
            CALM,
        ),
        Site("ifo-bou-2", "Barn och unga Norr", BARN_OCH_UNGA, 30, THE_PROGRAMME_ENDS, CALM),
        Site(
            "ifo-eb-1",
            "Ekonomiskt bistånd Centrum",
            EKONOMISKT_BISTAND,
            30,
            (*THE_PROGRAMME_ENDS, MANY_COME_AND_GO, Onset(UNDERBIDDING, 460), Onset(NO_TALKS, 240)),
            CALM,
        ),
        Site("ifo-eb-2", "Ekonomiskt bistånd Norr", EKONOMISKT_BISTAND, 30, THE_PROGRAMME_ENDS, CALM),
        Site(
            "ifo-fam-1",
            "Familjestöd Centrum",
            FAMILJESTOD,
            30,
            (*THE_PROGRAMME_ENDS, MANY_COME_AND_GO, Onset(OVERBIDDING, 460)),
            CALM,
        ),
        Site("ifo-vux-1", "Vuxna Centrum", VUXNA, 30, THE_PROGRAMME_ENDS, CALM),
    ),
    steps=STEPS,
)
