"""The series of a chart from the running metrics service."""

from datetime import timedelta

from cli.connect.service import ask
from cli.offline.charting import months
from cli.offline.charting.months import MonthlySeries
from cli.offline.charting.question import ChartError, ChartQuestion
from shared.contracts import history

PATH = "/v1/series"
ANY = "headcount"
"""A metric that is cheap to answer for whoever only asks what day it is there."""


def series(asked: ChartQuestion, url: str | None) -> MonthlySeries:
    """Each month's value over its own days, as it would be from files; raises ChartError and AskingError."""
    group = {"unit": asked.unit, "occupation": asked.occupation, "step": "month"}
    today = ask(PATH, group | {"metrics": ANY}, history.Series, url).today
    shown = months.asked(asked.first, asked.last, None, today - timedelta(days=1))
    span = {"from": f"{shown[0].replace(day=1)}", "to": f"{shown[-1]}", "window": "step"}
    found = ask(PATH, group | span | {"metrics": asked.metric.name}, history.Series, url)
    if not found.groups:
        raise ChartError(
            f"det finns inga händelser om enheten {asked.unit!r}, befattningen {asked.occupation!r}",
            f"there are no events about unit {asked.unit!r}, occupation {asked.occupation!r}",
        )
    [told] = found.groups
    values = told.metrics[asked.metric.name]
    return MonthlySeries(
        asked.metric, asked.unit, told.unit_name, asked.occupation, shown, values, today, found.provisional
    )
