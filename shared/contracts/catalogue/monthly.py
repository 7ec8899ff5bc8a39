"""Of which metrics no monthly control chart is made, and why: it would show rules broken where nothing happened."""

from typing import NamedTuple


class Unfit(NamedTuple):
    """Why, in both languages."""

    sv: str
    en: str


ONCE_A_YEAR = Unfit(
    "lönen ändras en gång om året, vid revisionen; däremellan är nästan varje månad som den förra",
    "pay changes once a year, when it is revised; between revisions nearly every month repeats the one before",
)
PAID_AT_ONCE = Unfit(
    "många tillägg betalas till alla i en och samma månad; årets månader är inget urval av något",
    "many a bonus is paid to everyone in one month of the year; its months are no sample of anything",
)
_LOOKS_BACK = Unfit(
    "varje månads värde ser ett år tillbaka, så att grannar är nästan lika hur det än går",
    "each month's value looks back over a year, so that neighbours are nearly the same by construction",
)


def _looks_back(sv: str, en: str) -> Unfit:
    return Unfit(_LOOKS_BACK.sv + sv, _LOOKS_BACK.en + en)


NEWCOMERS = _looks_back(", och ett helt års nyanställda ingår i det", ", and a whole year's newcomers are in it")

UNFIT: dict[str, Unfit] = {
    "stability": _looks_back(
        "; leaver_rate har ett eget värde för varje månad", "; leaver_rate has a value for each month of its own"
    ),
    "introduction_coverage": NEWCOMERS,
    "mentor_coverage": NEWCOMERS,
    "replacement_turnover": Unfit(
        "den som ersätts månaden efter skulle räknas som inte ersatt i båda; leaver_rate är det som går att följa"
        " månad för månad",
        "somebody who is replaced the month after would count as not replaced in both; "
        "leaver_rate is the one to follow by month",
    ),
    "overtime_capped_share": Unfit(
        "det växer under kalenderåret och börjar om i januari; overtime_share är det som går att följa månad för månad",
        "it grows through the calendar year and begins again in January; overtime_share is the one to follow by month",
    ),
    "pay_median": ONCE_A_YEAR,
    "pay_quartiles": ONCE_A_YEAR,
    "pay_p90_p10": ONCE_A_YEAR,
    "pay_gap": ONCE_A_YEAR,
    "experience_bonuses": PAID_AT_ONCE,
    "bonus_cost": PAID_AT_ONCE,
}
"""Metric → why. Source: overlapping values are alike, which the rules for shifts and trends take for a change."""
