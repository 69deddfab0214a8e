"""Counts what is imported, and what cannot be kept."""

from collections import Counter

import msgspec

Losses = Counter[str]
"""How often something is lost, by a sentence about it."""


class Counts(msgspec.Struct):
    """What was done, or would be."""

    people: int = 0
    matched: int = 0
    conversations: int = 0
    messages: int = 0
    files: int = 0
    bytes: int = 0
    known: int = 0
    """Messages that earlier runs have imported."""


class Lost(msgspec.Struct, frozen=True):
    """Something that cannot be kept, and how often."""

    what: str
    times: int


class Report(msgspec.Struct, frozen=True):
    """What an import did, or what it would do.

    Attributes:
        source: Where it came from.
        dry_run: Nothing was stored.
        people: Those who wrote or are named.
        matched: Those of them who have an account here.
        lost: What cannot be kept, most often first.
    """

    source: str
    dry_run: bool
    people: int
    matched: int
    conversations: int
    messages: int
    files: int
    bytes: int
    known: int
    lost: list[Lost]


def report_of(source: str, counts: Counts, losses: Losses, *, dry_run: bool) -> Report:
    """Return the report of an import."""
    lost = [Lost(what, times) for what, times in losses.most_common()]
    return Report(source, dry_run, **msgspec.structs.asdict(counts), lost=lost)
