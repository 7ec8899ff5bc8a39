"""Numbers, dates and times as the reader's language writes them (CLDR, through Babel)."""

import math
from collections.abc import Iterable
from datetime import date, datetime
from itertools import product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from shared.contracts.catalogue import Unit
from shared.language.language import Language

LOCALES: dict[Language, Locale] = {"sv": Locale("sv", "SE"), "en": Locale("en", "GB")}
DECIMALS = 1
MOST_DECIMALS = 4
SUFFIX: dict[Language, dict[Unit, tuple[str, str]]] = {
    "sv": {
        "people": ("person", "personer"),
        "fte": ("årsarbetare", "årsarbetare"),
        "days": ("dag", "dagar"),
        "sek": ("kr", "kr"),
    },
    "en": {
        "people": ("person", "people"),
        "fte": ("full-time equivalent", "full-time equivalents"),
        "days": ("day", "days"),
        "sek": ("SEK", "SEK"),
    },
}
"""After a number: of one, and of any other."""
LARGE = 1000
"""From here on a bare number is written whole."""


class Numbers(NamedTuple):
    """Writes values of one metric, all to the same number of decimals."""

    unit: Unit
    language: Language
    places: int

    def __call__(self, value: float | None) -> str:
        """With the unit: ``6,2 %``; a dash for none."""
        return "–" if value is None else amount(value, self.unit, self.language, self.places)

    def between(self, low: float | None, high: float | None) -> str:
        """An interval; a dash for none."""
        if low is None or high is None:
            return "–"
        return between(low, high, self.unit, self.language, self.places)


def decimals(unit: Unit, limits: Iterable[float], others: Iterable[float]) -> int:
    """How many decimals it takes to write the limits as they are, and no other number like one: 15.04 is not 15 %."""
    scale = 100 if unit == "ratio" else 1
    exact = [limit * scale for limit in limits]
    apart = [(limit, other * scale) for limit, other in product(exact, others) if limit != other * scale]
    for places in range(0 if unit == "sek" else DECIMALS, MOST_DECIMALS):
        whole = all(math.isclose(round(limit, places), limit) for limit in exact)
        if whole and all(round(limit, places) != round(other, places) for limit, other in apart):
            return places
    return MOST_DECIMALS


def amount(value: float, unit: Unit, language: Language, places: int = DECIMALS) -> str:
    """A value with its unit: ``15,3 %``, ``15.3%``, ``64 dagar``."""
    digits = "#,##0." + "#" * places
    if unit == "ratio":
        return str(format_percent(value, format=_percent(digits, language), locale=LOCALES[language]))
    number = str(format_decimal(value, format=digits, locale=LOCALES[language]))
    if unit not in SUFFIX[language]:
        return number
    one, many = SUFFIX[language][unit]
    return f"{number}\N{NO-BREAK SPACE}{one if number == '1' else many}"


def between(low: float, high: float, unit: Unit, language: Language, places: int = DECIMALS) -> str:
    """An interval, its unit written once: ``8–31 %``."""
    scale = 100 if unit == "ratio" else 1
    first = format_decimal(low * scale, format="#,##0." + "#" * places, locale=LOCALES[language])
    return f"{first}\N{EN DASH}{amount(high, unit, language, places)}"


def plain(value: float, language: Language) -> str:
    """A bare number with at most one decimal, a large one with none."""
    digits = "#,##0.#" if abs(value) < LARGE else "#,##0"
    return str(format_decimal(value, format=digits, locale=LOCALES[language]))


def often(value: float, language: Language) -> str:
    """How often something happens, with one decimal; what hardly ever does is not said never to: ``<0,1``."""
    said = plain(value, language)
    return f"<{plain(10**-DECIMALS, language)}" if value > 0 and said == "0" else said


def fixed(value: float, places: int, language: Language, *, signed: bool = False) -> str:
    """A bare number with so many decimals, for a column of such; ``signed`` with its sign, which 0 has none of."""
    digits = "#,##0" + ("." + "0" * places if places else "")
    rounded = round(value, places)
    pattern = f"+{digits};-{digits}" if signed and rounded else digits
    return str(format_decimal(rounded, format=pattern, locale=LOCALES[language]))


def day(value: date, language: Language) -> str:
    """A calendar date: ``3 oktober 2026``."""
    return str(format_date(value, "d MMMM y", locale=LOCALES[language]))


def month(value: date, language: Language) -> str:
    """A month: ``mars 2025``."""
    return str(format_date(value, "MMMM y", locale=LOCALES[language]))


def moment(value: datetime, zone: ZoneInfo, language: Language) -> str:
    """An instant in local time: ``3 oktober 2026 kl. 08:14``."""
    at = "d MMMM y 'kl.' HH:mm" if language == "sv" else "d MMMM y 'at' HH:mm"
    return str(format_datetime(value, at, tzinfo=zone, locale=LOCALES[language]))


def _percent(digits: str, language: Language) -> str:
    return str(LOCALES[language].percent_formats[None].pattern).replace("#,##0", digits)
