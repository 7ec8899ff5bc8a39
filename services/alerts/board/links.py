"""The addresses of the pages."""

from urllib.parse import quote, urlencode

from shared.contracts.metrics import ALL

START = "/board/"
PROMISES = "/board/promises"
ACCESS_LOG = "/board/access-log"


def _name(text: str) -> str:
    return quote(text, safe="")


def _asked(path: str, asked: dict[str, str]) -> str:
    kept = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def unit_path(unit: str) -> str:
    """A unit's own page."""
    return f"/board/units/{_name(unit)}"


def alert_path(plan: str, target: str, unit: str) -> str:
    """The page of an alert, or of a promise that has none."""
    return f"/board/alerts/{_name(plan)}/{_name(target)}/{_name(unit)}"


def plan_path(plan: str) -> str:
    """The page of a plan."""
    return f"/board/plans/{_name(plan)}"


def evaluation_path(plan: str, measure: str) -> str:
    """Whether a measure of a plan helped."""
    return f"{plan_path(plan)}/evaluations/{_name(measure)}"


def backtest_path(plan: str, target: str) -> str:
    """What a target of a plan would have raised, with another limit too."""
    return f"{plan_path(plan)}/backtests/{_name(target)}"


def metric_path(metric: str, unit: str, occupation: str = ALL) -> str:
    """The page of a metric of a unit."""
    asked = {"unit": unit} | ({} if occupation == ALL else {"occupation": occupation})
    return f"/board/metrics/{_name(metric)}?{urlencode(asked)}"


def promises_path(asked: dict[str, str]) -> str:
    """The table of all promises, as it was asked for."""
    return _asked(PROMISES, asked)


def access_log_path(asked: dict[str, str]) -> str:
    """The access log, as it was asked for."""
    return _asked(ACCESS_LOG, asked)


def own(path: str) -> bool:
    """Whether an address leads to a page of the board and nowhere else."""
    return path.startswith(START) and path.isprintable() and "\\" not in path and "//" not in path
