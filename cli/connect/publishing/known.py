"""Since when a file tells all there is: what is computed of earlier days is not known, instead of nothing at all."""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from cli.connect.publishing.line import Line

_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def known_from(lines: Iterable[Line], day: date) -> Iterator[Line]:
    """The same events, each of which says since when its source tells all there is of its type, if it does not yet."""
    said = {"knownfrom": msgspec.Raw(msgspec.json.encode(day))}
    for line in lines:
        yield line._replace(body=msgspec.json.encode(said | _fields.decode(line.body)))
