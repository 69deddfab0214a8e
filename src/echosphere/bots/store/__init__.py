"""The log of events for bots, and its queries."""

from echosphere.bots.store.events import (
    DeleteOldBotEvents,
    NameLog,
    append_event,
    current_position,
    events_after,
    last_heard,
    last_number,
    log_name,
)
from echosphere.bots.store.tables import bot_events, bot_events_log

__all__ = [
    "DeleteOldBotEvents",
    "NameLog",
    "append_event",
    "bot_events",
    "bot_events_log",
    "current_position",
    "events_after",
    "last_heard",
    "last_number",
    "log_name",
]
