"""Installs bots: operations, what they hear of, and what ends with their owners."""

from echosphere.accounts import AccountClosed, SecurityEvent, SignedOutEverywhere
from echosphere.api_keys import KeySecrets
from echosphere.bots.ask import RESPONSE_TOKENS
from echosphere.bots.hear import (
    BotsHeard,
    hear_deleted,
    hear_edited,
    hear_joined,
    hear_left,
    hear_posted,
    hear_reaction,
)
from echosphere.bots.listen import Listeners
from echosphere.bots.live import BotSockets, deliver_answered
from echosphere.bots.manage import (
    disable_with_owner,
    end_keys_everywhere,
    end_keys_with_ways_in,
)
from echosphere.bots.operations import BotsOperations
from echosphere.bots.respond import Answered
from echosphere.bots.store import DeleteOldBotEvents, DeleteOldInteractions, shift_interactions
from echosphere.bots.web import ResponseRoutes, response_tokens
from echosphere.core.clock import HOUR
from echosphere.database import Database
from echosphere.memberships import MemberAdded, MemberLeft
from echosphere.messages import MessageDeleted, MessageEdited, MessagePosted, ReactionSet
from echosphere.platform import Platform


def install(platform: Platform) -> None:
    """Install the feature."""
    database = platform.database
    secrets = KeySecrets(platform.settings.secret_key)
    tokens = response_tokens(platform.settings)
    database.provide(RESPONSE_TOKENS, tokens)
    listeners = Listeners(database)
    BotSockets(listeners, platform.devices, tokens)
    platform.operations.add(BotsOperations(database, secrets, listeners, tokens).all())
    ResponseRoutes(database, platform.rate_limiter).serve(platform.api)
    platform.fan_out.on(Answered, deliver_answered)
    platform.shifts.append(shift_interactions)
    platform.fan_out.listen_everywhere(BotsHeard, listeners.wake)
    platform.before_draining.append(listeners.close)
    platform.jobs.every("bots.sweep", HOUR, lambda: _delete_old_events(database))
    database.in_same_transaction(MessagePosted, hear_posted)
    database.in_same_transaction(MessageEdited, hear_edited)
    database.in_same_transaction(MessageDeleted, hear_deleted)
    database.in_same_transaction(ReactionSet, hear_reaction)
    database.in_same_transaction(MemberAdded, hear_joined)
    database.in_same_transaction(MemberLeft, hear_left)
    database.in_same_transaction(AccountClosed, disable_with_owner)
    database.in_same_transaction(SecurityEvent, end_keys_with_ways_in)
    database.in_same_transaction(SignedOutEverywhere, end_keys_everywhere)


async def _delete_old_events(database: Database) -> None:
    while await database.write(DeleteOldBotEvents()):
        pass
    while await database.write(DeleteOldInteractions()):
        pass
