"""Notes every SQL statement that the drivers of both databases run, whoever sends it."""

import asyncio
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event

QUIET = 0.15
"""Seconds without a statement after which a request has caused all that it will cause."""

UPKEEP = (
    "PRAGMA",
    "ROLLBACK",
    "SELECT min(jobs.run_at)",
    "SELECT coalesce(max(conversations.change_number)",
    "SELECT recently_changed.",
    "SELECT search_progress.",
    "SELECT count(*) AS count_1 \nFROM bot_endpoints",
    "SELECT bot_endpoints.bot_id, bot_endpoints.failing_since",
    "SELECT server_settings.name, server_settings.value, server_settings.changed_at",
    "SELECT coalesce(max(messages.id)",
    "SELECT sessions.id, sessions.user_id, users.role",  # who asks, again after some seconds
)
"""What is run from time to time, whatever is asked, and how snapshots end."""

LITERAL = re.compile(
    r"[xX]?'(?:[^']|'')*'|\b\d+\b|\bNULL\b(?! *\()|%\(\w+\)s(?:::\w+)?|%s(?:::\w+)?|\$\d+"
)
LIST = re.compile(r"\?(?:\s*,\s*\?)+")


class Statements:
    """The statements that were run since the last call of `clear`."""

    def __init__(self) -> None:
        self._noted: list[str] = []

    def note(self, sql: str) -> None:
        """Note a statement; drivers call it from their threads."""
        if sql != "BEGIN" and not sql.startswith(UPKEEP):
            self._noted.append(sql)

    def clear(self) -> None:
        """Forget what was run."""
        self._noted.clear()

    async def settled(self) -> Counter[str]:
        """Return how often each kind of statement was run, once no more are."""
        seen = -1
        while seen != len(self._noted):
            seen = len(self._noted)
            await asyncio.sleep(QUIET)
        return Counter(map(kind_of, self._noted))


def kind_of(sql: str) -> str:
    """Return a statement without its values."""
    return LIST.sub("?", LITERAL.sub("?", " ".join(sql.split())))


@contextmanager
def noted_statements() -> Iterator[Statements]:
    """Note the statements on every connection that is opened meanwhile."""
    statements = Statements()

    def watch(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(statements.note)
        else:
            connection.cursor_factory = _noting_cursor(statements)

    event.listen(Engine, "connect", watch)
    try:
        yield statements
    finally:
        event.remove(Engine, "connect", watch)


def _noting_cursor(statements: Statements) -> type[psycopg.Cursor[Any]]:
    class NotingCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *given: Any, **more: Any) -> Any:
            statements.note(str(query))
            return super().execute(query, *given, **more)

        def executemany(self, query: Any, *given: Any, **more: Any) -> None:
            statements.note(str(query))
            super().executemany(query, *given, **more)

    return NotingCursor
