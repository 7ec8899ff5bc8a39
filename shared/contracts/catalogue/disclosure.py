"""Of how few a metric may be told, and why: who is hidden is decided by these rules, and documents say them."""

from enum import Enum
from typing import NamedTuple


class ByMonth(Enum):
    """What is told of whole months alone: each kind is decided month by month, by a count of its own.

    The values number the kinds; what is stored carries the names.
    """

    HEALTH = 0
    PULSE = 1


class Disclosure(NamedTuple):
    """The smallest group that a metric is told of, in words of both languages, with the reason.

    ``fewest`` are the people that it takes on the day or in the window; 0 where any will do, or where it is decided
    month by month, and ``by_month`` says by what. ``always`` holds even for those who may see everything.
    """

    en: str
    sv: str
    fewest: int = 0
    by_month: ByMonth | None = None
    always: bool = False


HEALTH = Disclosure(
    "more than ten permanent staff on every day of the months it tells of, also of what additions and subtractions"
    " leave over: sickness is private (SFS 2002:1065)",
    "fler än tio tillsvidareanställda varje dag i de månader det gäller, också i det som blir över när grupper läggs"
    " ihop och dras ifrån: sjukdom är privat (SFS 2002:1065)",
    by_month=ByMonth.HEALTH,
)
HOURS = Disclosure(
    "more than ten permanent staff, as for sickness: the hours worked by a few tell who was away",
    "fler än tio tillsvidareanställda, som för sjukfrånvaro: några fås arbetade timmar visar vem som var borta",
    by_month=ByMonth.HEALTH,
)
PULSE = Disclosure(
    "at least seven who answered in each of the months it tells of, also of what additions and subtractions leave over:"
    " whoever answers is promised not to be recognised",
    "minst sju som svarade i varje månad det gäller, också i det som blir över när grupper läggs ihop och dras ifrån:"
    " den som svarar är lovad att inte kännas igen",
    by_month=ByMonth.PULSE,
)
REASON = Disclosure(
    "at least five permanent staff on average: why somebody leaves is personal",
    "minst fem tillsvidareanställda i genomsnitt: varför någon slutar är personligt",
    fewest=5,
)
INCIDENT = Disclosure(
    "at least five permanent staff on average: among fewer it is known who was hurt",
    "minst fem tillsvidareanställda i genomsnitt: bland färre vet man vem som drabbades",
    fewest=5,
)
SINGLED_OUT = Disclosure(
    "at least five permanent staff on the day: among fewer it tells of one person's time",
    "minst fem tillsvidareanställda den dagen: bland färre berättar det om en enskilds tid",
    fewest=5,
)
BONUS = Disclosure(
    "at least five permanent staff on average: among fewer it is known who was paid",
    "minst fem tillsvidareanställda i genomsnitt: bland färre vet man vem som fick betalt",
    fewest=5,
)
BONUS_COST = Disclosure(
    "at least 5 who got one within a year: a sum of fewer is nearly somebody's pay",
    "minst 5 som har fått tillägg inom ett år: summan av färre är nästan någons lön",
    fewest=5,
    always=True,
)
COST = Disclosure(
    "at least five permanent staff on average: what fewer cost is nearly somebody's pay",
    "minst fem tillsvidareanställda i genomsnitt: vad färre kostar är nästan någons lön",
    fewest=5,
)
PAY = Disclosure(
    "at least 5 whose pay is known: a median of fewer is somebody's pay",
    "minst 5 med känd lön: medianen av färre är någons lön",
    fewest=5,
    always=True,
)
PAY_QUARTILES = Disclosure(
    "at least 9 whose pay is known: quartiles of fewer are somebody's pay",
    "minst 9 med känd lön: kvartilerna av färre är någons lön",
    fewest=9,
    always=True,
)
PAY_TAILS = Disclosure(
    "at least 21 whose pay is known: the 10th and 90th percentiles of fewer are somebody's pay",
    "minst 21 med känd lön: den 10:e och den 90:e percentilen av färre är någons lön",
    fewest=21,
    always=True,
)
PAY_GAP = Disclosure(
    "at least 10 women and 10 men whose pay is known, and in whole per cents, rounded towards zero: nobody's pay is"
    " found by subtraction",
    "minst 10 kvinnor och 10 män med känd lön, och i hela procent, avrundat mot noll: ingens lön går att räkna fram",
    fewest=10,
    always=True,
)
KNOWN = Disclosure(
    "any size: who works where, and as what, is known to everyone who works there",
    "alla storlekar: vem som arbetar var, och som vad, vet alla som arbetar där",
)
DUTY = Disclosure(
    "any size: tells of the manager's duty, not of the employee",
    "alla storlekar: handlar om chefens skyldighet, inte om den anställda",
)
LOAD = Disclosure(
    "any size: tells of the work that was given, not of who did it how",
    "alla storlekar: handlar om arbetet som har getts, inte om hur någon har gjort det",
)
POSTS = Disclosure(
    "any size: tells of posts and budgets, not of people",
    "alla storlekar: handlar om tjänster och budgetar, inte om människor",
)
