"""How often things happen in an ordinary unit, per person and year unless another unit is said.

Chosen so that the whole comes out near England's children's social workers (DfE, Children's social work workforce,
2017–2025: turnover 12–17 %, agency 13–18 %, vacancies 14–20 %, 15–17 cases per case holder). Sickness is somewhat
above DfE's 3–3.5 %, as in Swedish municipalities. The sources give outcomes; the rates here are chosen so that those
come out.
"""

OWN_REQUEST = 0.088
OTHER_EXITS = 0.019
RETIREMENT_AGES = (65, 68)
TENURE_RISK = ((1, 1.2), (3, 1.6), (6, 1.1), (12, 0.7), (100, 0.4))
"""Years of service (up to) → times the ordinary risk of resigning. Those new in the post leave most."""

VACANT_AT_START = 0.195
"""Open posts per person employed: 16 % of all posts."""
FILLED_YOUNG, FILLED_OLD, HARD_TO_FILL_DAYS = 1.35, 0.33, 200
"""Hires per open post and year while it is new, and once it has been open for this many days."""
FILLED_MANAGER = 4.0
INTERNAL_FILL, REFERRAL_FILL, TRAINEE_FILL = 0.26, 0.12, 0.10
"""Shares of the posts filled from another unit, through a colleague, by a former student."""

COVER_PER_YEAR = 4.5
"""Consultants found per uncovered post and year."""
SUCCESSION = 0.75
"""How often another consultant follows when one goes and the post is still open."""
EXTRA_CONSULTANTS = 0.05
"""Consultants beside the vacancies, begun per person and year."""
CONVERSION = 0.08
"""Consultants on a post who are employed on it when their assignment ends."""
POOL, STUDENTS = 0.10, 0.03
"""Pool deployments begun per person and year; students per person and term."""

SHORT_SICK, MEDIUM_SICK, LONG_SICK = 1.5, 0.14, 0.036
"""Sick spells begun: about 4 days, 15–59 days, 60–300 days."""
PARENTAL, CHILD_CARE, STUDY, LEAVE = 0.10, 1.6, 0.010, 0.012
"""Parental and child care are of people aged 25–42 only."""

FTE_CHANGE, PROMOTION = 0.03, 0.12
CASES_PER_FTE = 18.3
"""Cases an experienced case holder aims at; newcomers, absences and leave bring the mean to DfE's 15–17."""
POINTS_PER_CASE = 8.4
"""150 points are a normal load by the Göteborg model."""
INCIDENTS = 0.08
CASE_CHURN = 0.015
"""Share of a unit's cases that change case worker in an ordinary month."""
ON_COST = 1.45
"""Personnel cost over pay: contributions, pension, vacation."""
HOURS_PER_MONTH = 165
"""Full time."""
