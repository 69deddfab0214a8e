"""Keeps secrets out of the logs by their shape: a token is a token wherever it stands."""

import re

MAX_PATH = 200
MAX_VALUE = 2_000
MASK = "…"

# Ids have 20 characters, tokens 43: URL-safe base64 of 32 bytes. Percent signs are part of it, since
# a path that was encoded twice still shows a token, spelled.
_IN_PATH = re.compile(r"[A-Za-z0-9_%=-]{24,}")

# Elsewhere names of functions and files are long as well; they hold no digits or no capitals.
_ANYWHERE = re.compile(r"(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{40,}")


def masked_path(path: str) -> str:
    """Return a request's path as it may be logged: without secrets, and not longer than useful."""
    return shortened(_IN_PATH.sub(MASK, path), MAX_PATH)


def masked(text: str) -> str:
    """Return a text of a log line without tokens."""
    return _ANYWHERE.sub(MASK, text)


def shortened(text: str, most: int = MAX_VALUE) -> str:
    """Return a text cut to `most` characters; that it was cut is seen."""
    return text if len(text) <= most else f"{text[:most]}{MASK}"
