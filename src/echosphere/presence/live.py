"""Who is here and who is typing, and what is sent when somebody comes or goes."""

import asyncio
import logging
from collections.abc import Collection, Coroutine
from itertools import islice
from typing import Any

from msgspec import UNSET

from echosphere.accounts import OwnAccountChanged, note_last_seen, settings_of_all
from echosphere.caller import Caller
from echosphere.contacts import BlockChanged
from echosphere.database import Database
from echosphere.live import Devices, FanOut, ToMembers, ToPeople, ToPerson
from echosphere.people import are_around
from echosphere.presence.attendance import Attendance, Status
from echosphere.presence.look import Seen, audience_of_change, look_for
from echosphere.presence.telling import Telling
from echosphere.presence.typed import Pauses, those_who_watch
from echosphere.presence.wire import (
    PersonPresence,
    PresenceAnswer,
    PresenceCall,
    PresenceEvent,
    PresenceQuery,
    TypingCall,
    TypingEvent,
)

MAX_TOLD = 1_000
"""People who are told of one change at most; others see it when they ask."""

log = logging.getLogger(__name__)


class PresenceLive:
    """Knows who is here, and does what the operations of presence and typing say.

    Args:
        database: Where it is written who sees whom.
        fan_out: What tells them.
    """

    def __init__(self, database: Database, fan_out: FanOut) -> None:
        self._database = database
        self._fan_out = fan_out
        self._attendance = Attendance()
        self._telling = Telling(self._attendance, self._tell)
        self._pauses = Pauses()
        self._told: dict[str, Status] = {}
        self._unwritten: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def serve(self, devices: Devices) -> None:
        """Look at who comes and goes."""
        devices.on_come(self._come)
        devices.on_gone(self._go)
        self._fan_out.listen(OwnAccountChanged, self._settings_changed)
        self._fan_out.listen(BlockChanged, self._block_changed)

    async def stop(self) -> None:
        """Write down that everybody leaves now."""
        await self._telling.stop()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await self._write_all_down()
        except Exception as error:
            log.warning("It could not be written down who was here: %s", error)

    async def _write_all_down(self) -> None:
        now = self._database.clock()
        leaving = self._attendance.everybody()
        settings = await self._database.read(settings_of_all, leaving)
        seen = {
            person: self._attendance.take_leave(person) or now
            for person in leaving
            if person in settings and not settings[person].invisible
        }
        await self._database.write(note_last_seen, self._unwritten | seen)

    async def say(self, caller: Caller, device: str, call: PresenceCall) -> None:
        """Say whether somebody is looking at this device."""
        self._attendance.say(caller.user, device, Status(call.status))
        self._telling.consider(caller.user)

    async def type(self, caller: Caller, call: TypingCall) -> None:
        """Show the other members that the caller is typing, or not any more."""
        conversation, on = call.conversation, call.on
        if not self._pauses.lets_through(caller.user, conversation, on=on):
            if not self._pauses.knows(caller.user, conversation):
                await self._database.read(those_who_watch, caller.user, conversation)
            return
        watching = await self._database.read(those_who_watch, caller.user, conversation)
        self._pauses.note(caller.user, conversation, on=on)
        if watching.people:
            payload = TypingEvent(conversation, caller.user, on)
            version = watching.members_version
            only = watching.people
            self._fan_out.send([ToMembers(conversation, version, "typing", payload, only)])

    async def look(self, caller: Caller, query: PresenceQuery) -> PresenceAnswer:
        """Tell who of some people is here; strangers are left out."""
        return PresenceAnswer(await self._look(caller.user, query.ids()))

    async def _look(self, viewer: str, wanted: Collection[str]) -> list[PersonPresence]:
        # What is being written may be in the database only after it was looked at.
        unwritten = {one: self._unwritten[one] for one in wanted if one in self._unwritten}
        found = await self._database.read(look_for, viewer, wanted)
        return [self._as_seen(one, unwritten.get(one.user, one.last_seen)) for one in found]

    def _as_seen(self, seen: Seen, last_seen: int | None) -> PersonPresence:
        if seen.invisible:
            return PersonPresence(seen.user, Status.OFFLINE.value, None)
        status = self._attendance.status_of(seen.user)
        is_gone = status is Status.OFFLINE
        return PersonPresence(seen.user, status.value, last_seen if is_gone else None)

    def _come(self, caller: Caller, device: str) -> None:
        self._attendance.come(caller.user, device)
        self._telling.consider(caller.user)

    def _go(self, caller: Caller, device: str) -> None:
        self._attendance.go(caller.user, device, self._database.clock())
        self._telling.consider(caller.user)

    def _settings_changed(self, event: OwnAccountChanged) -> None:
        self._telling.consider(event.account.id, again=True)

    async def _tell(self, person: str, status: Status) -> None:
        invisible, audience = await self._database.read(audience_of_change, person)
        left = self._attendance.take_leave(person) if status is Status.OFFLINE else None
        last_seen = None if invisible else left
        if last_seen is not None:
            self._write_down(person, last_seen)
        shown = Status.OFFLINE if invisible else status
        if self._told.get(person, Status.OFFLINE) is shown:
            return
        if shown is Status.OFFLINE:
            self._told.pop(person, None)
        else:
            self._told[person] = shown
        event = PresenceEvent(person, shown.value, UNSET if last_seen is None else last_seen)
        online = frozenset(islice(self._fan_out.online(audience), MAX_TOLD))
        self._fan_out.send([ToPeople(online, "presence", event)])

    def _write_down(self, person: str, last_seen: int) -> None:
        """Many who leave at once are written together: what comes during a write waits for it."""
        is_writing = bool(self._unwritten)
        self._unwritten[person] = last_seen
        if not is_writing:
            self._begin(self._write())

    async def _write(self) -> None:
        while self._unwritten:
            some = dict(self._unwritten)
            try:
                await self._database.write(note_last_seen, some)
            except Exception:
                log.exception("It could not be written down when people were last seen")
            for person, moment in some.items():
                if self._unwritten.get(person) == moment:
                    del self._unwritten[person]

    def _block_changed(self, event: BlockChanged) -> None:
        for viewer, other in ((event.person, event.other), (event.other, event.person)):
            self._begin(self._show_again(viewer, other))

    async def _show_again(self, viewer: str, other: str) -> None:
        """Show somebody a person as they may see them now; across a block they look gone.

        Strangers are told nothing: they would learn who blocked them.
        """
        if not await self._database.read(are_around, viewer, other):
            return
        found = await self._look(viewer, [other])
        seen = found[0] if found else None
        last_seen = UNSET if seen is None or seen.last_seen is None else seen.last_seen
        status = Status.OFFLINE.value if seen is None else seen.status
        payload = PresenceEvent(other, status, last_seen)
        self._fan_out.send([ToPerson(viewer, "presence", payload)])

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
