"""Follows which events are handled, and how far the cursor may move."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass

from echosphere_bot.state import Progress, Storage

log = logging.getLogger("echosphere_bot")

REMEMBERED = 5_000
"""Ids of events that are known again should they be sent twice."""

RETRY_SAVING = 5.0
"""Seconds after which it is tried again when the disk is full."""


@dataclass(slots=True)
class _Entry:
    """An event that was received; `cursor` is what to go on after once it and all before are handled."""

    event: str
    cursor: str | None
    done: bool = False


class ProgressKeeper:
    """Moves the cursor past what is handled, never past what is not, and keeps it.

    Events of several conversations are handled at the same time, so later ones may be done first:
    their ids are kept beside the cursor until it has passed them.

    Args:
        storage: Keeps it.

    Attributes:
        pending: How many events are not handled yet.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._progress = storage.open()
        self._entries: deque[_Entry] = deque()
        self._passed: list[str] = []
        self._known = dict.fromkeys(self._progress.done)
        self._is_stopping = False
        self.pending = 0
        self._changed = asyncio.Event()

    @property
    def cursor(self) -> str | None:
        """What to ask for next after a restart."""
        return self._progress.cursor

    @property
    def has_commands(self) -> bool:
        """Whether the server was told of commands."""
        return self._progress.commands

    def begin_at(self, cursor: str) -> None:
        """Begin anew: what was received is forgotten."""
        self._entries.clear()
        self._passed.clear()
        self._set(Progress(cursor, (), self._progress.commands))

    def set_commands(self, *, told: bool) -> None:
        """Note whether the server was told of commands."""
        if told != self._progress.commands:
            self._set(Progress(self._progress.cursor, self._progress.done, told))

    def receive(self, event: str, cursor: str | None) -> _Entry | None:
        """Note an event; return None for one that was received before."""
        is_new = event not in self._known
        entry = _Entry(event, cursor, done=not is_new)
        self._entries.append(entry)
        if not is_new:
            self._advance()
            return None
        self.pending += 1
        self._known[event] = None
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return entry

    def pass_to(self, cursor: str) -> None:
        """Note that there is nothing more up to a cursor."""
        self._entries.append(_Entry("", cursor, done=True))
        self._advance()

    def finish(self, entry: _Entry) -> None:
        """Note that an event is handled."""
        entry.done = True
        self.pending -= 1
        self._advance()

    def _advance(self) -> None:
        cursor = self._progress.cursor
        while self._entries and self._entries[0].done:
            entry = self._entries.popleft()
            self._passed.append(entry.event)
            if entry.cursor is not None:
                cursor = entry.cursor
                self._passed.clear()
        beyond = [*self._passed, *(entry.event for entry in self._entries if entry.done)]
        done = tuple(one for one in beyond if one)
        if (cursor, done) != (self._progress.cursor, self._progress.done):
            self._set(Progress(cursor, done, self._progress.commands))

    def _set(self, progress: Progress) -> None:
        self._progress = progress
        self._changed.set()

    async def keep(self) -> None:
        """Save whatever changed, until `stop`."""
        while not self._is_stopping or self._changed.is_set():
            await self._changed.wait()
            self._changed.clear()
            try:
                await asyncio.to_thread(self._storage.save, self._progress)
            except OSError as error:
                log.error("The cursor cannot be saved: %s", error)  # noqa: TRY400 - it says it all
                if self._is_stopping:
                    return
                self._changed.set()
                await asyncio.sleep(RETRY_SAVING)

    def stop(self) -> None:
        """Have `keep` end, once all is saved."""
        self._is_stopping = True
        self._changed.set()

    def close(self) -> None:
        """Let others in."""
        self._storage.close()
