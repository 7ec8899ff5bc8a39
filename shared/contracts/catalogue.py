"""The public side of every metric: its name, what it means, how it is read and how chance is judged.

Formulas live in the metrics service; this table is what other services and documents may know.
"""

from typing import Literal, NamedTuple

Unit = Literal["ratio", "people", "fte", "days", "count", "per_manager", "per_100_fte", "score"]
Interval = Literal["none", "poisson", "binomial"]
Direction = Literal["lower_is_better", "higher_is_better", "neutral"]


class Metric(NamedTuple):
    """One metric as others see it. ``health`` metrics are hidden for groups of ten or fewer."""

    name: str
    unit: Unit
    interval: Interval
    direction: Direction
    en: str
    sv: str
    source: str
    health: bool = False
    alertable: bool = True

    @property
    def definition(self) -> str:
        """The definition id that every published value carries; there is no agreed Swedish turnover."""
        return f"stadga:{self.name}:1"


DFE = "DfE, Children's social work workforce"
OWN = "Stadga"
HELSINGBORG = "Familjen Helsingborg: exits at own request over permanent staff"
NYCKELTAL = "Nyckeltalsinstitutet; Arbetsgivarverket"
STATUTE = "SFS 2002:1065; SKR key figure 1"

METRICS: tuple[Metric, ...] = (
    Metric("headcount", "people", "none", "neutral", "permanent staff", "tillsvidareanställda", OWN),
    Metric("fte", "fte", "none", "neutral", "full-time equivalents", "årsarbetare", OWN),
    Metric(
        "leaver_rate",
        "ratio",
        "poisson",
        "lower_is_better",
        "leaver rate, all reasons",
        "avgångar, alla orsaker",
        "person-days denominator",
    ),
    Metric(
        "leaver_rate_own_request",
        "ratio",
        "poisson",
        "lower_is_better",
        "leaver rate, own request",
        "avgångar på egen begäran",
        HELSINGBORG,
    ),
    Metric(
        "replacement_turnover",
        "ratio",
        "none",
        "neutral",
        "replacement turnover",
        "personalomsättning (ersättningsrekrytering)",
        NYCKELTAL,
        alertable=False,
    ),
    Metric(
        "internal_move_rate",
        "ratio",
        "poisson",
        "neutral",
        "internal move rate",
        "intern rörlighet",
        "SSR/SCB count both, so both are shown",
    ),
    Metric(
        "stability",
        "ratio",
        "binomial",
        "higher_is_better",
        "stability index",
        "stabilitetsindex",
        "NHS stability index",
    ),
    Metric(
        "starter_survival",
        "ratio",
        "binomial",
        "higher_is_better",
        "starters still here after a year",
        "nyanställda kvar efter ett år",
        OWN,
    ),
    Metric(
        "sick_rate",
        "ratio",
        "none",
        "lower_is_better",
        "sickness absence",
        "sjukfrånvaro",
        STATUTE,
        health=True,
    ),
    Metric(
        "long_sick_share_live",
        "ratio",
        "none",
        "lower_is_better",
        "share of sickness after day 60",
        "andel sjukfrånvaro efter dag 60",
        OWN,
        health=True,
    ),
    Metric(
        "short_spell_rate",
        "ratio",
        "poisson",
        "lower_is_better",
        "short sick spells per employee",
        "korta sjukfall per anställd",
        OWN,
        health=True,
    ),
    Metric("agency_share", "ratio", "none", "lower_is_better", "agency share", "andel konsulter", DFE),
    Metric(
        "agency_cover_share",
        "ratio",
        "none",
        "neutral",
        "agency staff covering vacancies",
        "konsulter på vakanser",
        DFE,
    ),
    Metric(
        "agency_cost_share",
        "ratio",
        "none",
        "lower_is_better",
        "agency cost share",
        "konsultkostnad av personalkostnad",
        "SKR (target 2 %)",
    ),
    Metric(
        "agency_to_permanent",
        "people",
        "none",
        "higher_is_better",
        "consultants who became permanent",
        "konsulter som anställts",
        OWN,
    ),
    Metric("vacancy_rate", "ratio", "none", "lower_is_better", "vacancy rate", "vakansgrad", DFE),
    Metric(
        "vacancy_age_days",
        "days",
        "none",
        "lower_is_better",
        "mean age of open vacancies",
        "öppna vakansers medelålder",
        "NHS Scotland vacancy ageing",
    ),
    Metric(
        "time_to_start_days",
        "days",
        "none",
        "lower_is_better",
        "time from opening to first day",
        "tid från vakans till första dag",
        OWN,
    ),
    Metric(
        "caseload",
        "count",
        "none",
        "lower_is_better",
        "open cases per case holder",
        "ärenden per handläggare",
        DFE,
    ),
    Metric(
        "weighted_caseload",
        "count",
        "none",
        "lower_is_better",
        "case points per case holder",
        "ärendepoäng per handläggare",
        "Göteborg model: 150 points is normal",
    ),
    Metric(
        "handover_rate",
        "ratio",
        "poisson",
        "lower_is_better",
        "handovers per open case",
        "byten av handläggare per ärende",
        OWN,
    ),
    Metric("overtime_share", "ratio", "none", "lower_is_better", "overtime share", "övertidsandel", OWN),
    Metric(
        "overtime_capped_share",
        "ratio",
        "binomial",
        "lower_is_better",
        "staff past 200 h overtime",
        "anställda över 200 h övertid",
        "Arbetstidslagen: 200 h a calendar year",
    ),
    Metric(
        "documentation_share",
        "ratio",
        "none",
        "lower_is_better",
        "documentation share of time",
        "andel dokumentationstid",
        OWN,
    ),
    Metric(
        "client_time_share",
        "ratio",
        "none",
        "higher_is_better",
        "client share of time",
        "andel klienttid",
        OWN,
    ),
    Metric(
        "span_of_control",
        "per_manager",
        "none",
        "lower_is_better",
        "staff per manager",
        "anställda per chef",
        OWN,
    ),
    Metric(
        "introduction_coverage",
        "ratio",
        "binomial",
        "higher_is_better",
        "introduction completed in time",
        "introduktion klar i tid",
        OWN,
    ),
    Metric(
        "mentor_coverage",
        "ratio",
        "binomial",
        "higher_is_better",
        "mentor within 14 days",
        "mentor inom 14 dagar",
        OWN,
    ),
    Metric(
        "check_in_coverage",
        "ratio",
        "binomial",
        "higher_is_better",
        "check-in within 60 days",
        "medarbetarsamtal senaste 60 dagarna",
        OWN,
    ),
    Metric("study_share", "ratio", "none", "neutral", "study time share", "andel studietid", OWN),
    Metric("senior_share", "ratio", "binomial", "higher_is_better", "senior share", "andel erfarna", OWN),
    Metric("trainee_share", "ratio", "binomial", "neutral", "trainee share", "andel trainee", OWN),
    Metric(
        "incident_rate",
        "per_100_fte",
        "poisson",
        "neutral",
        "incidents per 100 FTE and year",
        "tillbud per 100 årsarbetare",
        OWN,
    ),
    Metric("pulse_score", "score", "none", "higher_is_better", "pulse score", "pulsindex", OWN),
    Metric(
        "pulse_negative_share",
        "ratio",
        "binomial",
        "lower_is_better",
        "negative pulse answers",
        "negativa pulssvar",
        OWN,
    ),
    Metric(
        "pulse_response_rate",
        "ratio",
        "binomial",
        "higher_is_better",
        "pulse response rate",
        "svarsfrekvens puls",
        OWN,
    ),
)
"""Every published metric, in the order documents list them."""

BY_NAME: dict[str, Metric] = {m.name: m for m in METRICS}
