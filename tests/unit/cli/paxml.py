"""PAXml files as tests write them."""

from collections.abc import Iterable
from pathlib import Path

HEAD = (
    '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
    '<paxml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    "<header><format>LÖNIN</format><version>2.0</version><datum>{made}T06:00:00</datum></header>\n"
)
MADE = "2024-12-31"


def transaction(code: str, first: str, last: str | None = None, who: str = 'anstid="1"', **fields: object) -> str:
    """A ``tidtrans`` of one day, or of the days to ``last``, in the layout of 2.x."""
    days = {"datum": first} if last is None else {"datumfrom": first, "datumtom": last}
    told = {"tidkod": code, **days, **fields}
    return f"<tidtrans {who}>{''.join(f'<{name}>{value}</{name}>' for name, value in told.items())}</tidtrans>"


def clocked(code: str, start: str, end: str, who: str = 'anstid="1"') -> str:
    """A ``tidtrans`` from one time to another."""
    times = f"<starttid>{start}</starttid><sluttid>{end}</sluttid>"
    return f"<tidtrans {who}><tidkod>{code}</tidkod>{times}</tidtrans>"


def schedule(hours: dict[str, float], who: str = 'anstid="1"') -> str:
    """A ``schema`` of hours by day."""
    days = "".join(f'<dag datum="{day}" timmar="{h}"/>' for day, h in hours.items())
    return f"<schema {who}>{days}</schema>"


def paxml(transactions: Iterable[str], schedules: Iterable[str] = (), made: str = MADE) -> str:
    """A whole file, a record on each line; the first transaction is on line 5."""
    lines = [HEAD.format(made=made) + "<tidtransaktioner>", *transactions, "</tidtransaktioner>"]
    lines += ["<schematransaktioner>", *schedules, "</schematransaktioner>", "</paxml>", ""]
    return "\n".join(lines)


def written(file: Path, content: str) -> Path:
    """The file, in ISO-8859-1 as its declaration says."""
    file.write_bytes(content.encode("iso-8859-1"))
    return file
