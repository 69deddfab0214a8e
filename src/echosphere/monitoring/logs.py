"""Structured logs: one line per event, for a person or, as JSON, for a collector."""

import logging
import logging.config
import re
import sys
from collections.abc import MutableMapping
from io import StringIO
from typing import Any, TextIO

import structlog

from echosphere.monitoring.masking import masked, shortened
from echosphere.settings import Settings

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Event = MutableMapping[str, Any]


def configure_logging(settings: Settings) -> None:
    """Send the logs of all parts, libraries included, to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    json_lines = settings.log_format == "json"
    last_words: list[Any] = (
        [
            structlog.processors.format_exc_info,
            clean,
            structlog.processors.JSONRenderer(),
        ]
        if json_lines
        else [clean, _for_people()]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.PositionalArgumentsFormatter()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *last_words,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for chatty in ("uvicorn.access", "alembic", "hypercorn", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,  # first: what is not logged shall cost nothing
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _for_people() -> structlog.dev.ConsoleRenderer:
    """Return a renderer whose tracebacks show no variables: those hold passwords and messages."""
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=_masked_traceback
    )


def _masked_traceback(output: TextIO, exc_info: Any) -> None:
    whole = StringIO()
    structlog.dev.plain_traceback(whole, exc_info)
    output.write(masked(whole.getvalue()))


def clean(_logger: Any, _method: str, event: Event) -> dict[str, Any]:
    """Keep one event on one line, short and without secrets, whatever callers send."""
    return {
        name: _clean(name, value) if isinstance(value, str) else value
        for name, value in event.items()
    }


def _clean(name: str, value: str) -> str:
    if name == "exception":  # a traceback has lines, and JSON escapes them
        return masked(value)
    return _CONTROL.sub(_escaped, masked(shortened(value)))


def _escaped(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode()
