"""A fixed log with something of everything that is folded: what it comes to stands for the rules. Only add to it with
a new number of the rules.
"""

from tests import builders as make

_ADA = [
    make.employment_started(
        "ada", "2020-01-01", gender="f", born=1972, hired_from="referral", case_holder=True, monthly_pay=41_000
    ),
    make.employment_changed("ada", "2021-03-01", fte=0.75, grade="senior", manager="eva"),
    make.employment_changed("ada", "2022-06-01", unit="u2", monthly_pay=44_500),
    make.employment_changed("ada", "2023-01-01", occupation="familjebehandlare"),
    make.employment_ended("ada", "2024-02-15"),
    make.absence_started("ada", "s1", "2021-01-04", extent=0.5),
    make.absence_changed("ada", "s1", "2021-02-01", 1),
    make.absence_ended("ada", "s1", "2021-06-30"),
    make.absence_started("ada", "s2", "2022-05-20", last_day="2022-06-10"),
    make.absence_started("ada", "p1", "2022-06-05", kind="parental", last_day="2022-07-01"),
    make.absence_started("ada", "s3", "2024-02-01"),
    make.caseload_reported("ada", "2020-02-01", 12, points=140),
    make.caseload_reported("ada", "2022-08-01", 17, points=165.5),
    make.time_reported("ada", "2021-01-01", "2021-12-31", 1_500, overtime_hours=250, documentation_hours=400),
    make.bonus_paid("ada", "2021-04-01"),
    make.bonus_paid("ada", "2022-01-25", "experience", 2_000.5),
    make.bonus_paid("ada", "2022-07-25", "retention", 9_000),
    make.bonus_paid("ada", "2024-03-25"),
    make.time_reported("ada", "2022-05-30", "2022-06-05", 30, overtime_hours=2, client_hours=11),
]
_BEN = [
    make.employment_started("ben", "2022-09-05", gender="m", born=1995, hired_from="trainee", grade="trainee"),
    make.milestone_reached("ben", "introduction_started", "2022-09-05"),
    make.milestone_reached("ben", "mentor_assigned", "2022-09-10"),
    make.milestone_reached("ben", "introduction_completed", "2022-11-20"),
    make.milestone_reached("ben", "check_in_held", "2023-02-01"),
    make.employment_started("ben", "2023-05-01", employment="second", form="fixed_term", fte=0.25, unit="u2"),
    make.employment_ended("ben", "2023-08-31", "contract_end", employment="second"),
    make.absence_started("ben", "st", "2023-03-01", kind="study", last_day="2023-03-14"),
    make.absence_started("ben", "sq", "2023-09-04", kind="study", extent=0.25, last_day="2023-12-22"),
    make.absence_started("ben", "lv", "2023-04-01", kind="leave", extent=0.2, last_day="2023-04-30"),
    make.absence_started("ben", "wi", "2023-06-01", kind="work_injury", last_day="2023-06-02"),
]
_EVA = [
    make.employment_started("eva", "2019-01-01", role="manager", gender="x", born=1960, fte=0.9),
    make.employment_ended("eva", "2023-06-30", "retirement"),
    make.employment_started("eva", "2023-07-05", form="hourly"),
    make.absence_ended("eva", "never-began", "2020-01-01"),
    make.employment_changed("eva", "2021-01-01", employment="unknown", fte=0.1),
    make.employment_changed("eva", "2020-03-01", unit="u2", reason="rotation"),
    make.time_reported("eva", "2022-01-01", "2022-01-01", 30),
]
_CAI = [
    make.employment_started("cai", "2021-01-01", hired_from="agency"),
    make.employment_ended("cai", "2021-09-30", "dismissal"),
]
_WRONG = make.employment_started("dan", "2021-01-01", unit="u9")
_RIGHT = make.corrected(_WRONG, unit="u2")
_GONE = make.incident_reported("u1", "2023-05-05", "violence", serious=True)
_OTHERS = [
    _WRONG,
    _RIGHT,
    make.employment_ended("dan", "2020-01-01"),
    _GONE,
    make.retracted(_GONE),
    make.incident_reported("u1", "2023-05-06", "violence", serious=True),
    make.incident_reported("u2", "2023-05-08", "other"),
    make.incident_reported("u2", "2023-05-07", occupation="socialsekreterare"),
    make.assignment_started("a1", "2023-01-01", covers="ada", hourly_cost=900),
    make.assignment_changed("a1", "2023-03-01", fte=0.5),
    make.assignment_ended("a1", "2023-08-31", "hired"),
    make.assignment_started("a2", "2023-01-01", kind="student"),
    make.assignment_started("a3", "2023-01-01", kind="pool"),
    make.vacancy_opened("v1", "2023-02-01"),
    make.vacancy_closed("v1", "2023-06-15"),
    make.vacancy_opened("v2", "2023-02-01", unit="u2"),
    make.unit_defined("d1", level="department"),
    make.unit_defined("u1", parent="d1"),
    make.unit_defined("u2", parent="d1"),
    make.unit_closed("u2", "2030-12-31"),
    make.event(
        "hr.pulse.reported.v1",
        "unit/u1",
        {"effective": "2023-04-01", "index": "hme", "invited": 20, "answers": 15, "score_sum": 1_010.5, "negative": 3},
    ),
    make.event(
        "hr.pulse.reported.v1",
        "unit/u2",
        {"effective": "2023-04-01", "index": "hme", "invited": 5, "answers": 4, "score_sum": 210, "negative": 1},
    ),
    make.event(
        "hr.cost.reported.v1",
        "unit/u1",
        {"from": "2023-01-01", "to": "2023-01-31", "personnel_cost": 1_000_000, "agency_cost": 90_000.25},
    ),
    make.event("hr.handover.reported.v1", "unit/u1", {"effective": "2023-04-02", "cases": 5}),
]

CORPUS = [*_ADA, *_BEN, *_EVA, *_CAI, *_OTHERS]
