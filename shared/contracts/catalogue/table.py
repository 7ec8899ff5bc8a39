"""Every published metric, by subject; documents list them in this order."""

from shared.contracts.catalogue.metric import Direction, Metric

LESS: Direction = "lower_is_better"
MORE: Direction = "higher_is_better"
NEITHER: Direction = "neutral"

AML = "Arbetsmiljölagen 3 kap. 3 a §: to be reported without delay"
CAP = "Arbetstidslagen: 200 h a calendar year"
DFE = "DfE, Children's social work workforce"
GOTEBORG = "Göteborg model: 150 points is normal"
HELSINGBORG = "Familjen Helsingborg: exits at own request over permanent staff"
NHS_AGE = "NHS Scotland vacancy ageing"
NHS_INDEX = "NHS stability index"
NYCKELTAL = "Nyckeltalsinstitutet; Arbetsgivarverket"
PAY = "Arbetsgivarverket: median from 5 people, quartiles from 9, P10 and P90 from 21"
PERSON_DAYS = "person-days denominator"
RESOURCES = "Göteborg model; Västerås resource model of 2015"
SCB = "SSR/SCB count both, so both are shown"
SKR = "SKR (target 2 %)"
STATUTE = "SFS 2002:1065; SKR key figure 1"

METRICS: tuple[Metric, ...] = (
    Metric("headcount", "people", "none", NEITHER, "permanent staff", "tillsvidareanställda"),
    Metric("fte", "fte", "none", NEITHER, "full-time equivalents", "årsarbetare"),
    Metric("leaver_rate", "ratio", "poisson", LESS, "leaver rate, all reasons", "avgångar, alla orsaker", PERSON_DAYS),
    Metric(
        "leaver_rate_own_request",
        "ratio",
        "poisson",
        LESS,
        "leaver rate, own request",
        "avgångar på egen begäran",
        HELSINGBORG,
    ),
    Metric(
        "replacement_turnover",
        "ratio",
        "none",
        NEITHER,
        "replacement turnover",
        "personalomsättning (ersättningsrekrytering)",
        NYCKELTAL,
        alertable=False,
    ),
    Metric("internal_move_rate", "ratio", "poisson", NEITHER, "internal move rate", "intern rörlighet", SCB),
    Metric("stability", "ratio", "binomial", MORE, "stability index", "stabilitetsindex", NHS_INDEX),
    Metric(
        "starter_survival",
        "ratio",
        "binomial",
        MORE,
        "starters still here after a year",
        "nyanställda kvar efter ett år",
    ),
    Metric("tenured_share", "ratio", "binomial", MORE, "staff of a year or more", "anställda sedan minst ett år"),
    Metric("referral_joiners", "people", "none", MORE, "joiners by referral", "nyanställda på rekommendation"),
    Metric(
        "referral_survival",
        "ratio",
        "binomial",
        MORE,
        "joiners by referral still here after a year",
        "rekommenderade kvar efter ett år",
    ),
    Metric(
        "trainee_survival", "ratio", "binomial", MORE, "trainees still here after a year", "trainee kvar efter ett år"
    ),
    Metric("sick_rate", "ratio", "none", LESS, "sickness absence", "sjukfrånvaro", STATUTE, health=True),
    Metric(
        "long_sick_share_live",
        "ratio",
        "none",
        LESS,
        "share of sickness after day 60",
        "andel sjukfrånvaro efter dag 60",
        health=True,
    ),
    Metric(
        "short_spell_rate",
        "ratio",
        "poisson",
        LESS,
        "short sick spells per employee",
        "korta sjukfall per anställd",
        health=True,
    ),
    Metric("agency_share", "ratio", "none", LESS, "agency share", "andel konsulter", DFE),
    Metric(
        "agency_cover_share", "ratio", "none", NEITHER, "agency staff covering vacancies", "konsulter på vakanser", DFE
    ),
    Metric("agency_cost_share", "ratio", "none", LESS, "agency cost share", "konsultkostnad av personalkostnad", SKR),
    Metric(
        "agency_to_permanent", "people", "none", MORE, "consultants who became permanent", "konsulter som anställts"
    ),
    Metric("pool_fte", "fte", "none", NEITHER, "staff from the pool", "personal från vikariepoolen"),
    Metric("students", "people", "none", NEITHER, "students on placement", "studenter i VFU"),
    Metric("vacancy_rate", "ratio", "none", LESS, "vacancy rate", "vakansgrad", DFE),
    Metric(
        "vacancy_age_days", "days", "none", LESS, "mean age of open vacancies", "öppna vakansers medelålder", NHS_AGE
    ),
    Metric(
        "time_to_start_days", "days", "none", LESS, "time from opening to first day", "tid från vakans till första dag"
    ),
    Metric("caseload", "count", "none", LESS, "open cases per case holder", "ärenden per handläggare", DFE),
    Metric(
        "weighted_caseload",
        "count",
        "none",
        LESS,
        "case points per case holder",
        "ärendepoäng per handläggare",
        GOTEBORG,
    ),
    Metric(
        "staffing_need_fte",
        "fte",
        "none",
        LESS,
        "case holders missing at the norm",
        "handläggare som saknas enligt normen",
        RESOURCES,
    ),
    Metric("handover_rate", "ratio", "poisson", LESS, "handovers per open case", "byten av handläggare per ärende"),
    Metric("overtime_share", "ratio", "none", LESS, "overtime share", "övertidsandel"),
    Metric(
        "overtime_capped_share",
        "ratio",
        "binomial",
        LESS,
        "staff past 200 h overtime",
        "anställda över 200 h övertid",
        CAP,
    ),
    Metric("documentation_share", "ratio", "none", LESS, "documentation share of time", "andel dokumentationstid"),
    Metric("client_time_share", "ratio", "none", MORE, "client share of time", "andel klienttid"),
    Metric("span_of_control", "per_manager", "none", LESS, "staff per manager", "anställda per chef"),
    Metric(
        "introduction_coverage", "ratio", "binomial", MORE, "introduction completed in time", "introduktion klar i tid"
    ),
    Metric("mentor_coverage", "ratio", "binomial", MORE, "mentor within 14 days", "mentor inom 14 dagar"),
    Metric(
        "check_in_coverage", "ratio", "binomial", MORE, "check-in within 60 days", "medarbetarsamtal senaste 60 dagarna"
    ),
    Metric("study_share", "ratio", "none", NEITHER, "study time share", "andel studietid"),
    Metric("senior_share", "ratio", "binomial", MORE, "senior share", "andel erfarna"),
    Metric("trainee_share", "ratio", "binomial", NEITHER, "trainee share", "andel trainee"),
    Metric(
        "incident_rate",
        "per_100_fte",
        "poisson",
        NEITHER,
        "incidents per 100 FTE and year",
        "tillbud per 100 årsarbetare",
    ),
    Metric(
        "serious_incident_rate",
        "per_100_fte",
        "poisson",
        LESS,
        "serious incidents per 100 FTE and year",
        "allvarliga tillbud per 100 årsarbetare",
        AML,
    ),
    Metric("pulse_score", "score", "none", MORE, "pulse score", "pulsindex"),
    Metric("pulse_negative_share", "ratio", "binomial", LESS, "negative pulse answers", "negativa pulssvar"),
    Metric("pulse_response_rate", "ratio", "binomial", MORE, "pulse response rate", "svarsfrekvens puls"),
    Metric("pay_median", "sek", "none", NEITHER, "median pay", "medianlön", PAY),
    Metric(
        "pay_quartiles",
        "quotient",
        "none",
        NEITHER,
        "upper over lower quartile of pay",
        "övre genom undre lönekvartil",
        PAY,
    ),
    Metric(
        "pay_p90_p10",
        "quotient",
        "none",
        NEITHER,
        "pay spread, P90 over P10",
        "lönespridning, P90 genom P10",
        PAY,
    ),
    Metric("entry_pay_median", "sek", "none", NEITHER, "median entry pay", "ingångslön, median", PAY),
)
