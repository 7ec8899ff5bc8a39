"""A sound plan as tables: its targets, as units adapt them too, and its measures. Numbers are as the plan has them."""

from collections.abc import Sequence

from rich.table import Table

from cli.offline.checking.words import WORDS, CheckingWords
from cli.terminal import harmless, harmless_lines, harmless_words
from services.alerts.domain.letter.whom import in_words
from services.alerts.domain.plan.plan import Action, Limit, Plan, Target
from shared.contracts.metrics import ALL
from shared.language.language import Language
from shared.language.numbers import fixed


def table(title: str, caption: str, headings: Sequence[str]) -> Table:
    """An empty one."""
    made = Table(title=harmless(title), show_lines=True, caption=harmless(caption))
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made


def targets(sound: Plan, language: Language) -> Table:
    """What is promised."""
    words = WORDS[language]
    made = table(f"{sound.id}: {' · '.join(sound.title.values())}", _scope(sound, words), words.targets)
    for target in sound.targets.values():
        made.add_row(*map(harmless_lines, _target(target, target.id, words)))
    for unit, adapted in sound.local.items():
        for target in adapted.values():
            name = words.in_unit.format(target=target.id, unit=unit)
            made.add_row(*map(harmless_lines, _target(target, name, words)))
    return made


def measures(sound: Plan, language: Language) -> Table:
    """What shall be done."""
    words = WORDS[language]
    made = table("", "", words.measures)
    for measure in sound.measures.values():
        name, moves = f"{measure.id}\n{next(iter(measure.title.values()))}", "\n".join(measure.should_move)
        cost = harmless_words(_cost(measure, language))
        made.add_row(*map(harmless_lines, (name, measure.owner, _when(measure, words), cost, moves)))
    return made


def _scope(sound: Plan, words: CheckingWords) -> str:
    places, who = ", ".join(sound.units) or words.every_unit, _occupation(sound.occupation, words)
    return f"{places}; {who}" + (words.known_from.format(day=sound.known_from) if sound.known_from else "")


def _occupation(occupation: str, words: CheckingWords) -> str:
    return words.every_occupation if occupation == ALL else occupation


def _target(target: Target, name: str, words: CheckingWords) -> tuple[str, ...]:
    whom = [_occupation(target.occupation, words)] if target.occupation else []
    measured = ", ".join((target.metric, words.by[target.by], *whom, *in_words(target.part, words.letter)))
    watched = (words.watched.format(day=target.watch_from),) if target.watch_from else ()
    settles = words.settles.format(seconds=target.settle)
    return (
        "\n".join((f"{name} ({words.severity[target.severity]})", measured, *watched, settles)),
        _limit(target.breach, target.hold, words) if target.breach else _rule(target, words),
        _limit(target.clear, target.clear_hold, words) if target.clear else "",
        f"{', '.join(map(str, target.look_ahead))} d" if target.look_ahead else "",
        ", ".join(target.notify),
    )


def _limit(limit: Limit, days: int, words: CheckingWords) -> str:
    lasts = f"\n{words.lasts.format(days=days)}" if days else ""
    return f"{words.side[limit.side]} {limit.value:g}{lasts}"


def _rule(target: Target, words: CheckingWords) -> str:
    rule = target.rule
    if rule is None:
        return ""
    return words.since.format(rule=words.rule[rule.kind], way=words.way[rule.upwards], day=rule.since)


def _cost(measure: Action, language: Language) -> str:
    cost = "" if measure.cost is None else fixed(measure.cost, 0, language)
    return "\n".join(part for part in (cost, WORDS[language].decision[measure.decision]) if part)


def _when(measure: Action, words: CheckingWords) -> str:
    told = [words.due.format(day=measure.due)] if measure.due else []
    if trial := measure.trial:
        told.append(words.trial.format(began=f"{trial.first} " if trial.first else "", last=trial.last))
    return "\n".join(told)
