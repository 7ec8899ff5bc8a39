"""The series of a chart from the running metrics service."""

from datetime import timedelta

from cli.charting import months
from cli.charting.asked import Asked
from cli.charting.errors import ChartError
from cli.charting.series import Series
from cli.metrics_service import ask
from shared.contracts import history

PATH = "/v1/series"


def series(asked: Asked, url: str | None) -> Series:
    """Each month's value over its own days, as it would be from files; raises ChartError and AskingError."""
    question = {"unit": asked.unit, "occupation": asked.occupation, "metrics": asked.metric.name, "step": "month"}
    today = ask(PATH, question, history.Series, url).today
    shown = months.asked(asked.first, asked.last, None, today - timedelta(days=1))
    span = {"from": f"{shown[0].replace(day=1)}", "to": f"{shown[-1]}"}
    found = ask(PATH, question | span | {"window": "step"}, history.Series, url)
    if not found.groups:
        raise ChartError(f"there are no events about unit {asked.unit!r}, occupation {asked.occupation!r}")
    [group] = found.groups
    values = group.metrics[asked.metric.name]
    return Series(asked.metric, asked.unit, group.unit_name, asked.occupation, shown, values, today)
