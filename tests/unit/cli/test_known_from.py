"""Since when a file tells all there is: said by each event that does not say it itself."""

from datetime import date

import msgspec

from cli.connect.publishing.known import known_from
from cli.connect.publishing.line import FilePlace, Line
from tests import builders as make


def test_an_event_that_says_so_itself_keeps_its_day():
    """The others say that of the file; nothing else of them changes."""
    events = [
        make.employment_started("p1", "2020-01-01"),
        make.employment_ended("p2", "2024-01-31", knownfrom="2019-05-01"),
    ]
    lines = [Line(FilePlace("f", n), make.encoded(event)) for n, event in enumerate(events)]
    said = [msgspec.json.decode(line.body) for line in known_from(lines, date(2022, 1, 1))]
    assert said == [events[0] | {"knownfrom": "2022-01-01"}, events[1]]
