"""What each measure counts, in words; how it acts over time follows from its kind."""

from typing import NamedTuple

from services.metrics.domain.facts.measures import Measure as M  # noqa: N817
from services.metrics.domain.facts.measures import is_flow, is_spread


class Meaning(NamedTuple):
    """``name`` as formulas use it; ``counts``: what adds to it, when."""

    name: str
    counts: str


WORDS: dict[M, Meaning] = {
    M.headcount: Meaning("permanent staff", "a person, while a permanent employment is active"),
    M.fixed_term_headcount: Meaning("fixed-term staff", "a person in fixed-term and in no permanent employment"),
    M.fte: Meaning("FTE", "the share of full time of every active permanent or fixed-term employment"),
    M.tenured: Meaning("staff of a year or more", "a person, from day 365 of an unbroken permanent stay"),
    M.sick_fte: Meaning(
        "sick FTE", "share of full time × extent of sickness or work injury, at most what leave leaves"
    ),
    M.scheduled_fte: Meaning("scheduled FTE", "share of full time less parental, study and other leave"),
    M.sick_day60_fte: Meaning("sick FTE from day 60", "sick FTE, from the 60th day of a sick spell"),
    M.study_fte: Meaning("FTE on study leave", "share of full time × extent of study leave"),
    M.parental_fte: Meaning("FTE on parental leave", "share of full time × extent of parental leave"),
    M.agency_fte: Meaning("agency FTE", "the share of full time of every active agency assignment"),
    M.agency_cover_fte: Meaning("agency FTE on vacancies", "the same, of assignments that name the vacancy they cover"),
    M.pool_fte: Meaning("pool FTE", "the share of full time of every active assignment from the pool"),
    M.students: Meaning("students", "an active assignment of a student"),
    M.vacant_fte: Meaning("vacant FTE", "the share of full time of every open vacancy"),
    M.vacancies: Meaning("open vacancies", "a vacancy, from its opening to the day before it closes"),
    M.vacancy_open_day: Meaning(
        "the sum of their opening days", "the number of the day on which an open vacancy opened"
    ),
    M.managers: Meaning("managers", "permanent staff with the role manager"),
    M.reports: Meaning("staff who are no managers", "permanent staff with the role staff"),
    M.senior: Meaning("senior staff", "permanent staff of the grade senior"),
    M.trainees: Meaning("trainees", "permanent staff of the grade trainee"),
    M.case_holder_fte: Meaning("FTE of case holders", "the share of full time of employments that hold cases"),
    M.open_cases: Meaning("open cases", "a person's latest report, until the next one, while in service"),
    M.case_points: Meaning("case points", "the points of the same report, where it has any"),
    M.overtime_capped: Meaning(
        "staff past 200 h overtime", "permanent staff, from the day overtime passes 200 h to the year's end"
    ),
    M.introduction_due: Meaning("introductions due", "permanent staff, for a year after day 90 of their stay"),
    M.introduction_done: Meaning("introductions in time", "those of them whose introduction was completed by day 90"),
    M.mentor_due: Meaning("mentors due", "permanent staff, for a year after day 14 of their stay"),
    M.mentor_done: Meaning("mentors in time", "those of them who got a mentor by day 14"),
    M.check_in_due: Meaning("check-ins due", "permanent staff, from day 60 of their stay"),
    M.check_in_current: Meaning("current check-ins", "those of them with a check-in in the last 60 days"),
    M.stayed: Meaning(
        "staff of a year ago who stayed",
        "a person whose unbroken permanent stay covers the day and the one 365 days before, in the cell of that day",
    ),
    M.study_quarter_fte: Meaning(
        "FTE on quarter-time study leave", "share of full time × a quarter, where study leave of a post is a quarter"
    ),
    M.led_besides: Meaning(
        "others who are led", "fixed-term staff with the role staff, and every active assignment, whatever its share"
    ),
    M.bonus_receivers: Meaning(
        "people with a bonus within a year", "a person, for 365 days from a bonus, or until the next one"
    ),
    M.paid_women: Meaning("women with pay", "permanent women whose monthly pay is known"),
    M.paid_men: Meaning("men with pay", "permanent men whose monthly pay is known"),
    M.pay_women: Meaning("women's pay", "the monthly pay at full time of these women, with variable pay, SEK"),
    M.pay_men: Meaning("men's pay", "the monthly pay at full time of these men, with variable pay, SEK"),
    M.joiners: Meaning("joiners", "the first day of a permanent stay; a gap of at most 7 days does not break one"),
    M.joiners_agency: Meaning("joiners from agencies", "joiners hired from an agency"),
    M.joiners_referral: Meaning("joiners by referral", "joiners hired on a colleague's word"),
    M.joiners_trainee: Meaning("joiners from traineeships", "joiners hired after a traineeship"),
    M.leavers_own_request: Meaning(
        "leavers at own request", "the day after a permanent stay ends, in the unit of its last day"
    ),
    M.leavers_retirement: Meaning("retirements", "likewise, by retirement"),
    M.leavers_other: Meaning("other leavers", "likewise, for any other reason or none that is known"),
    M.moved_out: Meaning("moves out", "the first day in another unit, not by a reorganisation; counts in the one left"),
    M.moved_in: Meaning("moves in", "the same day; counts in the new unit"),
    M.occupation_changes: Meaning("changes of occupation", "the first day in another occupation of the same unit"),
    M.starters_matured: Meaning("first years due", "day 365 after joining, still here or not; where the person joined"),
    M.starters_survived: Meaning("first years completed", "the same day, if the stay goes on"),
    M.sick_spells: Meaning(
        "sick spells", "the first of sick days that have no other days than Saturdays and Sundays between them"
    ),
    M.short_spells: Meaning("short sick spells", "the first day of a spell known to last at most 14 days"),
    M.vacancies_filled: Meaning("vacancies filled", "the day a vacancy closes as filled"),
    M.vacancy_days_filled: Meaning("days until filled", "the days from its opening, on the day it closes as filled"),
    M.incidents: Meaning("incidents", "as reported"),
    M.serious_incidents: Meaning("serious incidents", "as reported"),
    M.pulse_answers: Meaning("answers", "as reported"),
    M.pulse_invited: Meaning("invited to answer", "as reported"),
    M.pulse_score: Meaning("the sum of the answers", "as reported; each answer is 0–100"),
    M.pulse_negative: Meaning("negative answers", "as reported; answers of 40 or less"),
    M.handovers: Meaning("handovers", "cases that changed case worker, as reported"),
    M.worked_hours: Meaning("hours worked", "spread evenly over the days of the report on which the person works here"),
    M.overtime_hours: Meaning("hours of overtime", "likewise"),
    M.documentation_hours: Meaning("hours of documentation", "likewise"),
    M.client_hours: Meaning("hours with clients", "likewise"),
    M.personnel_cost: Meaning("personnel cost", "SEK, spread evenly over the days of the report"),
    M.agency_cost: Meaning("agency cost", "likewise"),
    M.first59_fte_days: Meaning(
        "first 59 days", "sick FTE-days of a spell before its 60th day, on that day; those of the same calendar year"
    ),
    M.first59_fte_days_year_before: Meaning(
        "first 59 days, year before", "likewise; those of the calendar year before that of the 60th day"
    ),
    M.starters_matured_referral: Meaning("first years due of joiners by referral", "first years due, of those alone"),
    M.starters_survived_referral: Meaning("first years completed of joiners by referral", "likewise"),
    M.starters_matured_trainee: Meaning(
        "first years due of trainees", "first years due of those who joined in the grade trainee or from a traineeship"
    ),
    M.starters_survived_trainee: Meaning("first years completed of trainees", "likewise"),
    M.pulses: Meaning("pulses", "reports of a unit in which anybody was asked"),
    M.months_paid_by_hour: Meaning(
        "months of hours paid by the hour",
        "a report of hours, on its first day in each month of those on which a person is paid by the hour alone",
    ),
    M.threats: Meaning("threats", "incidents of the kind threat"),
    M.violence: Meaning("acts of violence", "incidents of the kind violence"),
    M.rotated_out: Meaning("rotations out", "moves out that are a rotation; counts in the unit left"),
    M.referral_bonuses: Meaning("referral bonuses", "a bonus for a referral, where its receiver works that day"),
    M.experience_bonuses: Meaning("experience bonuses", "likewise, for experience"),
    M.other_bonuses: Meaning("other bonuses", "likewise, for anything else"),
    M.bonus_cost: Meaning("bonuses in SEK", "the amounts of all bonuses, likewise"),
}


def kind(measure: M) -> str:
    """How the measure acts over time."""
    return "per day" if is_spread(measure) else "happens" if is_flow(measure) else "holds"
