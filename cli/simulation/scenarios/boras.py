"""Borås' plans: in one department the offers to those who stay, study or move fall away; nurses leave the other."""

from dataclasses import replace

from cli.simulation.conditions import Conditions
from cli.simulation.organisation import ADMINISTRATOR, Office, Site
from cli.simulation.scenarios.scenario import ALDRE, BARN_OCH_UNGA, EKONOMISKT_BISTAND, LSS, VUXNA, Step, scenario
from cli.simulation.scenarios.troubles import (
    CONSULTANTS_EVERYWHERE,
    LESS_PAPERWORK,
    MANAGERS_LEAVE,
    NO_BONUSES,
    NO_MOVES,
    NO_REFERRALS,
    NO_STUDIES,
    NO_TALKS,
    PAPERWORK,
    PEOPLE_LEAVE,
    REFERRALS_LEAVE,
)
from cli.simulation.trouble import Onset

CALM = Conditions(
    restlessness=0.5,
    studies=12,
    hiring=2.5,
    internal_fill=0.8,
    referral_fill=0.5,
    documentation=0.42,
    client_time=0.25,
    missed_talks=0.02,
    quarter_studies=1,
    rotation=1,
    referral_bonus=15_000,
    experience_bonus=12_000,
)
OFFERS_FALL_AWAY = (
    Onset(REFERRALS_LEAVE, 486),
    Onset(NO_REFERRALS, 450),
    Onset(NO_STUDIES, 500),
    Onset(NO_MOVES, 460),
    Onset(NO_BONUSES, 460),
)
RELIEF_HELPS = Onset(LESS_PAPERWORK, 330)
HALSOVARD = Office("alf-hsv", "Hälso- och sjukvård", "alf", 0, (("sjuksköterska", 0.94), (ADMINISTRATOR, 0.06)))
STEPS = (
    Step("boras", "experience-bonus", "started", 900),
    Step("boras", "experience-bonus", "planned", 460),
    Step("boras", "casework-pay", "planned", 420),
    Step("boras", "referral-bonus", "started", 900),
    Step("boras", "referral-bonus", "planned", 460),
    Step("boras", "relief", "started", 330),
    Step("boras", "new-technology", "planned", 300),
    Step("boras", "present-managers", "started", 240),
    Step("boras", "paid-studies", "started", 900),
    Step("boras", "paid-studies", "planned", 500),
    Step("boras", "job-rotation", "started", 900),
    Step("boras", "job-rotation", "planned", 460),
    Step("boras-halsa", "nurse-bonus", "started", 900),
    Step("boras-halsa", "nurse-bonus", "planned", 460),
)

SCENARIO = scenario(
    "Borås",
    (
        Site(
            "ifo-bou-1",
            "Barn och unga Centrum",
            BARN_OCH_UNGA,
            36,
            (*OFFERS_FALL_AWAY, Onset(PEOPLE_LEAVE, 400), Onset(NO_TALKS, 240)),
            replace(CALM, pay=0.83),
        ),
        Site(
            "ifo-eb-1",
            "Ekonomiskt bistånd Centrum",
            EKONOMISKT_BISTAND,
            56,
            (*OFFERS_FALL_AWAY, Onset(PAPERWORK, 330), Onset(MANAGERS_LEAVE, 240)),
            replace(CALM, pay=0.7),
        ),
        Site("ifo-vux-1", "Vuxna Centrum", VUXNA, 26, (*OFFERS_FALL_AWAY, RELIEF_HELPS), CALM),
        Site("ifo-vux-2", "Vuxna Norr", VUXNA, 26, (*OFFERS_FALL_AWAY, RELIEF_HELPS), CALM),
        Site(
            "alf-hsv-1",
            "Hälso- och sjukvård Centrum",
            HALSOVARD,
            26,
            (Onset(PEOPLE_LEAVE, 400), Onset(CONSULTANTS_EVERYWHERE, 240), Onset(NO_BONUSES, 460)),
            CALM,
        ),
        Site("alf-ald-1", "Äldre Centrum", ALDRE, 26, calm=CALM),
        Site("alf-ald-2", "Äldre Norr", ALDRE, 26, calm=CALM),
        Site("alf-lss-1", "LSS Centrum", LSS, 26, calm=CALM),
        Site("alf-lss-2", "LSS Norr", LSS, 26, calm=CALM),
    ),
    steps=STEPS,
)
