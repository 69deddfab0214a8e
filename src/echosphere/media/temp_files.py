"""The files that exist only while an upload is received and inspected."""

from pathlib import Path

RECEIVED, THUMBNAIL, CLEANED, AVATAR = ".part", ".thumbnail", ".cleaned", ".avatar"
SUFFIXES = (RECEIVED, THUMBNAIL, CLEANED, AVATAR)
"""Of the received file, and of what the sandbox writes beside it."""


def delete_temp_files(path: Path) -> None:
    """Delete a temporary file and the files derived from it; those already stored are gone."""
    for suffix in SUFFIXES:
        path.with_suffix(suffix).unlink(missing_ok=True)
