"""Sends frames to audiences: the users of a conversation and their sockets."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from ..engineio import join_frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..engineio import Frame
    from .socket import Socket

# Given a key, returns the current version of its audience and the ids of the users in it.
AudienceLoader: TypeAlias = Callable[[str], Awaitable[tuple[int, Collection[str]]]]

MAX_KEYS = 50_000
MAX_WAITING_FRAMES = 1_000

# Waits between the attempts to load an audience, in seconds; the last one repeats.
FAST_RETRIES = (0.02, 0.1, 0.4)
SLOW_RETRIES = (1.0, 2.0, 5.0, 15.0, 30.0)

_log = logging.getLogger(__name__)
_NO_USERS: frozenset[str] = frozenset()


class Audience:
    """The users of one key as of a version, and the frames that wait for a newer version."""

    __slots__ = (
        "direct_writes",
        "epoch",
        "loading",
        "missed_version",
        "other_sockets",
        "reload_needed",
        "user_ids",
        "version",
        "waiting",
    )

    def __init__(self) -> None:
        self.version = -1
        self.user_ids: frozenset[str] = _NO_USERS
        # Frames that need a newer version, in order; each is for all users or only for these.
        self.waiting: list[tuple[int, Frame, frozenset[str] | None]] = []
        self.loading: asyncio.Task[None] | None = None
        # The highest version of the dropped frames (-1: none). Members as of then must get `behind`
        # before anything else.
        self.missed_version = -1
        # Invalidated while loading: the result may be too old.
        self.reload_needed = False
        # The receivers as of `epoch`.
        self.epoch = -1
        self.direct_writes: tuple[Callable[[bytes], None], ...] = ()
        self.other_sockets: tuple[Socket, ...] = ()


class Audiences:
    """Keeps the sockets of users and the audiences of keys, and sends frames to audiences.

    A key (a conversation, say) has an audience with a version, a number that grows with each
    change of its members. The rules, which hold on every path:

    - A frame of version v is sent only to an audience loaded at version v or later. So from the
      moment a removal is committed, nothing published after it reaches the removed user.
    - Frames of one key are sent in the order in which they were given.
    - Each audience is loaded once at a time, while later frames for the key wait behind.

    A loader that fails, or returns an older version, is called again a few times. If that does not
    help (or too many frames wait), the waiting frames are dropped: the former audience may contain
    a user who has been removed, so it is not even told that something happened. The key is loaded
    again with growing pauses; as soon as that succeeds, its users get `behind(key)`, which makes
    their clients fetch what they missed, before any later frame of that key.

    Closed sockets are removed by themselves. Everything runs on one event loop.
    """

    def __init__(
        self, behind: Callable[[str], Frame | None] | None = None, *, max_keys: int = MAX_KEYS
    ) -> None:
        self._behind = behind
        self._max_keys = max_keys
        self._sockets_by_user: dict[str, set[Socket]] = {}
        self._user_of: dict[Socket, str] = {}
        self._audiences: OrderedDict[str, Audience] = OrderedDict()
        self._retries: set[asyncio.TimerHandle] = set()
        # Incremented whenever a list of receivers may have changed.
        self._epoch = 0
        self.deliveries = 0
        self.unreceived = 0
        self.bytes_out = 0
        self.loads = 0
        self.dropped = 0

    # ---- users and their sockets ------------------------------------------------------------

    def add(self, user_id: str, socket: Socket) -> None:
        """Add a socket of a user; a closed one is ignored."""
        if socket.is_closed:
            return
        self.remove(socket)
        socket.audiences = self
        self._user_of[socket] = user_id
        self._sockets_by_user.setdefault(user_id, set()).add(socket)
        self._epoch += 1

    def remove(self, socket: Socket) -> None:
        """Send nothing more to this socket."""
        user_id = self._user_of.pop(socket, None)
        if user_id is None:
            return
        socket.audiences = None
        sockets = self._sockets_by_user[user_id]
        sockets.discard(socket)
        if not sockets:
            del self._sockets_by_user[user_id]
        self._epoch += 1

    def sockets_of(self, user_id: str) -> tuple[Socket, ...]:
        return tuple(self._sockets_by_user.get(user_id, ()))

    def is_online(self, user_id: str) -> bool:
        return user_id in self._sockets_by_user

    def online_users(self) -> Collection[str]:
        """The ids of the users who have a socket."""
        return self._sockets_by_user.keys()

    def receivers_changed(self) -> None:
        """Note that sockets must be written to in another way."""
        self._epoch += 1

    # ---- sending ----------------------------------------------------------------------------

    def send_to_user(self, user_id: str, frame: Frame) -> None:
        """Send to all sockets of one user."""
        for socket in self.sockets_of(user_id):
            socket.send(frame)

    def deliver(
        self,
        key: str,
        version: int,
        frame: Frame,
        *,
        loader: AudienceLoader,
        only: frozenset[str] | None = None,
    ) -> None:
        """Send a frame to the audience of `key`, which must be of this version or later.

        Returns at once; if the audience is unknown or too old, the frame is sent after `loader(key)`
        has returned. With `only`, it goes to these users of the audience.
        """
        audience = self._audience(key)
        if audience.loading is None and audience.version >= version:
            self._send_each(audience, [(frame, only)])
        else:
            self._wait(key, audience, version, frame, loader, only=only)

    def deliver_behind(
        self, key: str, version: int, *, loader: AudienceLoader, former: Collection[str] = ()
    ) -> None:
        """Send `behind(key)` to the audience, of this version or later, and to former users of it."""
        frame = self._behind(key) if self._behind is not None else None
        if frame is None:
            return
        for user_id in former:
            self.send_to_user(user_id, frame)
        self.deliver(key, version, frame, loader=loader)

    def deliver_many(
        self, deliveries: Sequence[tuple[str, int, Frame]], *, loader: AudienceLoader
    ) -> None:
        """Deliver in this order; consecutive frames of one key are combined into one write."""
        batch: list[Frame] = []
        last: Audience | None = None
        for key, version, frame in deliveries:
            audience = self._audience(key)
            is_ready = audience.loading is None and audience.version >= version
            if audience is not last and batch and last is not None:
                self._send(last, join_frames(batch))
                batch = []
            last = audience
            if is_ready:
                batch.append(frame)
                continue
            if batch:
                self._send(audience, join_frames(batch))
                batch = []
            self._wait(key, audience, version, frame, loader)
        if batch and last is not None:
            self._send(last, join_frames(batch))

    def invalidate(self, key: str) -> None:
        """Load this audience again before the next frame."""
        audience = self._audiences.get(key)
        if audience is None:
            return
        _invalidate(audience)
        audience.reload_needed = True
        if audience.loading is None and audience.missed_version < 0:
            del self._audiences[key]

    def stats(self) -> dict[str, int]:
        """Return counters since the start (frames sent, frames of which the audience had no socket
        here, bytes written directly, loads, frames dropped) and the current numbers of users, sockets and audiences.
        """
        return {
            "deliveries": self.deliveries,
            "unreceived": self.unreceived,
            "bytes_out": self.bytes_out,
            "loads": self.loads,
            "dropped": self.dropped,
            "users": len(self._sockets_by_user),
            "sockets": len(self._user_of),
            "audiences": len(self._audiences),
        }

    def close(self) -> None:
        """Stop loading and retrying."""
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
            self._evict()
        else:
            self._audiences.move_to_end(key)
        return audience

    def _evict(self) -> None:
        # Audiences with waiting or dropped frames are kept: they move to the recently used end.
        for _ in range(len(self._audiences) - self._max_keys):
            key, audience = next(iter(self._audiences.items()))
            if audience.loading is not None or audience.missed_version >= 0:
                self._audiences.move_to_end(key)
            else:
                del self._audiences[key]

    def _send(self, audience: Audience, frame: Frame) -> None:
        if audience.epoch != self._epoch:
            self._rebuild_receivers(audience)
        wire = frame.wire
        for write in audience.direct_writes:
            write(wire)
        for socket in audience.other_sockets:
            socket.send(frame)
        receivers = len(audience.direct_writes) + len(audience.other_sockets)
        self.deliveries += frame.count * receivers
        if not receivers:
            self.unreceived += frame.count
        self.bytes_out += len(wire) * len(audience.direct_writes)

    def _send_each(
        self, audience: Audience, frames: Sequence[tuple[Frame, frozenset[str] | None]]
    ) -> None:
        """Send in this order; consecutive frames with the same receivers in one write."""
        for only, run in groupby(frames, itemgetter(1)):
            together = join_frames([frame for frame, _ in run])
            if only is None:
                self._send(audience, together)
            else:
                self._send_to_users(audience.user_ids & only, together)

    def _send_to_users(self, user_ids: frozenset[str], frame: Frame) -> None:
        for user_id in user_ids:
            for socket in self._sockets_by_user.get(user_id, ()):
                socket.send(frame)
                self.deliveries += frame.count

    def _rebuild_receivers(self, audience: Audience) -> None:
        """Find the receivers, which are valid for the current epoch."""
        sockets_by_user = self._sockets_by_user
        direct_writes: list[Callable[[bytes], None]] = []
        other_sockets: list[Socket] = []
        for user_id in audience.user_ids:
            for socket in sockets_by_user.get(user_id, ()):
                write = socket.direct_write()
                if write is None:
                    other_sockets.append(socket)
                else:
                    direct_writes.append(write)
        audience.direct_writes = tuple(direct_writes)
        audience.other_sockets = tuple(other_sockets)
        audience.epoch = self._epoch

    # ---- loading ----------------------------------------------------------------------------

    def _wait(
        self,
        key: str,
        audience: Audience,
        version: int,
        frame: Frame,
        loader: AudienceLoader,
        *,
        only: frozenset[str] | None = None,
    ) -> None:
        audience.waiting.append((version, frame, only))
        if len(audience.waiting) > MAX_WAITING_FRAMES:
            self._drop(audience)
        if audience.loading is None:
            audience.loading = asyncio.ensure_future(self._load(key, audience, loader))

    async def _load(self, key: str, audience: Audience, loader: AudienceLoader) -> None:
        for pause in (*FAST_RETRIES, 0.0):
            if await self._load_once(key, audience, loader):
                audience.loading = None
                return
            await asyncio.sleep(pause)
        audience.loading = None
        self._drop(audience)
        self._retry_later(key, audience, loader, 0)

    async def _load_once(self, key: str, audience: Audience, loader: AudienceLoader) -> bool:
        """Load and send what the version covers; returns whether nothing is left waiting."""
        try:
            version, user_ids = await self._read(key, audience, loader)
        except Exception:
            _log.exception("an audience could not be loaded")
            return False
        if version >= audience.version:
            audience.version = version
            audience.user_ids = frozenset(user_ids)
            audience.epoch = -1
        return self._flush(key, audience)

    async def _read(
        self, key: str, audience: Audience, loader: AudienceLoader
    ) -> tuple[int, Collection[str]]:
        while True:
            self.loads += 1
            audience.reload_needed = False
            found = await loader(key)
            if not audience.reload_needed:
                return found

    def _flush(self, key: str, audience: Audience) -> bool:
        """Send the waiting frames that the version covers; returns whether none are left."""
        if audience.missed_version > audience.version:
            return False
        if audience.missed_version >= 0:
            audience.missed_version = -1
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
        audience.missed_version = max(
            [audience.missed_version, *(version for version, _, _ in audience.waiting)]
        )
        audience.waiting.clear()
        _invalidate(audience)

    def _retry_later(
        self, key: str, audience: Audience, loader: AudienceLoader, attempt: int
    ) -> None:
        pause = SLOW_RETRIES[min(attempt, len(SLOW_RETRIES) - 1)]
        loop = asyncio.get_running_loop()

        def retry() -> None:
            self._retries.discard(handle)
            is_wanted = audience.missed_version >= 0 and audience.loading is None
            if is_wanted and self._audiences.get(key) is audience:
                audience.loading = asyncio.ensure_future(
                    self._reload(key, audience, loader, attempt + 1)
                )

        handle = loop.call_later(pause, retry)
        self._retries.add(handle)

    async def _reload(
        self, key: str, audience: Audience, loader: AudienceLoader, attempt: int
    ) -> None:
        is_done = await self._load_once(key, audience, loader)
        audience.loading = None
        if not is_done:
            self._drop(audience)
            self._retry_later(key, audience, loader, attempt)


def _invalidate(audience: Audience) -> None:
    """Forget who is in this audience."""
    audience.version = -1
    audience.user_ids = _NO_USERS
    audience.epoch = -1
