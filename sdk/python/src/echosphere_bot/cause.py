"""Idempotency keys that are made of what causes an answer.

A bot that crashes between its answer and keeping its cursor hears the same event again and answers
again, with the same key: the server takes that for a repeat and posts nothing.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Cause:
    """An event while one handler handles it.

    Args:
        event: The id of the event.
        handler: Which of the handlers of this event it is.
    """

    def __init__(self, event: str, handler: int) -> None:
        self._source = f"{event} {handler}"
        self._count = 0

    def next_key(self) -> str:
        """Return the key of the next thing that the handler creates."""
        self._count += 1
        return _digest(f"{self._source} {self._count}")


_current: ContextVar[Cause | None] = ContextVar("cause", default=None)


@contextmanager
def because_of(event: str, handler: int) -> Iterator[None]:
    """Have what is created within be created because of an event."""
    token = _current.set(Cause(event, handler))
    try:
        yield
    finally:
        _current.reset(token)


def key_for(given: str | None) -> str:
    """Return the key of something to create.

    Args:
        given: What the program chose, of any characters; None for one made of the event that is being
            handled, or a new one outside of handlers.
    """
    if given is not None:
        return given if _KEY.fullmatch(given) else _digest(given)
    cause = _current.get()
    return secrets.token_hex(20) if cause is None else cause.next_key()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
