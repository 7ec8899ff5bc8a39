"""Every published metric of posts, work and pay: vacancies, caseloads, hours, introduction."""

from shared.contracts.catalogue import disclosure
from shared.contracts.catalogue.metric import LESS, MORE, NEITHER, Metric

AML = "Arbetsmiljölagen 3 kap. 3 a §: to be reported without delay"
CAP = "Arbetstidslagen: 200 h a calendar year"
DFE = "DfE, Children's social work workforce"
GOTEBORG = "Göteborg model: 150 points is normal"
NHS_AGE = "NHS Scotland vacancy ageing"
DIRECTIVE = "Directive (EU) 2023/970, art. 9.1 a and 10"
PAY = "Arbetsgivarverket"
RESOURCES = "Göteborg model; Västerås resource model of 2015"

WORK: tuple[Metric, ...] = (
    Metric("vacancy_rate", "ratio", "none", LESS, "vacancy rate", "vakansgrad", disclosure.POSTS, DFE),
    Metric(
        "vacancy_age_days",
        "days",
        "none",
        LESS,
        "mean age of open vacancies",
        "öppna vakansers medelålder",
        disclosure.POSTS,
        NHS_AGE,
    ),
    Metric(
        "time_to_start_days",
        "days",
        "none",
        LESS,
        "time from opening to first day",
        "tid från vakans till första dag",
        disclosure.POSTS,
    ),
    Metric(
        "caseload", "count", "none", LESS, "open cases per case holder", "ärenden per handläggare", disclosure.LOAD, DFE
    ),
    Metric(
        "weighted_caseload",
        "count",
        "none",
        LESS,
        "case points per case holder",
        "ärendepoäng per handläggare",
        disclosure.LOAD,
        GOTEBORG,
    ),
    Metric(
        "staffing_need_fte",
        "fte",
        "none",
        LESS,
        "case holders missing at the norm",
        "handläggare som saknas enligt normen",
        disclosure.LOAD,
        RESOURCES,
    ),
    Metric(
        "handover_rate",
        "ratio",
        "poisson",
        LESS,
        "handovers per open case",
        "byten av handläggare per ärende",
        disclosure.LOAD,
    ),
    Metric("overtime_share", "ratio", "none", LESS, "overtime share", "övertidsandel", disclosure.HOURS, edition=2),
    Metric(
        "overtime_capped_share",
        "ratio",
        "binomial",
        LESS,
        "staff past 200 h overtime",
        "anställda över 200 h övertid",
        disclosure.SINGLED_OUT,
        CAP,
        edition=2,
    ),
    Metric(
        "documentation_share",
        "ratio",
        "none",
        LESS,
        "documentation share of time",
        "andel dokumentationstid",
        disclosure.HOURS,
        edition=2,
    ),
    Metric(
        "client_time_share",
        "ratio",
        "none",
        MORE,
        "client share of time",
        "andel klienttid",
        disclosure.HOURS,
        edition=2,
    ),
    Metric("span_of_control", "per_manager", "none", LESS, "staff per manager", "anställda per chef", disclosure.KNOWN),
    Metric(
        "introduction_coverage",
        "ratio",
        "binomial",
        MORE,
        "introduction completed in time",
        "introduktion klar i tid",
        disclosure.DUTY,
    ),
    Metric(
        "mentor_coverage", "ratio", "binomial", MORE, "mentor within 14 days", "mentor inom 14 dagar", disclosure.DUTY
    ),
    Metric(
        "check_in_coverage",
        "ratio",
        "binomial",
        MORE,
        "check-in within 60 days",
        "medarbetarsamtal senaste 60 dagarna",
        disclosure.DUTY,
    ),
    Metric("study_share", "ratio", "none", NEITHER, "study time share", "andel studietid", disclosure.SINGLED_OUT),
    Metric("senior_share", "ratio", "binomial", MORE, "senior share", "andel erfarna", disclosure.KNOWN),
    Metric("trainee_share", "ratio", "binomial", NEITHER, "trainee share", "andel trainee", disclosure.KNOWN),
    Metric(
        "incident_rate",
        "per_100_fte",
        "poisson",
        NEITHER,
        "incidents per 100 FTE and year",
        "tillbud per 100 årsarbetare",
        disclosure.INCIDENT,
    ),
    Metric(
        "serious_incident_rate",
        "per_100_fte",
        "poisson",
        LESS,
        "serious incidents per 100 FTE and year",
        "allvarliga tillbud per 100 årsarbetare",
        disclosure.INCIDENT,
        AML,
    ),
    Metric("pulse_score", "score", "none", MORE, "pulse score", "pulsindex", disclosure.PULSE),
    Metric(
        "pulse_negative_share",
        "ratio",
        "binomial",
        LESS,
        "negative pulse answers",
        "negativa pulssvar",
        disclosure.PULSE,
    ),
    Metric(
        "pulse_response_rate", "ratio", "binomial", MORE, "pulse response rate", "svarsfrekvens puls", disclosure.PULSE
    ),
    Metric("pay_median", "sek", "none", NEITHER, "median pay", "medianlön", disclosure.PAY, PAY),
    Metric(
        "pay_quartiles",
        "quotient",
        "none",
        NEITHER,
        "upper over lower quartile of pay",
        "övre genom undre lönekvartil",
        disclosure.PAY_QUARTILES,
        PAY,
    ),
    Metric(
        "pay_p90_p10",
        "quotient",
        "none",
        NEITHER,
        "pay spread, P90 over P10",
        "lönespridning, P90 genom P10",
        disclosure.PAY_TAILS,
        PAY,
    ),
    Metric("pay_gap", "ratio", "none", NEITHER, "pay gap", "löneskillnad", disclosure.PAY_GAP, DIRECTIVE),
    Metric("entry_pay_median", "sek", "none", NEITHER, "median entry pay", "ingångslön, median", disclosure.PAY, PAY),
)
