"""What somebody says they are up to: an emoji, a few words, and until when that holds."""

from echosphere.accounts.account import BrokenRuleError, one_line
from echosphere.core.emoji import find_emoji

MAX_STATUS_TEXT = 100
LATEST = 8_640_000_000_000_000
"""Milliseconds: browsers know no later date, and pages of others would break."""


def accepted_emoji(given: str | None) -> str | None:
    """Return one emoji in its one spelling, or None where none was given."""
    if not given:
        return None
    found = find_emoji(given)
    if found is None:
        raise BrokenRuleError("Choose one emoji.")
    return found


def accepted_text(given: str | None) -> str | None:
    """Return the words of a status on one line, or None where nothing can be seen of them."""
    text = one_line(given or "")
    if len(text) > MAX_STATUS_TEXT:
        raise BrokenRuleError(f"A status may have {MAX_STATUS_TEXT} characters at most.")
    return text or None


def accepted_end(given: int | None, now: int) -> int | None:
    """Return when a status ends by itself; None when the person ends it."""
    if given is not None and given <= now:
        raise BrokenRuleError("Choose a time to come for the end of the status.")
    if given is not None and given > LATEST:
        raise BrokenRuleError("Choose an earlier end of the status, or none.")
    return given
