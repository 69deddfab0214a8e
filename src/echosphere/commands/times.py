"""Times as they are typed on the command line."""

import argparse
import re
from datetime import UTC, datetime
from time import time

UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LENGTH = re.compile(r"([1-9][0-9]{0,5})([mhdw])")


def seconds_of(given: str) -> int:
    """Return the seconds of a length such as `7d`."""
    found = _LENGTH.fullmatch(given)
    if found is None:
        raise argparse.ArgumentTypeError(f"{given!r} is not a duration such as 30m, 12h or 7d")
    return int(found[1]) * UNITS[found[2]]


def moment_of(given: str) -> int:
    """Return milliseconds since 1970 UTC of a date, a time, or a length of time from now."""
    if _LENGTH.fullmatch(given):
        return int((time() + seconds_of(given)) * 1000)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        sentence = f"{given!r} is neither a duration such as 7d nor a date such as 2030-12-31"
        raise argparse.ArgumentTypeError(sentence) from None
    return int((moment if moment.tzinfo else moment.astimezone()).timestamp() * 1000)


def shown_moment(milliseconds: int | None) -> str:
    """Return a time for people, in UTC; a dash for none."""
    if milliseconds is None:
        return "-"
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M} UTC"
