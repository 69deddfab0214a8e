"""Sentences for the operator about errors that keep a command from starting."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from echosphere.core.errors import Refusal
from echosphere.core.in_use import InUseError
from echosphere.core.operator_error import OperatorError
from echosphere.settings import SettingsError

Step = Callable[[], Awaitable[None]]

TOLD = (SettingsError, InUseError, OperatorError)
"""Their texts are sentences for the operator."""

log = logging.getLogger(__name__)


def operator_message(error: BaseException) -> str | None:
    """Return a sentence for the operator, or None if only a traceback helps."""
    if isinstance(error, TOLD) or type(error) is RuntimeError:
        return str(error)
    if isinstance(error, Refusal):
        problems = "".join(f"\n  {field}: {text}" for field, text in error.fields.items())
        return error.detail + problems
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror}{where}. Check the data folder and its owner (ECHOSPHERE_DATA)."
    from echosphere.database import (  # noqa: PLC0415 - half a second that `--help` need not wait
        database_error_message,
    )

    return database_error_message(error)


async def serve_lifespan(receive: Any, send: Any, start: Step, stop: Step) -> None:
    """Serve ASGI's lifespan; what keeps the application from starting is logged."""
    await receive()
    try:
        await start()
    except Exception as error:
        sentence = operator_message(error)
        if sentence is None:
            log.exception("EchoSphere could not start")
        else:
            log.error("EchoSphere cannot start: %s", sentence)  # noqa: TRY400 - mended by operators
        await send({"type": "lifespan.startup.failed", "message": ""})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await stop()
    await send({"type": "lifespan.shutdown.complete"})
