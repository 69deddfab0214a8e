"""Error messages for operators about a database that cannot be used."""

import sqlite3
import sys

from sqlalchemy.exc import ArgumentError, DBAPIError

ADVICE = "Check ECHOSPHERE_DATABASE_URL, and check that the database is running and intact."


def database_error_message(error: BaseException) -> str | None:
    """Return the message; None if the error is not from the database."""
    if isinstance(error, ArgumentError):
        return f"ECHOSPHERE_DATABASE_URL is invalid: {_first_line(error)} {ADVICE}"
    found = error.orig if isinstance(error, DBAPIError) else error
    if found is not None and (isinstance(found, sqlite3.Error) or _is_postgresql(found)):
        return f"The database cannot be used: {_first_line(found)} {ADVICE}"
    return None


def _is_postgresql(error: BaseException) -> bool:
    if "psycopg" not in sys.modules:  # 9 MB that SQLite does not need
        return False
    import psycopg  # noqa: PLC0415

    return isinstance(error, psycopg.Error)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".") + "."
