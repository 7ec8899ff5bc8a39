"""What the fields of a PAXml record say: days, times and numbers."""

import math
import re
from datetime import date, datetime

from cli.connect.importing import pax_times
from cli.connect.importing.pax_times import SWEDEN, Shift
from cli.connect.importing.period import DAY
from cli.connect.publishing.days import is_never
from cli.connect.publishing.line import CellError
from services.ingest.domain.refusal import RefusalError
from services.ingest.domain.rules import LIFETIME

Fields = dict[str, str]
HOURS_A_DAY = 24
LONGEST = 3660
"""Days of one record; a longer one is a typing error."""
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T[\d:.]*)?(?:Z|[+-]\d\d:\d\d)?")
_BOTH = 2
"""Of ``starttid`` and ``sluttid``."""


def is_open_ended(found: Fields) -> bool:
    """Whether a record lasts from a day on, and says that it has no last one."""
    return "datum" not in found and "datumfrom" in found and is_never(found.get("datumtom", ""))


def days(found: Fields, made: date | None) -> Shift:
    """Which days a record is of, and the hours between its times, if it tells any; raises RefusalError.

    One that has no last day is known to last until the file was ``made``.
    """
    timed = {"starttid", "sluttid"} & found.keys()
    if "datum" in found:
        day = date_of(found, "datum")
        return Shift(day, day, shift(found, day).hours if len(timed) == _BOTH else None)
    if timed and "datumfrom" not in found:
        return shift(found, None)
    if "datumfrom" not in found and "datumtom" not in found:
        raise RefusalError("missing_field", "datum", "neither datum nor datumfrom says of which day the record is")
    first = date_of(found, "datumfrom")
    last = max(first, made or first) if is_open_ended(found) else date_of(found, "datumtom")
    if last < first:
        raise RefusalError("ends_before_start", "datumtom", f"{last} is before datumfrom, {first}")
    if (last - first).days >= LONGEST:
        message = f"{first} to {last} is longer than ten years"
        raise CellError("date_out_of_range", "datumtom", message, cell=found["datumtom"])
    return Shift(first, last, None)


def shift(found: Fields, day: date | None) -> Shift:
    """From ``starttid`` to ``sluttid``; of two times without dates an earlier end is of the day after."""
    start, end = _moment(found, "starttid", day), _moment(found, "sluttid", day)
    if end < start and day:
        end += DAY
    if end < start:
        raise RefusalError(
            "ends_before_start", "sluttid", f"{found['sluttid']} is before starttid, {found['starttid']}"
        )
    if (end - start).days >= LONGEST:
        message = f"{found['starttid']} to {found['sluttid']} is longer than ten years"
        raise CellError("date_out_of_range", "sluttid", message, cell=found["sluttid"])
    return pax_times.between(start, end)


def _moment(found: Fields, name: str, day: date | None) -> datetime:
    told = needed(found, name)
    try:
        at = pax_times.moment(told, day)
    except (ValueError, OverflowError):
        at = None
    if at is None or not _plausible(at.date()):
        raise CellError("invalid_value", name, f"{told!r} is not a time like 2024-01-31T08:00:00", cell=told)
    return at


def date_of(found: Fields, name: str) -> date:
    """The day that a field says; raises RefusalError."""
    told = needed(found, name)
    match = _DATE.fullmatch(told)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None or not _plausible(day):
        raise CellError("invalid_value", name, f"{told!r} is not a date like 2024-01-31", "no_date", cell=told)
    return day


def check_near(found: Fields, last: date, made: date | None) -> None:
    """Raise RefusalError for a day that no plan reaches, seen from the day the file was made, else from today."""
    if (last - (made or datetime.now(tz=SWEDEN).date())).days >= LONGEST:
        name = next(name for name in ("datum", "datumtom", "sluttid") if name in found)
        message = f"{last} is more than ten years after the file was made"
        raise CellError("date_out_of_range", name, message, cell=found[name])


def check_within_life(found: Fields, day: date | None, name: str, made: date | None) -> None:
    """Raise RefusalError for a day of an employment that ingest would refuse, as nobody works so long."""
    if day and made and abs((day - made).days) > LIFETIME:
        message = f"{day} is more than 70 years from when the file was made"
        raise CellError("date_out_of_range", name, message, cell=found[name])


def _plausible(day: date) -> bool:
    return 1900 <= day.year <= 2200


def number(found: Fields, name: str, low: float, high: float) -> float | None:
    """The number that a field says, None without the field; raises RefusalError."""
    if name not in found:
        return None
    told = found[name]
    try:
        number = float(told.replace(",", "."))
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise CellError("invalid_value", name, f"{told!r} is not a number", "no_number", cell=told)
    if not low <= number <= high:
        raise CellError("invalid_value", name, f"{told} is not between {low:g} and {high:g}", cell=told)
    return number


def needed(found: Fields, name: str) -> str:
    """What a field says; raises RefusalError if it is not there."""
    if name not in found:
        raise RefusalError("missing_field", name, f"{name} is missing")
    return found[name]
