"""What keeps a second process from the database."""

from pathlib import Path


class InUseError(RuntimeError):
    """Another process has the database; the sentence says so to the operator, and what to do."""


def file_in_use(path: Path) -> InUseError:
    """Return the error for an SQLite file that another server has."""
    return InUseError(
        f"Another EchoSphere server is already running on {path}. Stop it first, or give this "
        "one its own data folder (ECHOSPHERE_DATA)."
    )
