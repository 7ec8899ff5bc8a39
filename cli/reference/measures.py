"""What each measure counts, in words; how it acts over time follows from its kind."""

from typing import NamedTuple

from services.metrics.domain.facts.measures import Measure as M  # noqa: N817
from services.metrics.domain.facts.measures import is_flow, is_spread


class Words(NamedTuple):
    """``name`` as formulas use it; ``counts``: what adds to it, when."""

    name: str
    counts: str


WORDS: dict[M, Words] = {
    M.headcount: Words("permanent staff", "a person, while a permanent employment is active"),
    M.fixed_term_headcount: Words("fixed-term staff", "a person in fixed-term and in no permanent employment"),
    M.fte: Words("FTE", "the share of full time of every active permanent or fixed-term employment"),
    M.tenured: Words("staff of a year or more", "a person, from day 365 of an unbroken permanent stay"),
    M.sick_fte: Words("sick FTE", "share of full time × extent of sickness or work injury, at most what leave leaves"),
    M.scheduled_fte: Words("scheduled FTE", "share of full time less parental, study and other leave"),
    M.sick_day60_fte: Words("sick FTE from day 60", "sick FTE, from the 60th day of a sick spell"),
    M.study_fte: Words("FTE on study leave", "share of full time × extent of study leave"),
    M.parental_fte: Words("FTE on parental leave", "share of full time × extent of parental leave"),
    M.agency_fte: Words("agency FTE", "the share of full time of every active agency assignment"),
    M.agency_cover_fte: Words("agency FTE on vacancies", "the same, of assignments that name the vacancy they cover"),
    M.pool_fte: Words("pool FTE", "the share of full time of every active assignment from the pool"),
    M.students: Words("students", "an active assignment of a student"),
    M.vacant_fte: Words("vacant FTE", "the share of full time of every open vacancy"),
    M.vacancies: Words("open vacancies", "a vacancy, from its opening to the day before it closes"),
    M.vacancy_open_day: Words("the sum of their opening days", "the number of the day on which an open vacancy opened"),
    M.managers: Words("managers", "permanent staff with the role manager"),
    M.reports: Words("staff who are no managers", "permanent staff with the role staff"),
    M.senior: Words("senior staff", "permanent staff of the grade senior"),
    M.trainees: Words("trainees", "permanent staff of the grade trainee"),
    M.case_holder_fte: Words("FTE of case holders", "the share of full time of employments that hold cases"),
    M.open_cases: Words("open cases", "a person's latest report, until the next one, while in service"),
    M.case_points: Words("case points", "the points of the same report, where it has any"),
    M.overtime_capped: Words("staff past 200 h overtime", "from the day overtime passes 200 h until the year ends"),
    M.introduction_due: Words("introductions due", "permanent staff, for a year after day 90 of their stay"),
    M.introduction_done: Words("introductions in time", "those of them whose introduction was completed by day 90"),
    M.mentor_due: Words("mentors due", "permanent staff, for a year after day 14 of their stay"),
    M.mentor_done: Words("mentors in time", "those of them who got a mentor by day 14"),
    M.check_in_due: Words("check-ins due", "permanent staff, from day 60 of their stay"),
    M.check_in_current: Words("current check-ins", "those of them with a check-in in the last 60 days"),
    M.joiners: Words("joiners", "the first day of a permanent stay; a gap of at most 7 days does not break one"),
    M.joiners_agency: Words("joiners from agencies", "joiners hired from an agency"),
    M.joiners_referral: Words("joiners by referral", "joiners hired on a colleague's word"),
    M.joiners_trainee: Words("joiners from traineeships", "joiners hired after a traineeship"),
    M.leavers_own_request: Words(
        "leavers at own request", "the day after a permanent stay ends, in the unit of its last day"
    ),
    M.leavers_retirement: Words("retirements", "likewise, by retirement"),
    M.leavers_other: Words("other leavers", "likewise, for any other reason or none that is known"),
    M.moved_out: Words("moves out", "the first day in another unit; counts in the one that was left"),
    M.moved_in: Words("moves in", "the same day; counts in the new unit"),
    M.occupation_changes: Words("changes of occupation", "the first day in another occupation of the same unit"),
    M.starters_matured: Words("first years due", "day 365 after joining, still here or not; where the person joined"),
    M.starters_survived: Words("first years completed", "the same day, if the stay goes on"),
    M.sick_spells: Words("sick spells", "the first of consecutive calendar days of sickness in service"),
    M.short_spells: Words("short sick spells", "the first day of a spell known to last at most 14 days"),
    M.vacancies_filled: Words("vacancies filled", "the day a vacancy closes as filled"),
    M.vacancy_days_filled: Words("days until filled", "the days from its opening, on the day it closes as filled"),
    M.incidents: Words("incidents", "as reported"),
    M.serious_incidents: Words("serious incidents", "as reported"),
    M.pulse_answers: Words("answers", "as reported"),
    M.pulse_invited: Words("invited to answer", "as reported"),
    M.pulse_score: Words("the sum of the answers", "as reported; each answer is 0–100"),
    M.pulse_negative: Words("negative answers", "as reported; answers of 40 or less"),
    M.handovers: Words("handovers", "cases that changed case worker, as reported"),
    M.worked_hours: Words("hours worked", "spread evenly over the days of the report, while in service"),
    M.overtime_hours: Words("hours of overtime", "likewise"),
    M.documentation_hours: Words("hours of documentation", "likewise"),
    M.client_hours: Words("hours with clients", "likewise"),
    M.personnel_cost: Words("personnel cost", "SEK, spread evenly over the days of the report"),
    M.agency_cost: Words("agency cost", "likewise"),
    M.first59_fte_days: Words(
        "first 59 days", "sick FTE-days of a spell before its 60th day, on that day; those of the same calendar year"
    ),
    M.first59_fte_days_year_before: Words(
        "first 59 days, year before", "likewise; those of the calendar year before that of the 60th day"
    ),
    M.starters_matured_referral: Words("first years due of joiners by referral", "first years due, of those alone"),
    M.starters_survived_referral: Words("first years completed of joiners by referral", "likewise"),
    M.starters_matured_trainee: Words(
        "first years due of trainees", "first years due of those who joined in the grade trainee or from a traineeship"
    ),
    M.starters_survived_trainee: Words("first years completed of trainees", "likewise"),
    M.pulses: Words("pulses", "reports of a unit in which anybody was asked"),
}


def kind(measure: M) -> str:
    """How the measure acts over time."""
    return "per day" if is_spread(measure) else "happens" if is_flow(measure) else "holds"
