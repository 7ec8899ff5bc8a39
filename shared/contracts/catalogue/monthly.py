"""Of which metrics no monthly control chart is made, and why: it would show rules broken where nothing happened."""

ONCE_A_YEAR = "pay changes once a year, when it is revised; between revisions nearly every month repeats the one before"
PAID_AT_ONCE = "many a bonus is paid to everyone in one month of the year; its months are no sample of anything"
LOOKS_BACK = "each month's value looks back over a year, so that neighbours are nearly the same by construction"

UNFIT = {
    "stability": f"{LOOKS_BACK}; leaver_rate has a value for each month of its own",
    "introduction_coverage": f"{LOOKS_BACK}, and a whole year's newcomers are in it",
    "mentor_coverage": f"{LOOKS_BACK}, and a whole year's newcomers are in it",
    "replacement_turnover": "somebody who is replaced the month after would count as not replaced in both; "
    "leaver_rate is the one to follow by month",
    "overtime_capped_share": "it grows through the calendar year and begins again in January; "
    "overtime_share is the one to follow by month",
    "pay_median": ONCE_A_YEAR,
    "pay_quartiles": ONCE_A_YEAR,
    "pay_p90_p10": ONCE_A_YEAR,
    "pay_gap": ONCE_A_YEAR,
    "experience_bonuses": PAID_AT_ONCE,
    "bonus_cost": PAID_AT_ONCE,
}
"""Metric → why. Source: overlapping values are alike, which the rules for shifts and trends take for a change."""
