"""What is wrong with a database that cannot be used, in a sentence for the operator."""

import sqlite3

import psycopg
from sqlalchemy.exc import ArgumentError, DBAPIError

ADVICE = "Look at ECHOSPHERE_DATABASE_URL, and whether the database is running and intact."


def database_problem(error: BaseException) -> str | None:
    """Return the sentence, or None when the error is not the database's."""
    if isinstance(error, ArgumentError):
        return f"ECHOSPHERE_DATABASE_URL cannot be understood: {_first_line(error)} {ADVICE}"
    found = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(found, (sqlite3.Error, psycopg.Error)):
        return f"The database cannot be used: {_first_line(found)} {ADVICE}"
    return None


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".") + "."
