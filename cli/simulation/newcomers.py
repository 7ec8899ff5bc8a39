"""People as they begin: who they are, what they earn, what the employer promises them in their first months."""

from datetime import date

from cli.simulation import magnitudes
from cli.simulation.chance import Chance
from cli.simulation.conditions import Conditions
from cli.simulation.organisation import CASE_HOLDERS, MANAGER
from cli.simulation.workforce import Absence, Milestone, Person, SimulatedUnit, Town
from shared.contracts.events import EmploymentStarted, Gender, Grade

GENDERS: tuple[tuple[Gender, float], ...] = (("f", 0.845), ("m", 0.15), ("x", 0.005))
FTES = ((1.0, 0.86), (0.8, 0.07), (0.75, 0.05), (0.5, 0.02))
OVERTIME = ((0.0, 0.60), (3.0, 0.30), (8.0, 0.085), (18.0, 0.015))
"""Hours of overtime a month; the last group passes 200 hours in a year."""


def newcomer(town: Town, occupation: str, started: int, age: int, experience: float) -> Person:
    """Someone of an age (years) and experience (years) who begins, or began, on a day."""
    chance = town.chance
    born = date.fromordinal(started).year - age
    person = Person(
        ref=town.new_ref(),
        occupation=occupation,
        started=started,
        born=born,
        gender=chance.weighted(GENDERS),
        experience=experience,
        retires=date(born + chance.between(*magnitudes.RETIREMENT_AGES), chance.between(1, 12), 28).toordinal(),
        pay=_pay(chance, occupation, experience),
        frailty=0.4 + 1.2 * chance.random(),
        overtime=chance.weighted(OVERTIME),
        next_check_in=started + chance.between(30, 60),
    )
    person.role = "manager" if occupation == MANAGER else "staff"
    person.fte = 1.0 if person.role == "manager" else chance.weighted(FTES)
    person.grade = _grade(chance, experience)
    person.case_holder = occupation in CASE_HOLDERS and chance.happens(0.93)
    return person


def recruit(town: Town, occupation: str, started: int, conditions: Conditions) -> Person:
    """Someone hired now: mostly young, with some of the years since the degree spent in the trade."""
    lowest = 32 if occupation == MANAGER else 23
    age = min(lowest + int(town.chance.days(9)), 60)
    experience = 0.6 * max(0, age - 24) * town.chance.random()
    person = newcomer(town, occupation, started, age, experience if conditions.beginners else experience + 1)
    person.retires = max(person.retires, started + 2000)
    person.planned = _promises(town.chance, started, conditions)
    person.pay = round(conditions.entry_pay) or _agreed(person.pay, conditions)
    return person


def veteran(town: Town, occupation: str, day: int, conditions: Conditions) -> Person:
    """Someone already employed on the day the log begins."""
    age = town.chance.between(31 if occupation == MANAGER else 24, 65)
    service = min(town.chance.days(6 * 365), 365 * (age - 23))
    person = newcomer(town, occupation, day - service, age - service // 365, 0)
    person.experience = max(0.0, (age - 25 - service / 365) * (0.2 + 0.5 * town.chance.random()))
    person.pay = _agreed(_pay(town.chance, occupation, person.years(day)), conditions)
    person.grade = _grade(town.chance, person.years(day))
    person.retires = max(person.retires, day + town.chance.between(20, 450))
    person.next_check_in = day + town.chance.between(0, 55)
    return person


def begin(town: Town, unit: SimulatedUnit, person: Person, known: int) -> None:
    """Report the employment, on the day the contract is entered, and put the person in the unit."""
    unit.people[person] = None
    data = EmploymentStarted(
        effective=date.fromordinal(person.started),
        unit=unit.ref,
        occupation=person.occupation,
        form=person.form,
        fte=person.fte,
        role=person.role,
        grade=person.grade,
        case_holder=person.case_holder,
        manager=unit.manager.ref if unit.manager is not None else None,
        gender=person.gender,
        born=person.born,
        hired_from=person.hired_from,
        monthly_pay=person.pay,
    )
    town.report(person.subject, data, known)


def _pay(chance: Chance, occupation: str, years: float) -> int:
    """SEK a month at full time, before any revision."""
    lead = 12_000 if occupation == MANAGER else 0
    return 100 * round((33_500 + lead + 560 * min(years, 16) + chance.near(0, 1_100)) / 100)


def _agreed(pay: int, conditions: Conditions) -> int:
    return 100 * round(pay * conditions.pay / 100)


def _grade(chance: Chance, years: float) -> Grade:
    if years < 1:
        return "trainee"
    return "senior" if years > 6 and chance.happens(0.55) else "regular"


def _promises(chance: Chance, started: int, conditions: Conditions) -> list[tuple[int, Milestone]]:
    """Introduction and mentor: most in time (90 and 14 days), some late, some never."""
    planned: list[tuple[int, Milestone]] = [(started + chance.between(0, 4), "introduction_started")]
    if chance.happens(conditions.mentored):
        planned.append(
            (
                started + (chance.between(0, 13) if chance.happens(1 - conditions.mentored_late) else 40),
                "mentor_assigned",
            )
        )
    if chance.happens(conditions.introduced):
        late = chance.happens(conditions.introduced_late)
        planned.append((started + chance.between(*((95, 150) if late else (45, 88))), "introduction_completed"))
    return planned


FOUND = 0.6
WARRANT = frozenset({"parental", "study", "leave"})


def substitute(town: Town, unit: SimulatedUnit, away: Person, absence: Absence) -> None:
    """Perhaps someone is employed until the absence ends, some weeks after it began."""
    first_day = town.month.last + town.chance.between(1, 30)
    if absence.kind not in WARRANT or absence.last - first_day < 60 or not town.chance.happens(FOUND):
        return
    person = recruit(town, away.occupation, first_day, unit.conditions)
    person.form, person.contract_until = "fixed_term", absence.last
    begin(town, unit, person, town.month.last)
