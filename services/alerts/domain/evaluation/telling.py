"""An evaluation in words, for readers who do no statistics."""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from services.alerts.domain.alert.telling import EVERYWHERE
from services.alerts.domain.evaluation.en import EN
from services.alerts.domain.evaluation.sv import SV
from services.alerts.domain.evaluation.verdict import direction
from services.alerts.domain.evaluation.words import EvaluationWords
from shared.contracts.catalogue import BY_NAME
from shared.contracts.evaluations import Caveat, Effect, Evaluation, SideBySide, Staying, Verdict
from shared.contracts.metrics import ALL
from shared.language.language import Language
from shared.language.numbers import amount, day, plain
from shared.language.phrase import capitalised, phrase

WORDS: dict[Language, EvaluationWords] = {"sv": SV, "en": EN}
PER_CENT = 100
MANIFOLD = 3
"""Times what it was: from here on a rise is told in times, and not in hundreds of per cent."""
MOST_NAMES = 4
"""Units named in a sentence; of more the others are counted."""

HARDLY = 0.01
"""Less often than this is no share to write."""


class EvaluationText(msgspec.Struct, frozen=True):
    """``verdict`` is one or two words, ``lead`` a sentence, ``numbers`` what it rests on, ``care`` what to mind."""

    title: str
    question: str
    verdict: str
    lead: str
    numbers: list[str]
    care: list[str]
    foot: str


def text(found: Evaluation, language: Language) -> EvaluationText:
    """Everything that is said of an evaluation."""
    words = WORDS[language]
    measure = found.title.get(language) or next(iter(found.title.values()))
    return EvaluationText(
        words.title.format(measure=measure),
        _question(found, words, language),
        words.verdicts[found.verdict],
        words.lead_as_much if "as_much_elsewhere" in found.because else words.leads[found.verdict],
        list(_numbers(found, words, language)),
        list(_care(found, words, language)),
        words.foot.format(definition=found.definition, known_to=day(found.known_to, language)),
    )


def lines(found: EvaluationText) -> list[str]:
    """The same, a line each, for a terminal."""
    return [found.title, found.question, f"{found.verdict}. {found.lead}", *found.numbers, *found.care, found.foot]


def brief(found: Evaluation, language: Language) -> list[str]:
    """The answer in a few sentences: the verdict and what was asked, what it rests on, what would have been seen, and
    why there is no answer or what is in the number besides.
    """
    words = WORDS[language]
    besides = {"begun_beside", "worst_before"}
    if "no_comparison" not in found.because:
        besides |= {"nothing_beside"}
    minded = replace(found, caveats=[caveat for caveat in found.caveats if caveat in besides])
    _windows, *numbers = _numbers(replace(found, alone=None, likewise=None, second=None), words, language)
    verdict = f"{words.verdicts[found.verdict]}."
    return [verdict, _question(found, words, language), *numbers, *_care(minded, words, language)]


def _question(found: Evaluation, words: EvaluationWords, language: Language) -> str:
    metric = capitalised(getattr(BY_NAME[found.metric], language))
    whom = "" if found.occupation == ALL else f", {found.occupation}"
    units = [EVERYWHERE[language].lower() if unit == ALL else unit for unit in found.units]
    return words.question.format(metric=f"{metric}{whom}", units=_names(units, words), start=day(found.start, language))


def _names(units: Sequence[str], words: EvaluationWords) -> str:
    names = ", ".join(units[:MOST_NAMES])
    return words.and_more.format(names=names, n=len(units) - MOST_NAMES) if len(units) > MOST_NAMES else names


def _numbers(found: Evaluation, words: EvaluationWords, language: Language) -> Iterator[str]:
    def span(first: str, last: str) -> str:
        return f"{first}\N{EN DASH}{last}"

    sides = (span(day(one.first, language), day(one.last, language)) for one in (found.before, found.after))
    yield words.windows.format(before=next(sides), after=next(sides))
    if found.effect is None or found.acted is None:
        return
    yield _sides(found, words, language)
    if found.effect.low is None and found.effect.high is None:
        return
    pattern = words.beside if found.effect.design == "beside_others" else words.before_after
    yield pattern.format(effect=_effect(found, found.effect, words, language))
    if found.alone:
        yield words.alone.format(effect=_effect(found, found.alone, words, language))
    if found.likewise:
        counts = {"as_much": found.likewise.as_much, "units": found.likewise.units}
        yield phrase(words.likewise, counts, {name: str(number) for name, number in counts.items()})
    yield " ".join(_seen(found, words, language))
    if found.second:
        step = Effect(found.second.effect, found.second.low, found.second.high, "before_after")
        yield words.second.format(effect=_effect(found, step, words, language))
    if found.staying:
        yield " ".join(_staying(found.staying, words, language))


def _staying(found: Staying, words: EvaluationWords, language: Language) -> Iterator[str]:
    yield words.staying.format(left=found.left, expected=plain(round(found.expected), language))
    yield words.staying_hardly if found.p < HARDLY else words.staying_chance.format(p=_share(found.p, language))
    if found.year_before is not None and found.year_after is not None:
        shares = (_share(one, language) for one in (found.year_before, found.year_after))
        yield words.stayed_a_year.format(before=next(shares), after=next(shares))


