"""Reads the events of a bot, with what the messages say now."""

import msgspec

from echosphere.accounts import User
from echosphere.api_keys import active_credentials
from echosphere.bots import store
from echosphere.bots.event import (
    MAX_EVENTS,
    Cursor,
    Position,
    StoredEvent,
    event_id,
    require_kept,
)
from echosphere.bots.interaction import Interaction
from echosphere.conversations import find_member, profiles_for
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound, Unauthorized
from echosphere.core.scopes import KEY_REFUSED
from echosphere.database import Snapshot
from echosphere.messages import MessageShape, get_message, message_shape

MESSAGES = ("message.posted", "message.edited")
"""Events with what the message says when they are read."""


class HeardEvent(msgspec.Struct, frozen=True):
    """An event with its id, and its message as the bot sees it now; of a command or a press, what was asked."""

    id: str
    event: StoredEvent
    message: MessageShape | None
    asked: Interaction | None = None
    user: User | None = None


class EventsPage(msgspec.Struct, frozen=True):
    """Events in their order, and how far that is.

    Attributes:
        unsettled: There are more, which are shown once no transaction runs that began before them.
    """

    events: list[HeardEvent]
    cursor: Cursor
    unsettled: bool = False


def read_events(
    snapshot: Snapshot, caller: Caller, after: Cursor | None, types: frozenset[str]
) -> EventsPage | None:
    """Return the events of a bot after a cursor; None while the log has no name.

    Without a cursor there are none yet: the one that is returned is that of this moment. A message
    that the bot does not see any more, or that was deleted, is left out.

    Raises:
        Unauthorized: The bot may not act with this key any more.
        Gone: Events after the cursor may be missing.
    """
    if not active_credentials(snapshot, [caller.session_id]):
        raise Unauthorized(KEY_REFUSED)
    log = store.log_name(snapshot)
    if log is None:
        return None
    if after is None:
        position = store.current_position(snapshot)
        return EventsPage([], Cursor(log, position.txid, position.number, snapshot.now))
    require_kept(after, log, store.last_number(snapshot), snapshot.now)
    found = store.events_after(snapshot, caller.user_id, after.position, MAX_EVENTS)
    last = Position(found[-1].txid, found[-1].number) if found else after.position
    wanted = [one for one in found if not types or one.type in types]
    heard = [hear_event(snapshot, log, one) for one in wanted]
    cursor = Cursor(log, last.txid, last.number, snapshot.now)
    unsettled = not found and store.unsettled_after(snapshot, caller.user_id, after.position)
    return EventsPage([one for one in heard if one is not None], cursor, unsettled)


def hear_event(snapshot: Snapshot, log: str, event: StoredEvent) -> HeardEvent | None:
    """Return an event of a log with its message; None if the bot does not see that any more.

    What happened in a conversation that it left is over for it, but for the word that it left.
    """
    made = event_id(log, event)
    if event.interaction is not None:
        return _with_interaction(snapshot, made, event, event.interaction)
    if event.type not in MESSAGES or event.seq is None:
        return HeardEvent(made, event, None) if _may_hear(snapshot, event) else None
    message = _message_of(snapshot, event, event.seq)
    return None if message is None else HeardEvent(made, event, message)


def _may_hear(snapshot: Snapshot, event: StoredEvent) -> bool:
    if event.type == "member.left" and event.user_id == event.bot:
        return True
    bot = find_member(snapshot, event.conversation, event.bot)
    return bot is not None and not bot.left


def _with_interaction(
    snapshot: Snapshot, made: str, event: StoredEvent, asked_id: str
) -> HeardEvent | None:
    """Return what was asked while somebody waits for it; later nothing comes of it."""
    asked = store.interaction_of(snapshot, asked_id)
    if asked is None or not asked.is_open(snapshot.now):
        return None
    asker = find_member(snapshot, asked.conversation, asked.user_id)
    bot = find_member(snapshot, asked.conversation, asked.bot)
    if asker is None or bot is None or bot.left:
        return None
    known = profiles_for(snapshot, asked.bot, [asker], ())
    if asked.seq is None:
        return HeardEvent(made, event, None, asked, known[asked.user_id])
    message = _message_of(snapshot, event, asked.seq)
    return (
        None if message is None else HeardEvent(made, event, message, asked, known[asked.user_id])
    )


def _message_of(snapshot: Snapshot, event: StoredEvent, seq: int) -> MessageShape | None:
    try:
        found = get_message(snapshot, event.bot, event.conversation, seq)
    except NotFound:
        return None
    if found.message.deleted:
        return None
    return message_shape(found.message, found.attachments)
