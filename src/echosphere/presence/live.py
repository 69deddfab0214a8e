"""Serves presence and typing, and broadcasts their changes."""

import logging
from collections.abc import Collection, Mapping
from itertools import islice

from msgspec import UNSET, Struct

from echosphere.accounts import OwnAccountChanged, SaveLastSeen, settings_of_all
from echosphere.bus import Cluster, SharedMap, in_pieces
from echosphere.contacts import BlockChanged
from echosphere.core.background import BackgroundTasks
from echosphere.core.caller import Caller
from echosphere.database import Database
from echosphere.presence.debounce import PresenceDebouncer
from echosphere.presence.query import StoredPresence, presence_audience, presence_of
from echosphere.presence.tracker import PresenceTracker, Status
from echosphere.presence.typing import TypingThrottle, typing_audience
from echosphere.presence.wire import (
    PresenceAnswer,
    PresenceCall,
    PresenceEvent,
    PresenceQuery,
    TypingCall,
    TypingEvent,
    UserPresence,
)
from echosphere.profiles import are_connected
from echosphere.realtime.delivery import ConnectedDevices, FanOut, ToMembers, ToUser, ToUsers

MAX_RECEIVERS = 1_000
"""Users who are sent one change at most; the others see it when they ask."""

log = logging.getLogger(__name__)


class Shown(Struct, array_like=True, frozen=True):
    """What was last sent of users' presence, so that no process sends it again."""

    statuses: Mapping[str, str]


