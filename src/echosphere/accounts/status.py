"""The rules for statuses: an emoji, a short text and an end."""

from echosphere.accounts.account import InvalidValueError, single_line
from echosphere.core.emoji import find_emoji

MAX_STATUS_TEXT = 100
MAX_UNTIL = 8_640_000_000_000_000
"""Milliseconds since 1970 UTC: JavaScript has no later date."""


def validate_emoji(given: str | None) -> str | None:
    """Return a fully qualified emoji, or None."""
    if not given:
        return None
    found = find_emoji(given)
    if found is None:
        raise InvalidValueError("Choose one emoji.")
    return found


def validate_text(given: str | None) -> str | None:
    """Return the text of a status on one line; None if none of it is visible."""
    text = single_line(given or "")
    if len(text) > MAX_STATUS_TEXT:
        raise InvalidValueError(f"A status can have up to {MAX_STATUS_TEXT} characters.")
    return text or None


def validate_end(given: int | None, now: int) -> int | None:
    """Return when a status ends, in milliseconds since 1970 UTC; None if it does not."""
    if given is not None and given <= now:
        raise InvalidValueError("The status must end in the future.")
    if given is not None and given > MAX_UNTIL:
        raise InvalidValueError("Choose an earlier end for the status, or none.")
    return given
