"""Sends what was committed to those who may see it: the only place that emits."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

import msgspec

from echosphere.database import Event
from echosphere.realtime import Audiences, Frame, frame
from echosphere.wire import encode

E = TypeVar("E")

Members = tuple[int, frozenset[str]]
"""A conversation's `members_version` and the people who are members at that version."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ToMembers:
    """To everybody who is a member of a conversation at this `members_version`."""

    conversation: str
    members_version: int
    event: str
    payload: Any


@dataclass(frozen=True, slots=True)
class ToPerson:
    """To all devices of one person."""

    person: str
    event: str
    payload: Any


Delivery = ToMembers | ToPerson
Deliver = Callable[[Any], Sequence[Delivery]]


class FanOut:
    """Turns committed events into deliveries.

    Args:
        audiences: Who is connected.
        load_members: Reads a conversation's members from the database.
    """

    def __init__(
        self, audiences: Audiences, load_members: Callable[[str], Awaitable[Members]]
    ) -> None:
        self._audiences = audiences
        self._load_members = load_members
        self._encoders: dict[type, Deliver] = {}
        self._listeners: dict[type, list[Callable[[Any], None]]] = {}

    def on(self, kind: type[E], deliver: Callable[[E], Sequence[Delivery]]) -> None:
        """Say what is sent to whom when this kind of event was committed."""
        self._encoders[kind] = deliver

    def listen(self, kind: type[E], listener: Callable[[E], None]) -> None:
        """Have a function called on this server process when this kind of event was committed."""
        self._listeners.setdefault(kind, []).append(listener)

    def publish(self, events: Sequence[Event]) -> None:
        """Deliver the events of one commit, in their order."""
        deliveries: list[Delivery] = []
        for event in events:
            for listener in self._listeners.get(type(event), ()):
                listener(event)
            encoder = self._encoders.get(type(event))
            if encoder is not None:
                deliveries.extend(encoder(event))
        for to_members, run in groupby(deliveries, lambda one: isinstance(one, ToMembers)):
            if to_members:
                self._to_members([one for one in run if isinstance(one, ToMembers)])
            else:
                for one in run:
                    assert isinstance(one, ToPerson)  # noqa: S101 - grouped above
                    self._audiences.send_to(one.person, _frame(one))

    def _to_members(self, deliveries: list[ToMembers]) -> None:
        self._audiences.deliver_many(
            [(one.conversation, one.members_version, _frame(one)) for one in deliveries],
            loader=self._load_members,
        )


def _frame(delivery: Delivery) -> Frame:
    return frame(delivery.event, msgspec.Raw(encode(delivery.payload)))
