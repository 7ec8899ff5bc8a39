"""``stadga evaluate PLAN ACTION EVENTS…``: whether a measure of a plan helped, in words, as JSON or as a picture."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import terminal
from cli.spoken import Language, Words
from cli.terminal import harmless

if TYPE_CHECKING:
    from services.alerts.domain.plan.plan import Plan
    from shared.contracts.evaluations import Evaluation


class Format(StrEnum):
    """What to write."""

    text = "text"
    json = "json"
    png = "png"


NO_FILE = {
    "sv": "en bild skrivs till en fil: ange --output",
    "en": "a picture goes to a file: give --output",
}
KNOWN_THERE = {
    "sv": "--plan-then hör till händelser: larmtjänsten vet själv vilken plan som gällde då",
    "en": "--plan-then is for events: the alerts service knows which plan held then",
}


def evaluate(
    plan: Annotated[str, typer.Argument(help="a plan file; without events also the id of a plan that runs")],
    action: Annotated[str, typer.Argument(help="the id of a measure that the plan says how to evaluate")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="JSON lines of CloudEvents; without any, the alerts service", exists=True, dir_okay=False),
    ] = None,
    plan_then: Annotated[
        Path | None, typer.Option(help="the plan as it was when the action began", exists=True, dir_okay=False)
    ] = None,
    metric: Annotated[str | None, typer.Option(help="one metric of several (a picture shows one)")] = None,
    language: Words = Language.sv,
    format: Annotated[Format | None, typer.Option(help="default: as --output ends, else text")] = None,  # noqa: A002  (the option's name)
    output: Annotated[
        Path | None, typer.Option(help="file to write (default: standard output)", dir_okay=False)
    ] = None,
    url: Annotated[str | None, typer.Option(help="the alerts service; the one that runs here if absent")] = None,
) -> None:
    """Tell whether an action of a plan helped: improved, not shown, worsened, or cannot be told.

    Exits with 1 if a plan can't run, with 2 if there is nothing to evaluate.
    """
    from cli import extra
    from cli.connect.publishing.hindrance import sentence
    from shared.language.refusal import SaidError

    wanted = format or _format(output)
    if wanted is Format.png:
        if output is None and sys.stdout.isatty():
            raise typer.BadParameter(NO_FILE[language])
        extra.need("matplotlib", language=language.value)
    if plan_then and not files:
        raise typer.BadParameter(KNOWN_THERE[language])
    try:
        if files:
            now, then = _plan(Path(plan), language), _plan(plan_then, language) if plan_then else None
            found = _evaluated(files, now, action, then, language)
        else:
            name = _plan(Path(plan), language).id if Path(plan).is_file() else plan
            found = _asked(name, action, url)
        _write(_as(wanted, _chosen(found, metric), language), output)
    except (SaidError, OSError) as error:
        terminal.say(harmless(sentence(error, language.value)))
        raise typer.Exit(2) from None


def _asked(plan: str, action: str, url: str | None) -> "list[Evaluation]":
    from cli.connect import alerts_service

    asked = {"plan": plan, "measure": action}
    return alerts_service.ask("/v1/evaluations", asked, alerts_service.Evaluations, url).evaluations


def _format(output: Path | None) -> Format:
    return next(
        (kind for kind in (Format.png, Format.json) if output and output.suffix.lower() == f".{kind}"), Format.text
    )


def _plan(file: Path, language: Language) -> "Plan":
    from services.alerts.domain.plan.reading import PlanRefused, read

    try:
        return read(file.read_text("utf-8"))
    except PlanRefused as refused:
        for fault in refused.faults:
            terminal.say(harmless(f"{file}:{fault.said(language.value)}"), error=False)
        raise typer.Exit(1) from None


def _evaluated(
    files: list[Path], now: "Plan", action: str, then: "Plan | None", language: Language
) -> "list[Evaluation]":
    from cli.offline.computing import log
    from cli.offline.evaluating import from_files
    from services.alerts.domain.evaluation import asking
    from shared.kit.clock import clock
    from shared.kit.settings import Settings, load

    zone = clock(load(Settings)).zone
    log.need(files, language.value)
    computed = log.compute(files, None)
    log.tell(computed.faults, language.value)
    said = asking.registered(now, action, then) if then and action in now.measures else "unknown"
    return from_files.evaluations(computed, now, action, said, zone)


def _chosen(found: "list[Evaluation]", metric: str | None) -> "list[Evaluation]":
    from services.alerts.domain.evaluation.asking import EvaluationError

    some = [one for one in found if metric in {None, one.metric}]
    if not some:
        others = ", ".join(one.metric for one in found)
        raise EvaluationError(
            f"det utvärderas inte med {metric}, utan med {others}", f"it is not evaluated by {metric}, but by {others}"
        )
    return some


def _as(wanted: Format, found: "list[Evaluation]", language: Language) -> bytes:
    from cli.offline.evaluating import sheet

    if wanted is Format.json:
        return sheet.as_json(found, language.value)
    return sheet.as_png(found, language.value) if wanted is Format.png else sheet.as_text(found, language.value)


def _write(content: bytes, output: Path | None) -> None:
    if output:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
