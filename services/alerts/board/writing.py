"""Numbers, days and names as one reader's language writes them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.alerts.board import en, sv
from services.alerts.board.words import BoardWords
from services.alerts.domain.handling.handling import SERVICE
from services.alerts.domain.letter.en import EN as MAIL_EN
from services.alerts.domain.letter.sv import SV as MAIL_SV
from services.alerts.domain.letter.whom import Narrowed, only
from services.alerts.domain.letter.words import MailWords
from services.alerts.domain.plan.plan import Limit
from shared.contracts.catalogue import BY_NAME, Unit
from shared.contracts.metrics import ALL
from shared.language import numbers as written
from shared.language.language import Language
from shared.language.numbers import Numbers
from shared.language.phrase import capitalised, one_line, phrase

WORDS: dict[Language, BoardWords] = {"sv": sv.SV, "en": en.EN}
LOCAL = "local"
"""Whoever reaches a service that nobody signs in to."""
MAIL_WORDS: dict[Language, MailWords] = {"sv": MAIL_SV, "en": MAIL_EN}


class Writing(NamedTuple):
    """One reader's language: its words and how it writes things."""

    language: Language
    zone: ZoneInfo

    @property
    def words(self) -> BoardWords:
        """The words of the pages."""
        return WORDS[self.language]

    @property
    def mail_words(self) -> MailWords:
        """The words of mails, for what is said in both."""
        return MAIL_WORDS[self.language]

    def numbers(self, metric: str, limits: Iterable[float] = (), others: Iterable[float | None] = ()) -> Numbers:
        """How to write values of a metric, so that none is read as a limit that it is not."""
        unit: Unit = BY_NAME[metric].unit if metric in BY_NAME else "count"
        known = [other for other in others if other is not None]
        return Numbers(unit, self.language, written.decimals(unit, limits, known))

    def metric(self, name: str) -> str:
        """What a metric is called."""
        return capitalised(getattr(BY_NAME[name], self.language)) if name in BY_NAME else one_line(name)

    def only(self, of: Narrowed) -> str:
        """In brackets after a metric: whom it is about; nothing for everyone."""
        return only(of, self.mail_words)

    def promise(self, metric: str, limit: Limit) -> str:
        """What a plan promises of a metric."""
        number = self.numbers(metric, [limit.value])
        return self.mail_words.promise[limit.side].format(limit=number(limit.value))

    def place(self, name: str, unit: str = "") -> str:
        """What a unit is called."""
        return self.words.everywhere if unit == ALL or name in {"", ALL} else one_line(name)

    def person(self, by: str) -> str:
        """Who did something."""
        names = {LOCAL: self.words.somebody, SERVICE: self.words.by_service}
        return names.get(by, one_line(by))

    def day(self, value: date | None) -> str:
        """A calendar date, a dash for none."""
        return "–" if value is None else written.day(value, self.language)

    def moment(self, value: datetime | None) -> str:
        """An instant in local time, a dash for none."""
        return "–" if value is None else written.moment(value, self.zone, self.language)

    def say(self, pattern: str, **given: object) -> str:
        """A pattern of the words filled, and inflected by the numbers given."""
        numbers = {name: value for name, value in given.items() if isinstance(value, int | float)}
        texts = {name: self.plain(value) if name in numbers else str(value) for name, value in given.items()}  # type: ignore[arg-type]
        return phrase(pattern, numbers, texts)

    def plain(self, value: float) -> str:
        """A bare number."""
        return written.plain(value, self.language)
