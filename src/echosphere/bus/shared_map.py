"""A map of what each process knows and the others need, such as who is connected to it."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Generic, TypeVar

import msgspec

from echosphere.bus.cluster import Cluster

V = TypeVar("V")

MAX_VALUES = 1_000
"""Values that are told together: all of a busy process would be more than a bus carries at once."""


class MapChange(msgspec.Struct, array_like=True, frozen=True):
    """Changed values by key (None: there is none any more), or all values there are."""

    values: dict[str, Any]
    whole: bool = False


class SharedMap(Generic[V]):
    """Values of this process by key, and those of all others.

    Each process sets its own values only. Those of a process that ended, or is silent, are dropped.

    Args:
        name: What it is called on the bus.
        shape: The type of the values: whatever msgspec converts.
        cluster: None for a process alone, which has no others.
    """

    def __init__(self, name: str, shape: type[V], cluster: Cluster | None) -> None:
        self._own: dict[str, V] = {}
        self._others: dict[str, dict[str, V]] = {}
        self._shape = shape
        self._kind = f"map {name}"
        self._cluster = cluster
        self._on_change: list[Callable[[str], None]] = []
        self._on_lost: list[Callable[[str], None]] = []
        if cluster is not None:
            cluster.receive(self._kind, MapChange, self._received)
            cluster.on_joined(self._tell_all)
            cluster.on_left(self._left)

    def set(self, key: str, value: V | None) -> None:
        """Set this process's value, or None for no value."""
        if self._own.get(key) == value:
            return
        if value is None:
            del self._own[key]
        else:
            self._own[key] = value
        if self._cluster is not None:
            self._cluster.tell_everybody(self._kind, MapChange({key: value}))

    def of_others(self, key: str) -> Iterator[V]:
        """Yield the values of the other processes."""
        for values in self._others.values():
            if key in values:
                yield values[key]

    def is_elsewhere(self, key: str) -> bool:
        """Whether another process has a value."""
        return any(key in values for values in self._others.values())

    def keys_elsewhere(self) -> frozenset[str]:
        """Return the keys of which other processes have a value."""
        return frozenset().union(*self._others.values())

    def on_change(self, listener: Callable[[str], None]) -> None:
        """Call a function with the key when another process's value has changed."""
        self._on_change.append(listener)

    def on_lost(self, listener: Callable[[str], None]) -> None:
        """Call a function with each key of a process that has ended."""
        self._on_lost.append(listener)

    def _tell_all(self) -> None:
        if self._cluster is None:
            return
        for number, some in enumerate(in_pieces(self._own)):
            self._cluster.tell_everybody(self._kind, MapChange(some, whole=number == 0))

    def _received(self, process: str, change: MapChange) -> None:
        before = self._others.setdefault(process, {})
        values = {
            key: None if value is None else msgspec.convert(value, self._shape)
            for key, value in change.values.items()
        }
        if change.whole:
            values = dict.fromkeys(before) | values
        for key, value in values.items():
            if value is None:
                before.pop(key, None)
            else:
                before[key] = value
        for key in values:
            for listener in self._on_change:
                listener(key)

    def _left(self, process: str) -> None:
        for key in self._others.pop(process, {}):
            for listener in self._on_lost:
                listener(key)


def in_pieces(values: Mapping[str, V], size: int = MAX_VALUES) -> Iterator[dict[str, V]]:
    """Give a mapping in pieces of so many values; an empty one in one empty piece."""
    rest = iter(values.items())
    yield dict(islice(rest, size))
    while some := dict(islice(rest, size)):
        yield some
