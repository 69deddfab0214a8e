"""Removes secrets from logs by their shape."""

import re

MAX_PATH = 200
MAX_VALUE = 2_000
ELLIPSIS = "…"

# Ids have 20 characters, tokens 43: URL-safe base64 of 32 bytes. Percent signs are part of it
# because a path that was encoded twice still contains a readable token.
_IN_PATH = re.compile(r"[A-Za-z0-9_%=-]{24,}")

# Elsewhere there are long names of functions and files, but without digits or capitals.
_ANYWHERE = re.compile(r"(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{40,}")


def redact_path(path: str) -> str:
    """Return the path of a request without secrets, truncated."""
    return truncate(_IN_PATH.sub(ELLIPSIS, path), MAX_PATH)


def redact(text: str) -> str:
    """Return a text without tokens."""
    return _ANYWHERE.sub(ELLIPSIS, text)


def truncate(text: str, limit: int = MAX_VALUE) -> str:
    """Return at most `limit` characters of a text, and an ellipsis if it is longer."""
    return text if len(text) <= limit else f"{text[:limit]}{ELLIPSIS}"
