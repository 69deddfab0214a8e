"""Creates, changes and deletes bots, and their keys; each only by its owner."""

from typing import NamedTuple

import msgspec

from echosphere import audit
from echosphere.accounts import (
    AccountClosed,
    Bot,
    SecurityEvent,
    SignedOutEverywhere,
    actor_of,
    bots_of,
    change_program_profile,
    create_bot_user,
    delete_bot,
    disable_bots_of,
    find_bot,
    is_operator,
    require_fresh_proof,
    update_bot,
)
from echosphere.api_keys import (
    ENDS_KEYS,
    ApiKey,
    KeysEnded,
    add_key,
    end_keys_of,
    list_keys,
    remove_key,
)
from echosphere.bots.bot import ALL_SCOPES, FIRST_KEY, MAX_BOTS_OF_OWNER, TOO_MANY, UNKNOWN
from echosphere.bots.command import BotCommand
from echosphere.bots.store import commands_of, delete_commands, delete_interactions
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, NotFound
from echosphere.core.scopes import HEARS, Scopes
from echosphere.database import Command, CreateOnce, Snapshot, Transaction
from echosphere.memberships import remove_bot_from_groups


class BotDeleted(msgspec.Struct, frozen=True):
    """A bot was deleted."""

    bot: str


class OwnBot(NamedTuple):
    """A bot with its keys, also those that have expired, the newest first, and its commands."""

    bot: Bot
    keys: list[ApiKey]
    commands: list[BotCommand]

    @property
    def first_key(self) -> ApiKey | None:
        """The key that it was made with; None once that is revoked: the others were told elsewhere."""
        at = self.bot.created_at
        made = (one for one in self.keys if one.name == FIRST_KEY and one.created_at == at)
        return next(made, None)


class CreateBot(CreateOnce):
    """Create a bot with a first key, and return the id; its owner is told of the key.

    Attributes:
        actor: Who makes it: its owner, or the operator.
        owner: Whose it is.

    Raises:
        ProofNeeded: The actor's last proof is too old.
        Invalid: The name or the description breaks a rule.
        Conflict: The owner has `MAX_BOTS_OF_OWNER`.
    """

    actor: Caller
    owner: str
    name: str
    about: str = ""

    def create(self, transaction: Transaction) -> str:
        """Create it."""
        _require_proof(transaction, self.actor)
        if len(bots_of(transaction, self.owner)) >= MAX_BOTS_OF_OWNER:
            raise Conflict(TOO_MANY)
        made = create_bot_user(transaction, self.owner, self.name, self.about)
        key = add_key(transaction, made, FIRST_KEY, ALL_SCOPES, None)
        transaction.announce(SecurityEvent(self.owner, "key_created"))
        actor = actor_of(self.actor)
        audit.record(transaction, actor, "user.bot_created", self.owner, bot=made, key=key)
        return made


class ChangeBot(Command[None]):
    """Rename a bot, describe it, let it act or not, or let it hear other programs; None for no change.

    Raises:
        NotFound: The caller has no such bot.
        Invalid: The name or the description breaks a rule.
    """

    caller: Caller
    bot: str
    name: str | None = None
    about: str | None = None
    disabled: bool | None = None
    hear_bots: bool | None = None

    def run(self, transaction: Transaction) -> None:
        """Change it."""
        bot = get_own_bot(transaction, self.caller.user_id, self.bot).bot
        change_program_profile(transaction, bot.id, self.name, self.about)
        if self.hear_bots is not None:
            update_bot(transaction, bot.id, hear_bots=self.hear_bots)
        if self.disabled is not None and self.disabled != (bot.disabled_at is not None):
            disabled_at = transaction.now if self.disabled else None
            update_bot(transaction, bot.id, disabled_at=disabled_at)
            _announce_end(transaction, bot.id)
            done = "user.bot_disabled" if self.disabled else "user.bot_enabled"
            audit.record(transaction, actor_of(self.caller), done, bot.owner, bot=bot.id)


class DeleteBot(Command[None], own_transaction=True):
    """Delete a bot: it leaves all groups, and its keys end; what it wrote stays.

    Raises:
        NotFound: The caller has no such bot.
    """

    caller: Caller
    bot: str

    def run(self, transaction: Transaction) -> None:
        """Delete it."""
        bot = get_own_bot(transaction, self.caller.user_id, self.bot).bot
        remove_bot_from_groups(transaction, bot.id)
        end_keys_of(transaction, bot.id)
        delete_commands(transaction, bot.id)
        delete_bot(transaction, bot.id)
        transaction.announce(BotDeleted(bot.id))
        audit.record(transaction, actor_of(self.caller), "user.bot_deleted", bot.owner, bot=bot.id)


