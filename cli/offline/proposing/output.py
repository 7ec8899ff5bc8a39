"""The proposal as a table to read, as CSV to open elsewhere, or as JSON."""

import msgspec
from rich.console import Group
from rich.table import Table
from rich.text import Text

from cli import spreadsheet
from cli.offline.proposing.words import WORDS, ProposingWords
from cli.terminal import harmless, harmless_json, harmless_words
from shared.contracts.metrics import ALL
from shared.contracts.staffing import Office, StaffingProposal
from shared.language.language import Language
from shared.language.numbers import fixed, plain

STEADY = 0.005
"""A difference that reads as none."""


def as_json(found: StaffingProposal) -> str:
    """One JSON document."""
    return harmless_json(msgspec.json.format(msgspec.json.encode(found))).decode() + "\n"


def as_csv(found: StaffingProposal) -> str:
    """A line for each office."""
    header = ("as_of", "norm", *Office.__struct_fields__)
    told = (msgspec.to_builtins(office) | {"itself": str(office.itself).lower()} for office in found.offices)
    return spreadsheet.written((header, *((found.as_of, found.norm, *values.values()) for values in told)))


def as_table(found: StaffingProposal, language: Language) -> Group:
    """A row for each office and one for all of them, and what could not be shared."""
    words = WORDS[language]
    table = Table(title=_title(found, language), show_footer=True)
    table.add_column(words.office, footer=words.whole)
    for name, total in zip(words.columns, _numbers(_all(found), language), strict=True):
        table.add_column(name, justify="right", footer=total)
    for office in found.offices:
        table.add_row(_name(office, words), *_numbers(office, language))
    notes = [words.need.format(norm=plain(found.norm, language))]
    if found.unmeasured:
        notes.append(words.unmeasured.format(units=", ".join(map(harmless, found.unmeasured))))
    return Group(table, *(Text(harmless_words(note), "dim") for note in notes))


def _title(found: StaffingProposal, language: Language) -> str:
    words = WORDS[language]
    below = words.below.format(unit=harmless(found.unit or ""))
    where = {None: words.with_cases, ALL: words.below_all}.get(found.unit, below)
    return words.title.format(posts=_quarters(found.posts, language), where=where, day=found.as_of)


def _quarters(posts: float, language: Language) -> str:
    """Whole posts without decimals."""
    return fixed(posts, 0 if posts.is_integer() else 2, language)


def _name(office: Office, words: ProposingWords) -> str:
    name = harmless(office.unit_name)
    return words.itself.format(name=name) if office.itself else name


def _all(found: StaffingProposal) -> Office:
    points, posts, need = (sum(getattr(o, part) for o in found.offices) for part in ("points", "posts", "need"))
    return Office(
        unit=ALL,
        unit_name=ALL,
        itself=False,
        points=points,
        posts=posts,
        need=need,
        proposal=found.posts,
        difference=found.posts - posts,
        load=points / posts if posts else None,
        load_after=points / found.posts,
    )


def _numbers(office: Office, language: Language) -> tuple[str, ...]:
    apart = office.difference if abs(office.difference) >= STEADY else 0.0
    numbers = (
        fixed(office.points, 0, language),
        fixed(office.posts, 2, language),
        fixed(office.need, 2, language),
        fixed(office.proposal, 2, language),
        fixed(apart, 2, language, signed=True),
        "–" if office.load is None else fixed(office.load, 0, language),
        fixed(office.load_after, 0, language),
    )
    return tuple(map(harmless_words, numbers))
