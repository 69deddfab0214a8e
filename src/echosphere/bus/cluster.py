"""The processes that serve one instance: their identities, and what they tell each other.

The database is the truth; what travels here are hints. They may get lost, and that is noticed: what
a process publishes on a subject is numbered, and a heartbeat tells the latest numbers. Each envelope
is sealed with the secret of the instance, unless no one else can write to the bus: who can is not
believed for that alone.
"""

import asyncio
import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import MappingProxyType
from typing import TypeVar

import msgspec

from echosphere.bus.bus import Bus

HEARTBEAT_SECONDS = 5.0
SILENCE_SECONDS = 15.0
"""After which a process counts as dead."""

ASK_SECONDS = 0.2
"""What is missed together is asked for once."""

BUCKETS = 64
"""Subjects for conversations, and as many for users: each has the events of its share of them."""

MAX_ENVELOPE = 256 * 1024
"""Bytes that travel together; NATS carries 1 MiB at most, and what is larger would be lost."""

SEAL_BYTES = 32
"""Of the HMAC-SHA-256 in front of each envelope."""

WARN_SECONDS = 60.0
"""Between two lines of the log about envelopes that were refused."""

EVERYBODY = "all"
"""The subject that every process hears."""

HELLO, HEARTBEAT, GOODBYE = "hello", "heartbeat", "goodbye"

T = TypeVar("T", bound=msgspec.Struct)
log = logging.getLogger(__name__)


class Item(msgspec.Struct, array_like=True, frozen=True):
    """One thing that a process tells; the kind says what the body is."""

    kind: str
    body: msgspec.Raw


class Envelope(msgspec.Struct, array_like=True, frozen=True):
    """What a process publishes on one subject at one moment, numbered from 1."""

    process: str
    number: int
    items: list[Item]


class Beat(msgspec.Struct, array_like=True, frozen=True):
    """How many envelopes a process has published on each subject, and whether clients connect to it.

    Attributes:
        common: A digest of each setting that all processes must have in common.
    """

    numbers: dict[str, int]
    serves: bool = True
    common: dict[str, str] = {}


@dataclass(slots=True)
class Peer:
    """Another process, as far as it was heard.

    Attributes:
        heard_at: When it was last heard.
        numbers: The number of its latest envelope on each subject.
        is_known: Whether it has told its numbers: the first envelope on a subject that is not among
            them has the number 1, and any other one means that something was missed.
    """

    heard_at: float
    numbers: dict[str, int] = field(default_factory=dict)
    is_known: bool = False
    serves: bool = True
    is_compared: bool = False


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Envelope).decode
_decode_beat = msgspec.msgpack.Decoder(Beat).decode


