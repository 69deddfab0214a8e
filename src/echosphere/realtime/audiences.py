"""Who gets what: people and their sockets, audiences and their members, one write per receiver."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from .frames import join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .frames import Frame
    from .socket import Socket

# Given a key, answers the current version of its audience and the persons in it.
Loader: TypeAlias = Callable[[str], Awaitable[tuple[int, Collection[str]]]]

MAX_KEYS = 50_000
MAX_WAITING_FRAMES = 1_000

# Waits between the attempts to load an audience, in seconds; the last one repeats.
IMPATIENT = (0.02, 0.1, 0.4)
PATIENT = (1.0, 2.0, 5.0, 15.0, 30.0)

_log = logging.getLogger(__name__)
_NOBODY: frozenset[str] = frozenset()


class Audience:
    """The persons of one key as of a version, and the frames that wait for a newer version."""

    __slots__ = (
        "again",
        "epoch",
        "loading",
        "missed",
        "others",
        "persons",
        "version",
        "waiting",
        "writes",
    )

    def __init__(self) -> None:
        self.version = -1
        self.persons: frozenset[str] = _NOBODY
        # Frames that need a version we do not have yet, in the order they came; each is for all
        # persons, or for those of them that are named.
        self.waiting: list[tuple[int, Frame, frozenset[str] | None]] = []
        self.loading: asyncio.Task[None] | None = None
        # Frames were dropped, the newest of this version (-1: none): whoever is a member by then
        # has to be told before anything else is sent.
        self.missed = -1
        # Something changed while loading: what is being read may be too old.
        self.again = False
        # The receivers as of `epoch`, ready to be written to in one tight loop.
        self.epoch = -1
        self.writes: tuple[Callable[[bytes], None], ...] = ()
        self.others: tuple[Socket, ...] = ()


class Audiences:
    """Keeps persons' sockets and audiences of persons, and sends frames to audiences.

    A key (a conversation, say) has an audience with a version, a number that grows with each
    change of its members. The rules, which hold on every path:

    - A frame of version v is sent only to an audience loaded at version v or later. So from the
      moment a removal is committed, nothing announced after it reaches the removed person.
    - Frames of one key are sent in the order in which they were given.
    - Each audience is loaded once at a time, while later frames for the key wait behind.

    A loader that fails, or answers with an older version, is asked again a few times. If that
    does not help (or too many frames wait), the waiting frames are dropped: nobody knows any more
    who may have them, and the former audience may contain someone who has been removed, so it
    is not even told that something happened. Instead the key is remembered and loaded again with
    growing pauses; as soon as that succeeds, the persons then known get `behind(key)`, which
    should make their clients fetch what they missed, before any later frame of that key.

    Sockets leave by themselves when they end. Everything runs on one event loop.
    """

    def __init__(
        self, behind: Callable[[str], Frame | None] | None = None, *, max_keys: int = MAX_KEYS
    ) -> None:
        self._behind = behind
        self._max_keys = max_keys
        self._people: dict[str, set[Socket]] = {}
        self._person_of: dict[Socket, str] = {}
        self._audiences: OrderedDict[str, Audience] = OrderedDict()
        self._retries: set[asyncio.TimerHandle] = set()
        # Raised whenever a list of receivers could have become wrong.
        self._epoch = 0
        self.deliveries = 0
        self.bytes_out = 0
        self.loads = 0
        self.dropped = 0

    # ---- people -----------------------------------------------------------------------------

    def enter(self, person: str, socket: Socket) -> None:
        """This socket is this person's. A socket that has ended meanwhile is left out."""
        if socket.is_gone:
            return
        self.leave(socket)
        socket.audiences = self
        self._person_of[socket] = person
        self._people.setdefault(person, set()).add(socket)
        self._epoch += 1

    def leave(self, socket: Socket) -> None:
        """This socket gets nothing any more."""
        person = self._person_of.pop(socket, None)
        if person is None:
            return
        socket.audiences = None
        sockets = self._people[person]
        sockets.discard(socket)
        if not sockets:
            del self._people[person]
        self._epoch += 1

    def sockets_of(self, person: str) -> tuple[Socket, ...]:
        return tuple(self._people.get(person, ()))

    def is_online(self, person: str) -> bool:
        return person in self._people

    def online(self) -> Collection[str]:
        """Everybody who has a socket here."""
        return self._people.keys()

    def refresh(self) -> None:
        """A socket changed how it is written to."""
        self._epoch += 1

    # ---- sending ----------------------------------------------------------------------------

    def send_to(self, person: str, frame: Frame) -> None:
        """Send to all sockets of one person."""
        for socket in self.sockets_of(person):
            socket.send(frame)

    def deliver(
        self,
        key: str,
        version: int,
        frame: Frame,
        *,
        loader: Loader,
        only: frozenset[str] | None = None,
    ) -> None:
        """Send a frame to the audience of `key`, which must be of this version or later.

        Returns at once; where the audience is unknown or too old, the frame is sent after
        `loader(key)` has answered. With `only`, it is for those of the audience who are named:
        whoever is named and not in it gets nothing.
        """
        audience = self._audience(key)
        if audience.loading is None and audience.version >= version:
            self._send_each(audience, [(frame, only)])
        else:
            self._wait(key, audience, version, frame, loader, only=only)

    def deliver_many(self, deliveries: Sequence[tuple[str, int, Frame]], *, loader: Loader) -> None:
        """Deliver in this order; neighbours of one key reach each receiver in a single write."""
        batch: list[Frame] = []
        last: Audience | None = None
        for key, version, frame in deliveries:
            audience = self._audience(key)
            is_ready = audience.loading is None and audience.version >= version
            if audience is not last and batch and last is not None:
                self._send(last, join(batch))
                batch = []
            last = audience
            if is_ready:
                batch.append(frame)
                continue
            if batch:
                self._send(audience, join(batch))
                batch = []
            self._wait(key, audience, version, frame, loader)
        if batch and last is not None:
            self._send(last, join(batch))

    def forget(self, key: str) -> None:
        """Whatever is known of this audience may be wrong: load it before the next frame."""
        audience = self._audiences.get(key)
        if audience is None:
            return
        _void(audience)
        audience.again = True
        if audience.loading is None and audience.missed < 0:
            del self._audiences[key]

    def stats(self) -> dict[str, int]:
        """Counters since the start (frames to receivers, bytes written directly, loads, frames
        dropped) and how many persons, sockets and audiences there are now.
        """
        return {
            "deliveries": self.deliveries,
            "bytes_out": self.bytes_out,
            "loads": self.loads,
            "dropped": self.dropped,
            "persons": len(self._people),
            "sockets": len(self._person_of),
            "audiences": len(self._audiences),
        }

    def close(self) -> None:
        """Stop loading and retrying; the server ends."""
        for retry in self._retries:
            retry.cancel()
        self._retries.clear()
        for audience in self._audiences.values():
            if audience.loading is not None:
                audience.loading.cancel()
        self._audiences.clear()

    def _audience(self, key: str) -> Audience:
        audience = self._audiences.get(key)
        if audience is None:
            audience = self._audiences[key] = Audience()
            self._make_room()
        else:
            self._audiences.move_to_end(key)
        return audience

    def _make_room(self) -> None:
        # What holds frames or owes a word stays; it goes to the young end and is met again later.
        for _ in range(len(self._audiences) - self._max_keys):
            key, audience = next(iter(self._audiences.items()))
            if audience.loading is not None or audience.missed >= 0:
                self._audiences.move_to_end(key)
            else:
                del self._audiences[key]

    def _send(self, audience: Audience, frame: Frame) -> None:
        if audience.epoch != self._epoch:
            self._aim(audience)
        wire = frame.wire
        for write in audience.writes:
            write(wire)
        for socket in audience.others:
            socket.send(frame)
        self.deliveries += frame.count * (len(audience.writes) + len(audience.others))
        self.bytes_out += len(wire) * len(audience.writes)

    def _send_each(
        self, audience: Audience, frames: Sequence[tuple[Frame, frozenset[str] | None]]
    ) -> None:
        """Send in this order; neighbours that are for everybody in a single write."""
        for only, run in groupby(frames, itemgetter(1)):
            together = join([frame for frame, _ in run])
            if only is None:
                self._send(audience, together)
            else:
                self._send_to_some(audience.persons & only, together)

    def _send_to_some(self, persons: frozenset[str], frame: Frame) -> None:
        for person in persons:
            for socket in self._people.get(person, ()):
                socket.send(frame)
                self.deliveries += frame.count

    def _aim(self, audience: Audience) -> None:
        """Find the receivers; the answer holds until a socket comes, goes or changes."""
        people = self._people
        writes: list[Callable[[bytes], None]] = []
        others: list[Socket] = []
        for person in audience.persons:
            for socket in people.get(person, ()):
                write = socket.direct_write()
                if write is None:
                    others.append(socket)
                else:
                    writes.append(write)
        audience.writes = tuple(writes)
        audience.others = tuple(others)
        audience.epoch = self._epoch

    # ---- loading ----------------------------------------------------------------------------

    def _wait(
        self,
        key: str,
        audience: Audience,
        version: int,
        frame: Frame,
        loader: Loader,
        *,
        only: frozenset[str] | None = None,
    ) -> None:
        audience.waiting.append((version, frame, only))
        if len(audience.waiting) > MAX_WAITING_FRAMES:
            self._drop(audience)
        if audience.loading is None:
            audience.loading = asyncio.ensure_future(self._load(key, audience, loader))

    async def _load(self, key: str, audience: Audience, loader: Loader) -> None:
        for pause in (*IMPATIENT, 0.0):
            if await self._ask(key, audience, loader):
                audience.loading = None
                return
            await asyncio.sleep(pause)
        audience.loading = None
        self._drop(audience)
        self._retry_later(key, audience, loader, 0)

    async def _ask(self, key: str, audience: Audience, loader: Loader) -> bool:
        """Load once and send what may be sent; whether nothing is left waiting."""
        try:
            version, persons = await self._read(key, audience, loader)
        except Exception:
            _log.exception("an audience could not be loaded")
            return False
        if version >= audience.version:
            audience.version = version
            audience.persons = frozenset(persons)
            audience.epoch = -1
        return self._flush(key, audience)

    async def _read(
        self, key: str, audience: Audience, loader: Loader
    ) -> tuple[int, Collection[str]]:
        while True:
            self.loads += 1
            audience.again = False
            found = await loader(key)
            if not audience.again:
                return found

    def _flush(self, key: str, audience: Audience) -> bool:
        """Send the waiting frames that the loaded version covers, in order; whether all were."""
        if audience.missed > audience.version:
            return False
        if audience.missed >= 0:
            audience.missed = -1
            behind = self._behind(key) if self._behind is not None else None
            if behind is not None:
                self._send(audience, behind)
        ready = 0
        for version, _, _ in audience.waiting:
            if version > audience.version:
                break
            ready += 1
        frames = [(frame, only) for _, frame, only in audience.waiting[:ready]]
        del audience.waiting[:ready]
        self._send_each(audience, frames)
        return not audience.waiting

    def _drop(self, audience: Audience) -> None:
        if audience.waiting:
            _log.warning("%d events of one audience were dropped", len(audience.waiting))
        self.dropped += len(audience.waiting)
        audience.missed = max([audience.missed, *(version for version, _, _ in audience.waiting)])
        audience.waiting.clear()
        _void(audience)

    def _retry_later(self, key: str, audience: Audience, loader: Loader, attempt: int) -> None:
        pause = PATIENT[min(attempt, len(PATIENT) - 1)]
        loop = asyncio.get_running_loop()

        def retry() -> None:
            self._retries.discard(handle)
            is_wanted = audience.missed >= 0 and audience.loading is None
            if is_wanted and self._audiences.get(key) is audience:
                audience.loading = asyncio.ensure_future(
                    self._reload(key, audience, loader, attempt + 1)
                )

        handle = loop.call_later(pause, retry)
        self._retries.add(handle)

    async def _reload(self, key: str, audience: Audience, loader: Loader, attempt: int) -> None:
        is_done = await self._ask(key, audience, loader)
        audience.loading = None
        if not is_done:
            self._drop(audience)
            self._retry_later(key, audience, loader, attempt)


def _void(audience: Audience) -> None:
    """Nobody is known to be in this audience any more."""
    audience.version = -1
    audience.persons = _NOBODY
    audience.epoch = -1
