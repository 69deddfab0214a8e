"""Reads values as exports of other systems have them."""

from datetime import UTC, datetime
from typing import Any

MAX_NAME = 1_000


def text_of(value: Any) -> str:
    """Return a name or title as text; empty for nothing."""
    return "" if value is None else str(value)[:MAX_NAME]


def milliseconds(seconds: Any) -> int:
    """Return seconds since 1970, as a number or as text with a fraction, in milliseconds."""
    whole, _, fraction = str(seconds).partition(".")
    return int(whole) * 1000 + int((fraction + "000")[:3])


def moment(text: Any) -> int:
    """Return a time of ISO 8601 in milliseconds since 1970; without a zone it is UTC."""
    found = datetime.fromisoformat(str(text))
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)