class PresenceLive:
    """Tracks presence, serves its operations and sends its events.

    Args:
        database: Says who sees whose presence, and keeps when users were last seen.
        fan_out: Sends the events.
        cluster: The other processes, to which other devices are connected; None if there are none.
    """

    def __init__(self, database: Database, fan_out: FanOut, cluster: Cluster | None = None) -> None:
        self._database = database
        self._fan_out = fan_out
        self._cluster = cluster
        self._elsewhere: SharedMap[str] = SharedMap("presence", str, cluster)
        self._elsewhere.on_change(self._on_elsewhere_changed)
        self._elsewhere.on_lost(self._on_process_lost)
        self._tracker = PresenceTracker(elsewhere=self._elsewhere.of_others)
        self._debouncer = PresenceDebouncer(self._tracker, self._broadcast)
        self._typing = TypingThrottle()
        self._last_sent: dict[str, Status] = {}
        self._unsaved_last_seen: dict[str, int] = {}
        self._tasks = BackgroundTasks()
        if cluster is not None:
            cluster.receive("presence shown", Shown, self._on_shown_elsewhere)
            cluster.on_joined(self._tell_shown)

    def serve(self, devices: ConnectedDevices) -> None:
        """Follow connections, and changes of settings and blocks."""
        devices.on_connect(self._on_connect)
        devices.on_disconnect(self._on_disconnect)
        self._fan_out.listen_everywhere(OwnAccountChanged, self._on_settings_changed)
        self._fan_out.listen(BlockChanged, self._on_block_changed)

    async def stop(self) -> None:
        """Record now as the time at which all connected users were last seen."""
        await self._debouncer.stop()
        await self._tasks.cancel()
        try:
            await self._save_all_last_seen()
        except Exception as error:
            log.warning("The times at which users were last seen could not be saved: %s", error)

    async def _save_all_last_seen(self) -> None:
        now = self._database.clock()
        user_ids = self._tracker.user_ids()
        settings = await self._database.read(settings_of_all, user_ids)
        last_seen = {
            user_id: self._tracker.pop_last_seen(user_id) or now
            for user_id in user_ids
            if user_id in settings and not settings[user_id].invisible
        }
        await self._database.write(SaveLastSeen(self._unsaved_last_seen | last_seen))

    async def set_status(self, caller: Caller, device: str, call: PresenceCall) -> None:
        """Set whether the calling device is online or away."""
        self._tracker.set_status(caller.user_id, device, Status(call.status))
        self._changed(caller.user_id)

    async def set_typing(self, caller: Caller, call: TypingCall) -> None:
        """Show the other members that the caller started or stopped typing."""
        conversation, on = call.conversation, call.on
        if not self._typing.allows(caller.user_id, conversation, on=on):
            if not self._typing.has_recorded(caller.user_id, conversation):
                await self._database.read(typing_audience, caller.user_id, conversation)
            return
        audience = await self._database.read(typing_audience, caller.user_id, conversation)
        self._typing.record(caller.user_id, conversation, on=on)
        if audience.user_ids:
            payload = TypingEvent(conversation, caller.user_id, on)
            version, only = audience.members_version, audience.user_ids
            self._fan_out.send([ToMembers(conversation, version, "typing", payload, only)])

    async def query(self, caller: Caller, query: PresenceQuery) -> PresenceAnswer:
        """Return the presence of users; those whom the caller may not see are left out."""
        return PresenceAnswer(await self._query(caller.user_id, query.ids()))

    async def _query(self, viewer: str, user_ids: Collection[str]) -> list[UserPresence]:
        # Taken before the read: a write that is under way may commit only after it.
        unsaved = {
            user_id: self._unsaved_last_seen[user_id]
            for user_id in user_ids
            if user_id in self._unsaved_last_seen
        }
        stored = await self._database.read(presence_of, viewer, user_ids)
        return [self._current(one, unsaved.get(one.user_id, one.last_seen)) for one in stored]

    def _current(self, stored: StoredPresence, last_seen: int | None) -> UserPresence:
        if stored.invisible:
            return UserPresence(stored.user_id, Status.OFFLINE.value, None)
        status = self._tracker.status_of(stored.user_id)
        is_offline = status is Status.OFFLINE
        return UserPresence(stored.user_id, status.value, last_seen if is_offline else None)

    def _on_connect(self, caller: Caller, device: str) -> None:
        self._tracker.connect(caller.user_id, device)
        self._changed(caller.user_id)

    def _on_disconnect(self, caller: Caller, device: str) -> None:
        self._tracker.disconnect(caller.user_id, device, self._database.clock())
        self._changed(caller.user_id)

    def _changed(self, user_id: str) -> None:
        """Tell the other processes at once, and those who see it soon."""
        self._elsewhere.set(user_id, self._tracker.status_here(user_id))
        self._debouncer.schedule(user_id)

    def _on_elsewhere_changed(self, user_id: str) -> None:
        """Leave it to another process to notice that a user goes who has come to it."""
        if self._elsewhere.is_elsewhere(user_id):
            self._tracker.forget_disconnect(user_id)

    def _on_process_lost(self, user_id: str) -> None:
        """Take the devices of a user that were connected to another process for disconnected."""
        if self._cluster is not None and self._cluster.is_first:
            self._tracker.lose(user_id, self._database.clock())
            self._debouncer.schedule(user_id)

    def _on_shown_elsewhere(self, _process: str, shown: "Shown") -> None:
        for user_id, status in shown.statuses.items():
            self._note_shown(user_id, Status(status))
            is_gone = status == Status.OFFLINE and self._tracker.status_here(user_id) is None
            self._debouncer.note_other(user_id, gone=is_gone)

    def _note_shown(self, user_id: str, status: Status) -> None:
        if status is Status.OFFLINE:
            self._last_sent.pop(user_id, None)
        else:
            self._last_sent[user_id] = status

    def _tell_shown(self) -> None:
        if self._cluster is not None and self._cluster.is_first:
            for some in in_pieces(self._last_sent):
                self._cluster.tell_everybody("presence shown", Shown(some))

    def _on_settings_changed(self, event: OwnAccountChanged) -> None:
        self._debouncer.schedule(event.account.id, force=True)

    async def _broadcast(self, user_id: str, status: Status) -> None:
        invisible, audience = await self._database.read(presence_audience, user_id)
        left_at = self._tracker.pop_last_seen(user_id) if status is Status.OFFLINE else None
        last_seen = None if invisible else left_at
        if last_seen is not None:
            self._save_last_seen(user_id, last_seen)
        shown = Status.OFFLINE if invisible else status
        if self._last_sent.get(user_id, Status.OFFLINE) is shown:
            return
        self._note_shown(user_id, shown)
        if self._cluster is not None:
            self._cluster.tell_everybody("presence shown", Shown({user_id: shown.value}))
        event = PresenceEvent(user_id, shown.value, UNSET if last_seen is None else last_seen)
        online = frozenset(islice(filter(self._is_online, audience), MAX_RECEIVERS))
        self._fan_out.send([ToUsers(online, "presence", event)])

    def connected_of(self, user_ids: Collection[str]) -> frozenset[str]:
        """Return those of these users who have a device connected, to whichever process."""
        return frozenset(filter(self._is_online, user_ids))

    def connected(self) -> frozenset[str]:
        """Return all users who have a device connected, to whichever process."""
        return self._tracker.connected_here() | self._elsewhere.keys_elsewhere()

    def _is_online(self, user_id: str) -> bool:
        return bool(self._fan_out.online_users((user_id,))) or self._elsewhere.is_elsewhere(user_id)

    def _save_last_seen(self, user_id: str, last_seen: int) -> None:
        """Save soon: users who leave while a write is under way are written together after it."""
        is_saving = bool(self._unsaved_last_seen)
        self._unsaved_last_seen[user_id] = last_seen
        if not is_saving:
            self._tasks.start(self._save_unsaved())

    async def _save_unsaved(self) -> None:
        while self._unsaved_last_seen:
            batch = dict(self._unsaved_last_seen)
            try:
                await self._database.write(SaveLastSeen(batch))
            except Exception:
                log.exception("The times at which users were last seen could not be saved")
            for user_id, last_seen in batch.items():
                if self._unsaved_last_seen.get(user_id) == last_seen:
                    del self._unsaved_last_seen[user_id]

    def _on_block_changed(self, event: BlockChanged) -> None:
        for viewer, other in ((event.user_id, event.other_id), (event.other_id, event.user_id)):
            self._tasks.start(self._send_presence(viewer, other))

    async def _send_presence(self, viewer: str, user_id: str) -> None:
        """Send a user's presence as the viewer may see it now: offline across a block.

        Strangers are sent nothing: it would tell them who blocked them.
        """
        if not await self._database.read(are_connected, viewer, user_id):
            return
        found = await self._query(viewer, [user_id])
        seen = found[0] if found else None
        last_seen = UNSET if seen is None or seen.last_seen is None else seen.last_seen
        status = Status.OFFLINE.value if seen is None else seen.status
        payload = PresenceEvent(user_id, status, last_seen)
        self._fan_out.send([ToUser(viewer, "presence", payload)])
