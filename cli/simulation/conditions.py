"""How things stand in a unit: every dial that promises kept, and troubles, turn."""

from dataclasses import dataclass

from cli.simulation import magnitudes


@dataclass(frozen=True, slots=True)
class Conditions:
    """How things stand in a unit during a month; the defaults are those of an ordinary unit.

    What is said to be *times* multiplies what is ordinary (see ``magnitudes``); a *switch* is off at 0 and on at 1.
    """

    resignations: float = 0
    """Per settled person and year, as a set number; at 0 they are left to chance."""
    restlessness: float = 1
    """Times: the chance of resigning."""
    experienced_first: float = 0
    """Switch: of those driven away, the most experienced go first."""
    managers_leave: float = 0
    """Switch: managers resign until one is left."""
    trainees_leave: float = 0
    """Switch: trainees resign within their first year."""
    referrals_leave: float = 0
    """Switch: people who came through a colleague resign within their first year."""
    sickness: float = 1
    """Times."""
    studies: float = 1
    """Times: leave to study is granted."""
    quarter_studies: float = 0
    """Switch: all leave to study is of a quarter."""
    hiring: float = 1
    """Times: how readily a vacant post is filled."""
    managers_hired: float = 1
    """Times: how readily a manager's post is filled, beside ``hiring``."""
    readvertising: float = 0.5
    """How often a month a round of recruiting that has led nowhere is begun anew."""
    contracts_run_out: float = 0.6
    """Share of the fixed-term contracts that end although there is a post for whoever has one."""
    internal_fill: float = magnitudes.INTERNAL_FILL
    """Share of the posts filled from another unit."""
    rotation: float = 0
    """Switch: whoever moves to another unit in the same trade does so by rotation."""
    lets_go: float = 1
    """Switch: people may move to other units."""
    referral_fill: float = magnitudes.REFERRAL_FILL
    """Share of those hired from outside who come through a colleague."""
    trainee_fill: float = magnitudes.TRAINEE_FILL
    """Share of those hired from outside who are former students."""
    beginners: float = 1
    """Switch: people may be hired straight from their studies."""
    introduced: float = 0.92
    """Share of the newcomers whose introduction is completed, late or not."""
    introduced_late: float = 0.16
    """Share of the completed introductions that take longer than 90 days."""
    mentored: float = 0.9
    """Share of the newcomers who get a mentor, late or not."""
    mentored_late: float = 0.12
    """Share of those who get theirs after more than 14 days."""
    pay: float = 1
    """Times: pay at the beginning of an employment."""
    entry_pay: float = 0
    """SEK a month agreed for newcomers; at 0 it depends on their experience."""
    referral_bonus: float = 0
    """SEK to a colleague when somebody comes through one."""
    experience_bonus: float = 0
    """SEK in March to everyone permanent with some years in the trade."""
    levelling: float = 0
    """How far a pay revision lifts everyone towards the best paid of the unit, from 0 to 1."""
    raise_of_men: float = 0
    """What men get more than women at a pay revision, as a share of their pay."""
    promotions: float = 1
    """Times."""
    cover: float = 1
    """Times: how readily a vacant post is covered by a consultant."""
    extra_consultants: float = 1
    """Times: consultants beside the vacant posts."""
    conversion: float = magnitudes.CONVERSION
    """Share of the consultants on a post who are employed on it when their assignment ends."""
    pool: float = 1
    """Times: deployments from the central pool."""
    students: float = 1
    """Times: students in placement."""
    load: float = 1
    """Times: cases per case holder."""
    churn: float = 1
    """Times: cases that change case worker."""
    overtime: float = 0
    """Hours a month and person, beside each one's habit."""
    documentation: float = 0.46
    """Share of the hours worked."""
    client_time: float = 0.21
    """Share of the hours worked."""
    missed_talks: float = 0.06
    """Share of the talks with the manager that lapse."""
    incidents: float = 1
    """Times."""
    violence: float = 0.08
    """How many are acts of violence, to 0.62 threats and 0.3 others."""
    pulse: float = 70
    """Mean of the answers to the survey, 0–100."""
    answering: float = 0.72
    """Share of those invited who answer it."""


ORDINARY = Conditions()
