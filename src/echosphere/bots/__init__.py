"""Bots: programs with an owner, which are members of groups and act there with keys of their own."""

from echosphere.bots.ask import RESPONSE_TOKENS
from echosphere.bots.bot import CHANGE_RATE
from echosphere.bots.event import (
    TYPES,
    UNKNOWN_TYPE,
    Position,
    StoredEvent,
    event_id,
)
from echosphere.bots.hear import BotsHeard
from echosphere.bots.interaction import BOT_GONE, ResponseTokens
from echosphere.bots.interaction_wire import RespondBody
from echosphere.bots.manage import BotDeleted, CreateBot, get_own_bot
from echosphere.bots.read import HeardEvent, hear_event
from echosphere.bots.respond import Respond
from echosphere.bots.store import (
    bot_events,
    current_position,
    ensure_log,
    events_after,
    find_event,
    log_name,
    unsettled_after,
)
from echosphere.bots.web import response_tokens
from echosphere.bots.wire import EventData, EventShape, event_shape
from echosphere.bots.wiring import install

__all__ = [
    "BOT_GONE",
    "CHANGE_RATE",
    "RESPONSE_TOKENS",
    "TYPES",
    "UNKNOWN_TYPE",
    "BotDeleted",
    "BotsHeard",
    "CreateBot",
    "EventData",
    "EventShape",
    "HeardEvent",
    "Position",
    "Respond",
    "RespondBody",
    "ResponseTokens",
    "StoredEvent",
    "bot_events",
    "current_position",
    "ensure_log",
    "event_id",
    "event_shape",
    "events_after",
    "find_event",
    "get_own_bot",
    "hear_event",
    "install",
    "log_name",
    "response_tokens",
    "unsettled_after",
]
