"""Delivers to the sockets of all processes of an instance, whichever committed what happened."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from echosphere.bus import Cluster, conversation_subject, user_subject
from echosphere.core import tracing
from echosphere.realtime.delivery.deliveries import (
    Delivery,
    ToEverybody,
    ToMembers,
    ToUser,
    ToUsers,
)
from echosphere.realtime.delivery.ordering import VersionOrder
from echosphere.realtime.socketio import Audiences, Frame, json_event_frame
from echosphere.wire import encode


class ChangedConversation(NamedTuple):
    """A conversation that changed lately, as the database has it."""

    id: str
    version: int
    members_version: int


class EventForMembers(msgspec.Struct, array_like=True, frozen=True):
    """An event for the members of a conversation, encoded once.

    `version` is the conversation's, if the event raises it; `trace` is the span that it comes from,
    where traces are collected.
    """

    conversation: str
    members_version: int
    event: str
    payload: bytes
    version: int | None
    only: list[str] | None
    trace: str | None = None


class EventForUsers(msgspec.Struct, array_like=True, frozen=True):
    """An event for all devices of users, encoded once."""

    user_ids: list[str]
    event: str
    payload: bytes
    trace: str | None = None


class EventForEverybody(msgspec.Struct, array_like=True, frozen=True):
    """An event for all devices of everyone, encoded once."""

    event: str
    payload: bytes
    trace: str | None = None


class Happened(msgspec.Struct, array_like=True, frozen=True):
    """A committed event that listeners in all processes want to hear of."""

    kind: str
    event: bytes


class Relay:
    """Delivers to all processes of an instance: to this one's sockets, and by the bus to the others'.

    Args:
        cluster: The processes.
        audiences: The users who are connected to this one.
        load_members: Reads a conversation's members from the database.
    """

    def __init__(
        self,
        cluster: Cluster,
        audiences: Audiences,
        load_members: Callable[[str], Awaitable[tuple[int, Collection[str]]]],
    ) -> None:
        self._cluster = cluster
        self._audiences = audiences
        self._load_members = load_members
        self._order = VersionOrder(self._deliver)
        self._in_order: list[EventForMembers] = []
        self._listened: dict[str, list[Callable[[bytes], None]]] = {}
        cluster.receive("members", EventForMembers, lambda _process, one: self._to_members(one))
        cluster.receive("users", EventForUsers, lambda _process, one: self._to_users(one))
        cluster.receive(
            "everybody", EventForEverybody, lambda _process, one: self._to_everybody(one)
        )
        cluster.receive("happened", Happened, lambda _process, one: self._happened(one))
        cluster.on_taken(self._deliver)

    def listen(self, kind: type, listener: Callable[[Any], None]) -> None:
        """Call a function with the events of this type that other processes commit."""
        decode: Callable[[bytes], Any] = msgspec.msgpack.Decoder(kind).decode
        heard = self._listened.setdefault(kind.__name__, [])
        heard.append(lambda event: listener(decode(event)))

    def tell_happened(self, event: object) -> None:
        """Tell the others of an event, if their listeners want to hear of it."""
        kind = type(event).__name__
        if kind in self._listened:
            self._cluster.tell_everybody("happened", Happened(kind, msgspec.msgpack.encode(event)))

    def send(self, deliveries: Sequence[Delivery]) -> None:
        """Deliver in this order; each payload is encoded once."""
        for delivery in deliveries:
            self._send_one(delivery)
        self._deliver()

    def _send_one(self, delivery: Delivery) -> None:
        payload = encode(delivery.payload)
        match delivery:
            case ToMembers(conversation):
                told = encode_for_members(delivery, payload)
                self._cluster.tell(conversation_subject(conversation), "members", told)
                self._to_members(told)
            case ToUser(user_id):
                self._send_to_users([user_id], delivery.event, payload)
            case ToUsers(user_ids):
                self._send_to_users(user_ids, delivery.event, payload)
            case ToEverybody():
                for_all = EventForEverybody(delivery.event, payload, tracing.current())
                self._cluster.tell_everybody("everybody", for_all)
                self._to_everybody(for_all)

    def tell_behind(self, changed: ChangedConversation, left: Collection[str]) -> None:
        """Have the members, and those who left, fetch what was not delivered here."""
        self._order.note(changed.id, changed.version)
        self._audiences.deliver_behind(
            changed.id, changed.members_version, loader=self._load_members, former=left
        )

    def latest(self, conversation: str) -> int:
        """Return the latest version that was delivered here; 0 if none was, or long ago."""
        return self._order.latest(conversation)

    def begin_again(self) -> None:
        """Forget what was delivered: the database may be an older copy, which gives versions again."""
        self._order.forget()

    def close(self) -> None:
        """Deliver nothing any more."""
        self._order.close()

    def _send_to_users(self, user_ids: Collection[str], event: str, payload: bytes) -> None:
        trace = tracing.current()
        subjects: defaultdict[str, list[str]] = defaultdict(list)
        for user_id in user_ids:
            subjects[user_subject(user_id)].append(user_id)
        for subject, some in subjects.items():
            self._cluster.tell(subject, "users", EventForUsers(some, event, payload, trace))
        self._to_users(EventForUsers(list(user_ids), event, payload))

    def _to_members(self, told: EventForMembers) -> None:
        """Take what is for members who are connected here, in the order of versions.

        It is delivered with what else was told at the same time: one write for each socket.
        """
        self._order.take(told.conversation, told.version, partial(self._take, told))

    def _take(self, told: EventForMembers) -> None:
        self._in_order.append(told)

    def _deliver(self) -> None:
        """Deliver what was taken for members; where no one is connected, no one asks who they are."""
        taken, self._in_order = self._in_order, []
        if not self._audiences.online_users():
            self._audiences.unreceived += len(taken)
            return
        with _deliver_span([told.trace for told in taken]):
            self._deliver_in_order(taken)

    def _deliver_in_order(self, taken: list[EventForMembers]) -> None:
        for for_all, run in groupby(taken, _is_for_all_members):
            if for_all:
                together = [(told.conversation, told.members_version, _frame(told)) for told in run]
                self._audiences.deliver_many(together, loader=self._load_members)
            else:
                for told in run:
                    self._deliver_to_some(told)

    def _deliver_to_some(self, told: EventForMembers) -> None:
        self._audiences.deliver(
            told.conversation,
            told.members_version,
            _frame(told),
            loader=self._load_members,
            only=frozenset(told.only or ()),
        )

    def _to_users(self, told: EventForUsers) -> None:
        """Deliver to the users who are connected here."""
        self._deliver()
        online = [one for one in told.user_ids if self._audiences.is_online(one)]
        if online:
            frame = json_event_frame(told.event, told.payload)
            with _deliver_span([told.trace]):
                for user_id in online:
                    self._audiences.send_to_user(user_id, frame)

    def _to_everybody(self, told: EventForEverybody) -> None:
        """Deliver to all who are connected here."""
        self._deliver()
        frame = json_event_frame(told.event, told.payload)
        with _deliver_span([told.trace]):
            for user_id in tuple(self._audiences.online_users()):
                self._audiences.send_to_user(user_id, frame)

    def _happened(self, told: Happened) -> None:
        self._deliver()
        for heard in self._listened.get(told.kind, ()):
            heard(told.event)


def _deliver_span(traces: Sequence[str | None]) -> AbstractContextManager[None]:
    """Return the span of what another process told; what this one committed has one already."""
    if tracing.current() is not None:
        return nullcontext()
    return tracing.span_from("deliver", {"echosphere.events": len(traces)}, traces)


def _is_for_all_members(told: EventForMembers) -> bool:
    return told.only is None


def _frame(told: EventForMembers) -> Frame:
    return json_event_frame(told.event, told.payload)


def encode_for_members(delivery: ToMembers, payload: bytes) -> EventForMembers:
    """Return the delivery with its payload encoded."""
    only = None if delivery.only is None else list(delivery.only)
    raised = getattr(delivery.payload, "version", None)
    return EventForMembers(
        delivery.conversation,
        delivery.members_version,
        delivery.event,
        payload,
        raised,
        only,
        tracing.current(),
    )
