"""Reads and shows sizes of files as people write them on a command line."""

import argparse
import re

UNITS = {"M": 2**20, "G": 2**30, "T": 2**40}
MOST = 2**50
NO_LIMIT, DEFAULT = "none", "default"

_SIZE = re.compile(r"([0-9]{1,15})([MGT])(?:I?B)?", re.ASCII)


def quota_of(given: str) -> int | None:
    """Return the bytes of a size such as `5G`; 0 for `none`, None for `default`."""
    word = given.strip().lower()
    if word in (NO_LIMIT, DEFAULT):
        return 0 if word == NO_LIMIT else None
    found = _SIZE.fullmatch(given.replace(" ", "").upper())
    size = int(found[1]) * UNITS[found[2]] if found is not None else 0
    if not 0 < size <= MOST:
        raise argparse.ArgumentTypeError(
            f"{given!r} is not a size such as 500M or 5G, nor {NO_LIMIT} or {DEFAULT}"
        )
    return size


def size_for_people(size: int) -> str:
    """Return a number of bytes for people."""
    for unit in ("TiB", "GiB"):
        bytes_of_unit = UNITS[unit[0]]
        if size >= bytes_of_unit:
            return f"{size / bytes_of_unit:.1f} {unit}"
    return f"{size / 2**20:.1f} MiB"
