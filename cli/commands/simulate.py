"""``stadga simulate``: a plausible HR event log, the same for the same seed, as JSON lines of CloudEvents."""

import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from cli.simulation.refusal import SimulationError
from cli.spoken import Language, Words

DAYS_A_YEAR = 365.25
OF_NO_SCENARIO = ("people", "units", "troubled_unit")
"""Options that say what a scenario says itself."""
WRITTEN = {
    "sv": "{count} händelser från {first} till {last}",
    "en": "{count} events from {first} to {last}",
}


def simulate(
    context: typer.Context,
    people: Annotated[int, typer.Option(help="employed when the log begins")] = 1200,
    units: Annotated[int, typer.Option(help="units they work in")] = 40,
    years: Annotated[float, typer.Option(min=0.01, max=100, help="how long the log is")] = 3,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="its last day")] = datetime(2025, 12, 31),  # noqa: DTZ001  (a date to Typer: it has no time and no zone)
    seed: Annotated[int, typer.Option(help="the same seed gives the same log")] = 1,
    hostility: Annotated[float, typer.Option(min=0, max=1, help="how late, wrong and contradictory it is")] = 0.1,
    troubled_unit: Annotated[
        str, typer.Option(help="the unit that goes wrong: name or reference, auto, none")
    ] = "auto",
    scenario: Annotated[
        str | None,
        typer.Option(
            help="a small municipality: vasteras, boras, stockholm, goteborg, varmdo break a plan; or mentorer"
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="file to write to (default: standard output)")] = None,
    language: Words = Language.sv,
) -> None:
    """Write the event log of a simulated municipality's social services."""
    from cli.connect.publishing.hindrance import of_system
    from cli.simulation.log import simulate as events_of
    from cli.simulation.log import simulate_scenario
    from cli.simulation.writing import write
    from shared.language.numbers import plain

    last = until.date()
    troubled = None if troubled_unit == "none" else troubled_unit
    try:
        first = _first(last, years)
        if scenario is not None:
            _refuse_what_it_says_itself(context)
            events = simulate_scenario(seed, scenario, first=first, last=last, hostility=hostility)
        else:
            events = events_of(seed, people, units, first=first, last=last, hostility=hostility, troubled=troubled)
        with _opened(output) as target:
            count = write(events, target, first, last, language.value)
    except SimulationError as error:
        raise typer.BadParameter(error.said(language.value)) from None
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise typer.BadParameter(of_system(error).said(language.value)) from None
    said = WRITTEN[language].format(count=plain(count, language.value), first=first, last=last)
    typer.echo(said, err=True)


def _refuse_what_it_says_itself(context: typer.Context) -> None:
    for name in OF_NO_SCENARIO:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            option = f"--{name.replace('_', '-')}"
            raise SimulationError(
                f"{option}: ett scenario säger självt vilka som arbetar var och vad som går fel",
                f"{option}: a scenario says itself who works where and what goes wrong",
            )


def _opened(output: Path | None) -> AbstractContextManager[BinaryIO]:
    return output.open("wb") if output else nullcontext(sys.stdout.buffer)


def _first(last: date, years: float) -> date:
    try:
        return last - timedelta(days=round(years * DAYS_A_YEAR) - 1)
    except OverflowError:
        raise SimulationError(
            f"years: {years} år före {last} är innan kalendern börjar",
            f"years: {years} years before {last} is before the calendar begins",
        ) from None
