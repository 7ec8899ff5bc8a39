"""Reading the measures of a plan: what shall be done, by whom, at what cost, and on whose decision."""

from collections.abc import Callable, Collection
from typing import NamedTuple, get_args

from ruamel.yaml.nodes import Node

from services.alerts.domain.plan.entries import entries
from services.alerts.domain.plan.evaluate import NO_METRIC, evaluate
from services.alerts.domain.plan.plan import Action, Decision, Trial
from shared.contracts.catalogue import BY_NAME
from shared.language.language import Language
from shared.language.said import Said, alike
from shared.written.entries import Entries, optional, required
from shared.written.faults import Faults, meant
from shared.written.values import LANGUAGES, day, identifier, items, number, one_of, some_of, text

KEYS = ("id", "title", "owner", "due", "cost", "should_move", "decision", "trial", "evaluate")
DECISIONS: tuple[Decision, ...] = get_args(Decision)
NONE: tuple[str, ...] = ()
A_MEASURE = Said("en åtgärd", "a measure")


class Setting(NamedTuple):
    """What measures are read within: the plan's language and recipients, the unit they are of, ids that are taken,
    and the units that are known, if any.
    """

    language: Language
    recipients: Collection[str]
    unit: str | None = None
    taken: Collection[str] = ()
    units: Collection[str] = ()


def actions(faults: Faults, given: Entries, within: Setting) -> dict[str, Action]:
    """The measures of a plan, or of one unit, by id; an id given twice is a fault."""
    found: dict[str, Action] = {}
    for node in items(faults, given.values["measures"], "measures") if "measures" in given.values else ():
        of = entries(faults, node, A_MEASURE, KEYS)
        name = required(faults, of, "id", A_MEASURE, identifier) or ""
        if name in found or name in within.taken:
            faults.add(of.values["id"], f'åtgärden "{name}" står två gånger', f'measure "{name}" is given twice')
        found[name] = _action(faults, of, name, within)
    return found


def _action(faults: Faults, of: Entries, name: str, within: Setting) -> Action:
    whose = Said(f'åtgärden "{name}"', f'measure "{name}"')
    return Action(
        id=name,
        title=title(faults, of, within.language, default=name),
        owner=required(faults, of, "owner", whose, owner(within.recipients)) or "",
        due=optional(faults, of, "due", None, day),
        cost=optional(faults, of, "cost", None, cost),
        should_move=optional(faults, of, "should_move", NONE, some_of(BY_NAME, NO_METRIC)),
        decision=optional(faults, of, "decision", DECISIONS[0], one_of(DECISIONS)),
        trial=optional(faults, of, "trial", None, trial),
        unit=within.unit,
        evaluate=optional(faults, of, "evaluate", None, evaluate(within.unit, within.units)),
    )


def owner(recipients: Collection[str]) -> Callable[[Faults, Node, str], str | None]:
    """A reader of a recipient, or of any text that is not nearly one: that is taken for a typing error."""

    def read(faults: Faults, node: Node, name: str) -> str | None:
        word = text(faults, node, name)
        near = meant(word, recipients) if word and word not in recipients else alike("")
        if near.en:
            faults.add(node, f'det finns ingen mottagare "{word}"{near.sv}', f'unknown recipient "{word}"{near.en}')
        return word

    return read


def title(faults: Faults, given: Entries, language: Language, default: str) -> dict[str, str]:
    """A title by language; one written as plain text is in the plan's language."""
    node = given.values.get("title")
    if node is None:
        return {language: default}
    if not hasattr(node, "value") or isinstance(node.value, str):
        return {language: text(faults, node, "title") or default}
    titles = entries(faults, node, alike('"title"'), LANGUAGES)
    read_titles = {code: text(faults, value, "title") for code, value in titles.values.items()}
    return {code: title for code, title in read_titles.items() if title}


def cost(faults: Faults, node: Node, name: str) -> float | None:
    """What a measure costs, in SEK."""
    value = number(faults, node, name)
    if value is not None and value < 0:
        faults.add(
            node, f'"{name}" måste vara 0 eller mer, inte {value:g}', f'"{name}" must be 0 or more, not {value:g}'
        )
    return value


def trial(faults: Faults, node: Node, name: str) -> Trial | None:
    """``{from: day, to: day}``, both included; where it is not known when the trial began, ``{to: day}``."""
    what = alike(f'"{name}"')
    of = entries(faults, node, what, ("from", "to"))
    first = optional(faults, of, "from", None, day)
    last = required(faults, of, "to", what, day)
    if first and last and last < first:
        faults.add(
            of.values["to"],
            f"ett prov från {first} kan inte sluta innan det börjar, den {last}",
            f"a trial from {first} cannot end before it, on {last}",
        )
    return Trial(last, first) if last else None
