"""Tells apart the two things that asyncio reports as `CancelledError`."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from echosphere_bot.errors import EchoSphereError


@contextmanager
def only_own_cancellation() -> Iterator[None]:
    """Let `CancelledError` pass only if the current task is being cancelled.

    Awaiting a task that somebody cancelled raises it too. That is a failure of the handler like any
    other, and must not end the task that runs handlers.

    Raises:
        EchoSphereError: Something that was awaited within was cancelled.
    """
    try:
        yield
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise EchoSphereError("Something that was awaited here was cancelled.") from error
