"""Structured logs: one line per event, as text or as JSON."""

import logging
import logging.config
import re
import sys
from collections.abc import MutableMapping
from io import StringIO
from typing import Any, TextIO

import structlog

from echosphere.monitoring.redaction import redact, truncate
from echosphere.settings import Settings

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Event = MutableMapping[str, Any]


def configure_logging(settings: Settings) -> None:
    """Send all logs, those of libraries included, to standard error in one format."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    json_lines = settings.log_format == "json"
    renderers: list[Any] = (
        [
            structlog.processors.format_exc_info,
            sanitize,
            structlog.processors.JSONRenderer(),
        ]
        if json_lines
        else [sanitize, _console_renderer()]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.PositionalArgumentsFormatter()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *renderers,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in ("uvicorn.access", "alembic", "hypercorn", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,  # first, so that filtered events cost nothing
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _console_renderer() -> structlog.dev.ConsoleRenderer:
    """Return a renderer whose tracebacks show no variables, which may contain secrets."""
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=_redacted_traceback
    )


def _redacted_traceback(output: TextIO, exc_info: Any) -> None:
    traceback = StringIO()
    structlog.dev.plain_traceback(traceback, exc_info)
    output.write(redact(traceback.getvalue()))


def sanitize(_logger: Any, _method: str, event: Event) -> dict[str, Any]:
    """Keep each event on one line, short and without secrets."""
    return {
        name: _sanitize(name, value) if isinstance(value, str) else value
        for name, value in event.items()
    }


def _sanitize(name: str, value: str) -> str:
    if name == "exception":  # a traceback has lines, and JSON escapes them
        return redact(value)
    return _CONTROL.sub(_escaped, redact(truncate(value)))


def _escaped(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode()
