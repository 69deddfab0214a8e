"""Counters of what a server has done, cheap enough for the hot paths."""

from __future__ import annotations


class Stats:
    """Plain numbers that only grow; the server adds the current connections when asked."""

    __slots__ = (
        "bytes_in",
        "bytes_out",
        "closed",
        "cut_slow_readers",
        "malformed",
        "messages_in",
        "messages_out",
        "opened",
        "rate_limited",
        "refused",
        "timed_out",
        "unknown_events",
        "upgraded",
    )

    def __init__(self) -> None:
        for name in self.__slots__:
            setattr(self, name, 0)

    bytes_in: int
    bytes_out: int
    closed: int
    cut_slow_readers: int
    malformed: int
    messages_in: int
    messages_out: int
    opened: int
    rate_limited: int
    refused: int
    timed_out: int
    unknown_events: int
    upgraded: int

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}
