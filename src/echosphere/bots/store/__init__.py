"""The log of events for bots, their commands and what they were asked, and the queries."""

from echosphere.bots.store.events import (
    DeleteOldBotEvents,
    NameLog,
    append_event,
    current_position,
    ensure_log,
    events_after,
    find_event,
    last_heard,
    last_number,
    log_name,
    unsettled_after,
)
from echosphere.bots.store.interactions import (
    DeleteOldInteractions,
    commands_of,
    count_answer,
    delete_commands,
    find_interaction,
    insert_interaction,
    interaction_of,
    set_commands,
    shift_interactions,
)
from echosphere.bots.store.tables import (
    bot_commands,
    bot_events,
    bot_events_log,
    bot_interactions,
)

__all__ = [
    "DeleteOldBotEvents",
    "DeleteOldInteractions",
    "NameLog",
    "append_event",
    "bot_commands",
    "bot_events",
    "bot_events_log",
    "bot_interactions",
    "commands_of",
    "count_answer",
    "current_position",
    "delete_commands",
    "ensure_log",
    "events_after",
    "find_event",
    "find_interaction",
    "insert_interaction",
    "interaction_of",
    "last_heard",
    "last_number",
    "log_name",
    "set_commands",
    "shift_interactions",
    "unsettled_after",
]