def _care(found: Evaluation, words: EvaluationWords, language: Language) -> Iterator[str]:
    until, others = day(found.after.last, language), _names(found.others, words)
    if found.given:
        yield words.as_given.format(day=day(found.given, language))
    for why in found.because:
        yield words.because[why].format(until=until, others=others)
    if found.earlier:
        yield _earlier(found, words, language)
    for caveat in found.caveats:
        yield _caveat(caveat, found, words)


def _caveat(caveat: Caveat, found: Evaluation, words: EvaluationWords) -> str:
    if caveat == "worst_before" and len(found.units) > 1:
        return words.worst_together
    return words.caveats[caveat].format(left_out=_names(found.left_out, words), beside=_names(found.beside, words))


def _earlier(found: Evaluation, words: EvaluationWords, language: Language) -> str:
    """The latest answer that said another thing, beside the one that holds."""
    before = found.earlier[-1]

    def said(verdict: Verdict, effect: Effect | None) -> str:
        name = words.verdicts[verdict].lower()
        return f"{name} ({_effect(found, effect, words, language)})" if effect else name

    return words.earlier.format(
        day=day(before.day, language),
        verdict=said(before.verdict, before.effect),
        now=said(found.verdict, found.effect),
    )


def _sides(found: Evaluation, words: EvaluationWords, language: Language) -> str:
    pattern = words.rates if found.kind == "ratio" else words.values
    own, beside = found.acted, found.compared
    said = pattern.format(**_values(found, own, language)) if own else ""
    if own and own.count_before is not None:
        said += words.counts.format(count_before=own.count_before, count_after=own.count_after)
    if beside and found.effect and found.effect.design == "beside_others":
        said += words.beside_rates.format(**_values(found, beside, language))
    return f"{said}."


def _values(found: Evaluation, side: SideBySide, language: Language) -> dict[str, str]:
    unit = BY_NAME[found.metric].unit
    pairs = (("before", side.before), ("after", side.after))
    return {name: "–" if value is None else amount(value, unit, language) for name, value in pairs}


def _effect(found: Evaluation, effect: Effect, words: EvaluationWords, language: Language) -> str:
    """A percentage only where the interval leaves no change out."""
    ratio = found.kind == "ratio"
    moved = direction(effect.low, effect.high, 1.0 if ratio else 0.0)
    if moved is None:
        return _spans(found, effect, words, language)
    if effect.effect is None:
        return words.unending.format(low=_times(effect.low or 0.0, language))
    if ratio:
        return _changed(effect, words, language)
    pattern = words.lower if moved == "lower" else words.higher
    bounds = sorted(abs(bound) for bound in (effect.low, effect.high) if bound is not None)
    low, high, size = (_difference(found, one, words, language) for one in (*bounds, abs(effect.effect)))
    return pattern.format(effect=size, low=low, high=high)


def _changed(effect: Effect, words: EvaluationWords, language: Language) -> str:
    size = effect.effect or 0.0
    if effect.high is not None and effect.high < 1:
        low, high = 1 - effect.high, 1 - (effect.low or 0.0)
        return words.fell.format(
            effect=_share(1 - size, language), low=_share(low, language), high=_share(high, language)
        )
    if size >= MANIFOLD:
        ends = [words.unbounded if one is None else _times(one, language) for one in (effect.low, effect.high)]
        return words.times.format(effect=_times(size, language), low=ends[0], high=ends[1])
    high_said = words.unbounded if effect.high is None else _share(effect.high - 1, language)
    low_said = _share((effect.low or 1.0) - 1, language)
    return words.rose.format(effect=_share(size - 1, language), low=low_said, high=high_said)


def _spans(found: Evaluation, effect: Effect, words: EvaluationWords, language: Language) -> str:
    pattern = words.spans_ratio if found.kind == "ratio" else words.spans_difference

    def said(bound: float | None) -> str:
        if bound is None:
            return words.unbounded
        if found.kind == "ratio":
            return _times(bound, language)
        side = words.less if bound < 0 else words.more
        return side.format(size=_difference(found, abs(bound), words, language))

    return pattern.format(low=said(effect.low), high=said(effect.high))


def _seen(found: Evaluation, words: EvaluationWords, language: Language) -> Iterator[str]:
    falls = found.expect == "lower"
    if found.seen is None:
        yield words.seen_nothing
    elif found.kind == "difference":
        yield words.seen_difference.format(seen=_difference(found, abs(found.seen), words, language))
    else:
        pattern = words.seen_fall if falls else words.seen_rise
        yield pattern.format(seen=_share(abs(1 - found.seen), language))
    if found.smallest is not None:
        ratio = found.kind == "ratio"
        size = abs(1 - found.smallest) if ratio else abs(found.smallest)
        yield words.worth.format(
            smallest=_share(size, language) if ratio else _difference(found, size, words, language)
        )


def _share(value: float, language: Language) -> str:
    return amount(value, "ratio", language, 0)


def _times(value: float, language: Language) -> str:
    return amount(value, "quotient", language, 2)


def _difference(found: Evaluation, value: float, words: EvaluationWords, language: Language) -> str:
    unit = BY_NAME[found.metric].unit
    if unit == "ratio":
        return f"{plain(PER_CENT * value, language)} {words.points}"
    return amount(value, unit, language)
