"""The cache in memory: bounded in entries and size, and with entries that may expire."""

from collections.abc import Callable
from math import inf
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Entry(NamedTuple, Generic[Value]):
    """A cached value, valid from one time until before another."""

    value: Value
    put_at: float
    expires_at: float


class BoundedCache(Generic[Key, Value]):
    """Maps keys to values, and evicts the entries that were put first.

    Times are given by the caller, in the unit and on the clock of its choice. An entry from the future
    counts as expired, since then that clock was set back.

    Args:
        max_entries: The number of entries.
        max_size: The sum of the sizes of all values.
        size_of: Returns the size of a value.
        on_remove: Called with each entry that is evicted, removed or replaced.
    """

    def __init__(
        self,
        max_entries: int,
        *,
        max_size: float = inf,
        size_of: Callable[[Value], int] = lambda _: 0,
        on_remove: Callable[[Key, Value], None] = lambda *_: None,
    ) -> None:
        self._max_entries = max_entries
        self._max_size = max_size
        self._size_of = size_of
        self._on_remove = on_remove
        self._entries: dict[Key, Entry[Value]] = {}
        self._size = 0

    def get(self, key: Key, now: float = 0.0) -> Value | None:
        """Return a value, or None if it is absent or has expired."""
        entry = self._entries.get(key)
        return entry.value if entry and entry.put_at <= now < entry.expires_at else None

    def put(self, key: Key, value: Value, now: float = 0.0, lifetime: float = inf) -> None:
        """Store or replace a value."""
        if key in self._entries:
            self.remove(key)
        self._entries[key] = Entry(value, now, now + lifetime)
        self._size += self._size_of(value)
        while len(self._entries) > self._max_entries or self._size > self._max_size:
            self.remove(next(iter(self._entries)))

    def remove(self, key: Key) -> Value | None:
        """Remove a value, expired or not, and return it; None if it is absent."""
        entry = self._entries.pop(key, None)
        if entry is None:
            return None
        self._size -= self._size_of(entry.value)
        self._on_remove(key, entry.value)
        return entry.value

    def clear(self) -> None:
        """Remove all values."""
        for key in tuple(self._entries):
            self.remove(key)
