"""What an evaluation says, in sentences."""

import msgspec

from shared.contracts.evaluations import Because, Caveat, Verdict


class EvaluationWords(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is said of evaluations in one language, but for names and numbers."""

    title: str
    question: str
    verdicts: dict[Verdict, str]
    leads: dict[Verdict, str]
    lead_as_much: str
    because: dict[Because, str]
    caveats: dict[Caveat, str]
    worst_together: str
    earlier: str
    as_given: str
    windows: str
    rates: str
    values: str
    counts: str
    beside_rates: str
    alone: str
    fell: str
    rose: str
    times: str
    unending: str
    lower: str
    higher: str
    spans_ratio: str
    spans_difference: str
    unbounded: str
    beside: str
    before_after: str
    likewise: str
    seen_fall: str
    seen_rise: str
    seen_nothing: str
    seen_difference: str
    worth: str
    second: str
    staying: str
    staying_chance: str
    staying_hardly: str
    stayed_a_year: str
    less: str
    more: str
    points: str
    picture_before: str
    picture_after: str
    picture_washed: str
    picture_acted: str
    picture_compared: str
    picture_unit: str
    and_more: str
    foot: str
