"""Sends what was committed to those who may see it: the only place that emits."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from itertools import groupby
from typing import Any, TypeVar

from echosphere.database import Event
from echosphere.live.delivery import Delivery, ToMembers, ToPeople, ToPerson
from echosphere.live.newest import newest_rows
from echosphere.realtime.socketio import Audiences, Frame, json_event_frame
from echosphere.wire import encode

E = TypeVar("E")

Members = tuple[int, frozenset[str]]
"""A conversation's `members_version` and the people who are members at that version."""

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
        self.send(newest_rows(deliveries))

    def send(self, deliveries: Sequence[Delivery]) -> None:
        """Deliver what was not announced on a transaction: it is not stored, and may get lost."""
        for for_all, run in groupby(deliveries, _is_for_all_members):
            if for_all:
                self._to_members([one for one in run if isinstance(one, ToMembers)])
            else:
                for one in run:
                    self._to_some(one)

    def online(self, people: Collection[str]) -> frozenset[str]:
        """Return those of these people who have a device connected."""
        return frozenset(filter(self._audiences.is_online, people))

    def _to_some(self, delivery: Delivery) -> None:
        encoded = _frame(delivery)
        match delivery:
            case ToPerson(person):
                self._audiences.send_to_user(person, encoded)
            case ToPeople(people):
                for person in self.online(people):
                    self._audiences.send_to_user(person, encoded)
            case ToMembers(conversation, version, only=only):
                self._audiences.deliver(
                    conversation, version, encoded, loader=self._load_members, only=only
                )

    def _to_members(self, deliveries: list[ToMembers]) -> None:
        self._audiences.deliver_many(
            [(one.conversation, one.members_version, _frame(one)) for one in deliveries],
            loader=self._load_members,
        )


def _is_for_all_members(delivery: Delivery) -> bool:
    return isinstance(delivery, ToMembers) and delivery.only is None


def _frame(delivery: Delivery) -> Frame:
    return json_event_frame(delivery.event, encode(delivery.payload))
