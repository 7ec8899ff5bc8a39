"""Structured logs: JSON in containers, readable lines on a terminal. Never a person reference."""

import logging
import sys
from typing import Literal

import structlog

from shared.contracts.tenants import ALONE, Tenant


def configure(style: Literal["json", "console"], service: str, tenant: Tenant = ALONE) -> None:
    """Send every log line, ours and the libraries', to standard error in one style, with whose service it is."""
    render: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            exception_formatter=structlog.dev.plain_traceback,  # the default prints local variables, passwords too
        )
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    whose = {"tenant": tenant.name} if tenant.name else {}
    structlog.contextvars.bind_contextvars(service=service, **whose)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=render, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