class CreateBotKey(CreateOnce):
    """Create a key of a bot, and return its id; the owner is told of it.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        NotFound: The caller has no such bot.
        Invalid: The name breaks a rule, or the end is not to come.
        Conflict: The bot has as many keys as it may have.
    """

    caller: Caller
    bot: str
    name: str
    scopes: Scopes
    expires_at: int | None

    def create(self, transaction: Transaction) -> str:
        """Create it."""
        require_fresh_proof(transaction, self.caller)
        bot = get_own_bot(transaction, self.caller.user_id, self.bot).bot
        made = add_key(transaction, bot.id, self.name, self.scopes, self.expires_at)
        transaction.announce(SecurityEvent(bot.owner, "key_created"))
        details = {"bot": bot.id, "key": made, "scopes": " ".join(sorted(self.scopes))}
        actor = actor_of(self.caller)
        audit.record(transaction, actor, "user.key_created", bot.owner, **details)
        return made


class RevokeBotKey(Command[None]):
    """Revoke a key of a bot; what it may have heard of is answered no more.

    Raises:
        NotFound: The caller has no such bot, or it has no such key.
    """

    caller: Caller
    bot: str
    api_key: str

    def run(self, transaction: Transaction) -> None:
        """Revoke it."""
        bot, keys, _ = get_own_bot(transaction, self.caller.user_id, self.bot)
        remove_key(transaction, bot.id, self.api_key)
        if any(one.id == self.api_key and one.scopes >= HEARS for one in keys):
            # Whoever has the key was told where to respond, and must not post there any longer.
            delete_interactions(transaction, bot.id)
        details = {"bot": bot.id, "key": self.api_key}
        actor = actor_of(self.caller)
        audit.record(transaction, actor, "user.key_revoked", bot.owner, **details)


def get_own_bot(snapshot: Snapshot, owner: str, bot: str) -> OwnBot:
    """Return a bot of a person.

    Raises:
        NotFound: They have no such bot.
    """
    found = find_bot(snapshot, bot)
    if found is None or found.owner != owner:
        raise NotFound(UNKNOWN)
    return _own(snapshot, [found])[0]


def list_bots(snapshot: Snapshot, owner: str) -> list[OwnBot]:
    """Return the bots of a person, the newest first."""
    return _own(snapshot, bots_of(snapshot, owner))


def _own(snapshot: Snapshot, bots: list[Bot]) -> list[OwnBot]:
    declared = dict(commands_of(snapshot, [bot.id for bot in bots]))
    return [OwnBot(bot, list_keys(snapshot, bot.id), declared.get(bot.id, [])) for bot in bots]


def disable_with_owner(transaction: Transaction, event: AccountClosed) -> None:
    """Disable the bots of a person who closed their account; groups keep what they wrote."""
    disable_bots_of(transaction, event.user_id)
    for bot in bots_of(transaction, event.user_id):
        _announce_end(transaction, bot.id)


def end_keys_with_ways_in(transaction: Transaction, event: SecurityEvent) -> None:
    """Revoke the keys of the bots of a person who has a new password, or lost other ways in."""
    if event.kind in ENDS_KEYS:
        _end_keys_of_bots(transaction, event.user_id)


def end_keys_everywhere(transaction: Transaction, event: SignedOutEverywhere) -> None:
    """Revoke the keys of the bots of a person whom an administrator signed out."""
    _end_keys_of_bots(transaction, event.user_id)


def _end_keys_of_bots(transaction: Transaction, owner: str) -> None:
    for bot in bots_of(transaction, owner):
        end_keys_of(transaction, bot.id)
        delete_interactions(transaction, bot.id)


def _announce_end(transaction: Transaction, bot: str) -> None:
    """Have what was found by the keys of a bot be looked up again, and its sockets close."""
    keys = list_keys(transaction, bot)
    if keys:
        transaction.announce(KeysEnded(tuple(key.id for key in keys)))


def _require_proof(transaction: Transaction, actor: Caller) -> None:
    if not is_operator(actor):
        require_fresh_proof(transaction, actor)
