"""Sends committed events to those who may see them: the only place that emits."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from itertools import groupby
from typing import Any, TypeVar

from echosphere.bus import Cluster
from echosphere.database import Event
from echosphere.realtime.delivery.coalesce import coalesce_updates
from echosphere.realtime.delivery.deliveries import (
    Delivery,
    ToEverybody,
    ToMembers,
    ToUser,
    ToUsers,
)
from echosphere.realtime.delivery.relay import Relay
from echosphere.realtime.socketio import Audiences, Frame, json_event_frame
from echosphere.wire import encode

E = TypeVar("E")

Audience = tuple[int, frozenset[str]]
"""A conversation's `members_version` and the ids of its members as of that version."""

Encoder = Callable[[Any], Sequence[Delivery]]


class FanOut:
    """Turns committed events into deliveries.

    Args:
        audiences: The users who are connected to this process.
        load_members: Reads a conversation's members from the database.
        cluster: The other processes of this instance; None if there can be none.
    """

    def __init__(
        self,
        audiences: Audiences,
        load_members: Callable[[str], Awaitable[Audience]],
        cluster: Cluster | None = None,
    ) -> None:
        self._audiences = audiences
        self._load_members = load_members
        self._encoders: dict[type, Encoder] = {}
        self._listeners: dict[type, list[Callable[[Any], None]]] = {}
        self.relay = None if cluster is None else Relay(cluster, audiences, load_members)
        """What joins it to the other processes; None if there can be none."""

    def on(self, kind: type[E], deliver: Callable[[E], Sequence[Delivery]]) -> None:
        """Set the function that returns the deliveries of an event of this type."""
        self._encoders[kind] = deliver

    def listen(self, kind: type[E], listener: Callable[[E], None]) -> None:
        """Call a function in the process that committed an event of this type."""
        self._listeners.setdefault(kind, []).append(listener)

    def listen_everywhere(self, kind: type[E], listener: Callable[[E], None]) -> None:
        """Call a function in every process after one committed an event of this type.

        The event must be something that msgspec encodes.
        """
        self.listen(kind, listener)
        if self.relay is not None:
            self.relay.listen(kind, listener)

    def publish(self, events: Sequence[Event]) -> None:
        """Deliver the events of one commit, in their order."""
        deliveries: list[Delivery] = []
        for event in events:
            for listener in self._listeners.get(type(event), ()):
                listener(event)
            if self.relay is not None:
                self.relay.tell_happened(event)
            encoder = self._encoders.get(type(event))
            if encoder is not None:
                deliveries.extend(encoder(event))
        self.send(coalesce_updates(deliveries))

    def send(self, deliveries: Sequence[Delivery]) -> None:
        """Deliver what is not part of a commit: it is not stored, and may get lost."""
        if self.relay is not None:
            self.relay.send(deliveries)
        else:
            self.send_here(deliveries)

    def send_here(self, deliveries: Sequence[Delivery]) -> None:
        """Deliver what each process tells its own clients by itself."""
        for for_all, run in groupby(deliveries, _is_for_all_members):
            if for_all:
                self._send_to_members([one for one in run if isinstance(one, ToMembers)])
            else:
                for one in run:
                    self._send_one(one)

    def close(self) -> None:
        """Send nothing any more."""
        if self.relay is not None:
            self.relay.close()

    def online_users(self, user_ids: Collection[str]) -> frozenset[str]:
        """Return those of these users who have a device connected to this process."""
        return frozenset(filter(self._audiences.is_online, user_ids))

    def _send_one(self, delivery: Delivery) -> None:
        encoded = _frame(delivery)
        match delivery:
            case ToUser(user_id):
                self._audiences.send_to_user(user_id, encoded)
            case ToUsers(user_ids):
                for user_id in self.online_users(user_ids):
                    self._audiences.send_to_user(user_id, encoded)
            case ToEverybody():
                for user_id in tuple(self._audiences.online_users()):
                    self._audiences.send_to_user(user_id, encoded)
            case ToMembers(conversation, version, only=only):
                self._audiences.deliver(
                    conversation, version, encoded, loader=self._load_members, only=only
                )

    def _send_to_members(self, deliveries: list[ToMembers]) -> None:
        self._audiences.deliver_many(
            [(one.conversation, one.members_version, _frame(one)) for one in deliveries],
            loader=self._load_members,
        )


def _is_for_all_members(delivery: Delivery) -> bool:
    return isinstance(delivery, ToMembers) and delivery.only is None


def _frame(delivery: Delivery) -> Frame:
    return json_event_frame(delivery.event, encode(delivery.payload))