class Cluster:
    """This process among those of its instance.

    Args:
        bus: Carries what they tell each other.
        secret: What all of them know and no one else; the subjects are named by it, so that several
            instances may share a bus.
        label: What the operator calls this process; the name, which has it, is new at each start.
        serves: Whether clients connect to this process.
        common: The settings that all processes must have in common, by their names.
        clock: Seconds from a monotonic clock.
    """

    def __init__(
        self,
        bus: Bus,
        secret: str,
        label: str = "",
        *,
        serves: bool = True,
        common: Mapping[str, str] = MappingProxyType({}),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        number = secrets.token_hex(4)
        self.label = label or number
        self.name = f"{self.label}.{number}"
        self.published = self.received = 0
        self.missed = 0
        self.refused = 0
        self._bus = bus
        self._serves = serves
        self._clock = clock
        name = hmac.new(secret.encode(), b"echosphere bus", hashlib.sha256).hexdigest()[:16]
        self._prefix = f"echosphere.{name}."
        self._sealing_key = hmac.digest(secret.encode(), b"echosphere envelopes", "sha256")
        self._warned_at = -WARN_SECONDS
        self._common = {
            name: hmac.new(self._sealing_key, value.encode(), hashlib.sha256).hexdigest()[:16]
            for name, value in common.items()
        }
        self._numbers: dict[str, int] = {}
        self._waiting: dict[str, list[Item]] = {}
        self._peers: dict[str, Peer] = {}
        self._silent: set[str] = set()
        self._asking: asyncio.TimerHandle | None = None
        self._receivers: dict[str, Callable[[str, bytes], None]] = {}
        self._on_missed: list[Callable[[], None]] = []
        self._on_joined: list[Callable[[], None]] = []
        self._on_left: list[Callable[[str], None]] = []
        self._on_count: list[Callable[[int], None]] = []
        self._on_taken: list[Callable[[], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beating: asyncio.Task[None] | None = None

    # ---- what parts of this process register --------------------------------------------------

    def receive(self, kind: str, shape: type[T], receiver: Callable[[str, T], None]) -> None:
        """Call a function with the name of the other process and what it told."""
        decode = msgspec.msgpack.Decoder(shape).decode
        self._receivers[kind] = lambda process, body: receiver(process, decode(body))

    def on_missed(self, listener: Callable[[], None]) -> None:
        """Call a function when something was, or may have been, missed."""
        self._on_missed.append(listener)

    def on_joined(self, listener: Callable[[], None]) -> None:
        """Call a function when another process wants to know how things stand here."""
        self._on_joined.append(listener)

    def on_left(self, listener: Callable[[str], None]) -> None:
        """Call a function with the name of a process that has ended, or is silent."""
        self._on_left.append(listener)

    def on_count(self, listener: Callable[[int], None]) -> None:
        """Call a function whenever the number of processes changes to which clients connect."""
        self._on_count.append(listener)

    def on_taken(self, listener: Callable[[], None]) -> None:
        """Call a function whenever all was received that another process told at one moment."""
        self._on_taken.append(listener)

    # ---- what is told -------------------------------------------------------------------------

    def tell(self, subject: str, kind: str, body: msgspec.Struct) -> None:
        """Tell those who hear a subject; what is told in one turn of the loop travels together."""
        if self._loop is None:
            return
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.setdefault(subject, []).append(Item(kind, msgspec.Raw(_encode(body))))

    def tell_everybody(self, kind: str, body: msgspec.Struct) -> None:
        """Tell every process."""
        self.tell(EVERYBODY, kind, body)

    @property
    def size(self) -> int:
        """The number of living processes to which clients connect, this one included; at least 1."""
        return max(sum([self._serves, *(peer.serves for peer in self._peers.values())]), 1)

    @property
    def is_first(self) -> bool:
        """Whether this is the one of all that does what only one needs to do."""
        return all(self.name < other for other in self._peers)

    def forget(self, label: str) -> None:
        """Take it that the processes with this label have ended: whoever started them says so."""
        for process in [name for name in self._peers if label_of(name) == label]:
            self._left(process)
            self._missed()  # what it committed last, perhaps

    def numbers(self) -> dict[str, float]:
        """Return what is measured."""
        return {
            "cluster_processes": self.size,
            "cluster_published_total": self.published,
            "cluster_received_total": self.received,
            "cluster_missed_total": self.missed,
            "cluster_refused_total": self.refused,
        }

    # ---- life ---------------------------------------------------------------------------------

    async def start(self) -> None:
        """Join the others.

        Raises:
            BusError: There is no connection.
        """
        await self._bus.start(self._received, self._missed)
        await self._bus.subscribe(f"{self._prefix}>")
        self._loop = asyncio.get_running_loop()
        self._say(HELLO)
        self._beating = asyncio.create_task(self._beat(), name="cluster")

    async def overhear(self, seconds: float) -> list[str]:
        """Return the names of the processes that speak meanwhile, without being one of them.

        Raises:
            BusError: There is no connection.
        """
        await self._bus.start(self._received, self._missed)
        try:
            await self._bus.subscribe(self._prefix + EVERYBODY)
            await asyncio.sleep(seconds)
            return sorted(self._peers)
        finally:
            await self._bus.close()

    async def ready(self) -> None:
        """Check that the others can be heard.

        Raises:
            BusError: There is no connection to the bus.
        """
        await self._bus.ready()

    async def stop(self) -> None:
        """Leave."""
        beating, self._beating = self._beating, None
        if beating is not None:
            beating.cancel()
            await asyncio.wait({beating})
            self._say(GOODBYE)
            self._flush()
        if self._asking is not None:
            self._asking.cancel()
        self._loop = None
        await self._bus.close()

    def _say(self, kind: str) -> None:
        self.tell_everybody(kind, Beat(dict(self._numbers), self._serves, self._common))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            self._say(HEARTBEAT)
            since = self._clock() - SILENCE_SECONDS
            for process in [name for name, one in self._peers.items() if one.heard_at < since]:
                log.warning("The process %s has been silent for %.0f s", process, SILENCE_SECONDS)
                self._silent.add(process)
                self._left(process)
                self._missed()  # what it committed last, perhaps

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for subject, items in waiting.items():
            for some in _that_fit(items):
                number = self._numbers[subject] = self._numbers.get(subject, 0) + 1
                envelope = _encode(Envelope(self.name, number, some))
                full = self._prefix + subject
                self.published += 1
                self._bus.publish(full, self._seal(full, envelope) + envelope)

    # ---- what is heard ------------------------------------------------------------------------

    def _seal(self, subject: str, envelope: bytes) -> bytes:
        if self._bus.is_private:
            return b""
        return hmac.digest(self._sealing_key, subject.encode() + b"\0" + envelope, "sha256")

    def _received(self, subject: str, data: bytes) -> None:
        self.received += 1
        if not self._bus.is_private:
            seal, data = data[:SEAL_BYTES], data[SEAL_BYTES:]
            if not hmac.compare_digest(seal, self._seal(subject, data)):
                self._refuse("was not signed by a process of this instance")
                return
        try:
            envelope = _decode(data)
        except msgspec.DecodeError:
            log.warning("A bus message on %s belongs to another version", subject)
            return
        peer = self._heard(envelope.process)
        if not self._note(peer, subject.removeprefix(self._prefix), envelope.number):
            self._refuse("came before")
            return
        for item in envelope.items:
            try:
                self._take(envelope.process, peer, item)
            except Exception:
                log.exception("A message from another process could not be used: %s", item.kind)
                self._missed()
        for listener in self._on_taken:
            listener()

    def _take(self, process: str, peer: Peer, item: Item) -> None:
        if item.kind == GOODBYE:
            self._left(process)
        elif item.kind in (HELLO, HEARTBEAT):
            beat = _decode_beat(item.body)
            self._note_serves(peer, serves=beat.serves)
            self._compare(peer, beat.numbers)
            self._compare_settings(process, peer, beat.common)
            if item.kind == HELLO:
                for listener in self._on_joined:
                    listener()
        else:
            receiver = self._receivers.get(item.kind)
            if receiver is not None:
                receiver(process, bytes(item.body))

    def _heard(self, process: str) -> Peer:
        peer = self._peers.get(process)
        if peer is None:
            peer = self._peers[process] = Peer(self._clock())
            log.info("Another process is running: %s", process)
            if label_of(process) == self.label:
                log.warning(
                    "Another process is also called %s: long polling breaks, because a proxy "
                    "cannot tell the two apart. Give each its own ECHOSPHERE_PROCESS_NAME",
                    self.label,
                )
            self._say(HELLO)  # it may have come before this one could be heard
            self._changed()
            if process in self._silent:  # it spoke on, and was not heard
                self._silent.discard(process)
                self._missed()
        peer.heard_at = self._clock()
        return peer

    def _compare(self, peer: Peer, numbers: dict[str, int]) -> None:
        """Notice what did not come, by the numbers that the process has told."""
        for subject, number in numbers.items():
            base = 0 if peer.is_known else number
            if subject != EVERYBODY and peer.numbers.setdefault(subject, base) < number:
                peer.numbers[subject] = number
                self._missed()
        peer.is_known = True

    def _compare_settings(self, process: str, peer: Peer, common: dict[str, str]) -> None:
        """Warn, once for each process, of a setting that is another one there."""
        if not peer.is_compared:
            peer.is_compared = True
            for name in sorted(self._common.keys() & common.keys()):
                if self._common[name] != common[name]:
                    log.warning(
                        "The process %s has a different %s. Give all processes the same one",
                        process,
                        name,
                    )

    def _note(self, peer: Peer, subject: str, number: int) -> bool:
        """Notice what did not come; return False for what came before."""
        base = 0 if peer.is_known and subject != EVERYBODY else number - 1
        expected = peer.numbers.get(subject, base) + 1
        if number < expected:
            return False
        peer.numbers[subject] = number
        if number != expected:
            self._missed()
        return True

    def _note_serves(self, peer: Peer, *, serves: bool) -> None:
        if peer.serves != serves:
            peer.serves = serves
            self._changed()

    def _refuse(self, why: str) -> None:
        """Count an envelope that is not believed."""
        self.refused += 1
        if self._clock() - self._warned_at >= WARN_SECONDS:
            self._warned_at = self._clock()
            log.warning("A bus message was rejected, because it %s", why)

    def _left(self, process: str) -> None:
        if self._peers.pop(process, None) is None:
            return
        for listener in self._on_left:
            listener(process)
        self._changed()

    def _changed(self) -> None:
        for listener in self._on_count:
            listener(self.size)

    def _missed(self) -> None:
        self.missed += 1
        if self._asking is None and self._loop is not None:
            self._asking = self._loop.call_later(ASK_SECONDS, self._ask)
        for listener in self._on_missed:
            listener()

    def _ask(self) -> None:
        """Have the others tell how things stand there."""
        self._asking = None
        if self._loop is not None:
            self._say(HELLO)


def _that_fit(items: list[Item]) -> Iterator[list[Item]]:
    """Give items in their order, as many at a time as fit into an envelope."""
    some: list[Item] = []
    size = 0
    for item in items:
        length = memoryview(item.body).nbytes
        if some and size + length > MAX_ENVELOPE:
            yield some
            some, size = [], 0
        some.append(item)
        size += length
    yield some


def label_of(process: str) -> str:
    """Return what the operator calls the process of this name."""
    return process.rpartition(".")[0]


def conversation_subject(conversation: str) -> str:
    """Return the subject of a conversation's events."""
    return f"c.{_bucket(conversation)}"


def user_subject(user_id: str) -> str:
    """Return the subject of the events for a user's devices."""
    return f"u.{_bucket(user_id)}"


def _bucket(name: str) -> int:
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=4).digest()) % BUCKETS
