"""Creates, changes and deletes the endpoints of a bot; each only by the bot's owner."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from echosphere import audit
from echosphere.accounts import (
    SecurityEvent,
    actor_of,
    require_fresh_proof,
)
from echosphere.bots import (
    Position,
    get_own_bot,
)
from echosphere.conversations import conversations_of_bot
from echosphere.core.caller import Caller
from echosphere.core.encryption import SealedWithAnotherKeyError, Sealer
from echosphere.core.errors import Conflict, Gone, Invalid, NotFound
from echosphere.core.ids import new_id
from echosphere.database import Command, CreateOnce, Provided, Snapshot, Transaction
from echosphere.endpoints import store
from echosphere.endpoints.endpoint import (
    MAX_ENDPOINTS,
    NOT_A_MEMBER,
    OLD_SECRET_FOR,
    TOO_MANY,
    UNKNOWN,
    UNREADABLE,
    Disabled,
    Endpoint,
    require_types,
)
from echosphere.endpoints.note import begin_now, disable, start_over
from echosphere.endpoints.signature import new_secret
from echosphere.endpoints.targets import TARGETS

SEALER: Provided[Sealer] = Provided("what opens the secrets of endpoints")


class CreateEndpoint(CreateOnce, own_transaction=True):
    """Create an endpoint that hears of what happens from now on, and return its id; the owner is told.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        NotFound: The caller has no such bot.
        Invalid: The address, a type or a conversation is not valid.
        Conflict: The bot has `MAX_ENDPOINTS`.
    """

    caller: Caller
    bot: str
    url: str
    types: Sequence[str]
    conversations: Sequence[str]

    def create(self, transaction: Transaction) -> str:
        """Create it."""
        require_fresh_proof(transaction, self.caller)
        bot = get_own_bot(transaction, self.caller.user_id, self.bot).bot
        TARGETS.of(transaction).require_allowed(self.url)
        if len(store.endpoints_of(transaction, bot.id)) >= MAX_ENDPOINTS:
            raise Conflict(TOO_MANY)
        made = new_id()
        store.insert_endpoint(
            transaction,
            Endpoint(
                id=made,
                bot=bot.id,
                url=self.url,
                types=require_types(self.types),
                conversations=_require_member(transaction, bot.id, self.conversations),
                created_at=transaction.now,
                secret=SEALER.of(transaction).seal(made, new_secret()),
                previous_secret=None,
                previous_until=None,
                log="",
                position=Position(0, 0),
                failing_since=None,
                paused_until=None,
                disabled_at=None,
                disabled_why=None,
                due_at=None,
                turn=0,
                held=False,
            ),
        )
        begin_now(transaction, made)
        transaction.announce(SecurityEvent(bot.owner, "endpoint_created"))
        _record(transaction, self.caller, "created", bot.id, made)
        return made


class ChangeEndpoint(Command[None], own_transaction=True):
    """Change where an endpoint leads, what is sent to it, or whether anything is; None for no change.

    One that is enabled again hears of what happens from then on. At another address what waits is tried
    at once, and the owner is told as of a new endpoint.

    Raises:
        ProofNeeded: The caller's last proof is too old; it is not needed to disable one.
        NotFound: The caller has no such bot, or it has no such endpoint.
        Invalid: The address, a type or a conversation is not valid.
    """

    caller: Caller
    bot: str
    endpoint: str
    url: str | None = None
    types: Sequence[str] | None = None
    conversations: Sequence[str] | None = None
    disabled: bool | None = None

    def run(self, transaction: Transaction) -> None:
        """Change it."""
        # First of all: whoever does not own the bot must not learn in which conversations it is.
        endpoint = lock_own_endpoint(transaction, self.caller, self.bot, self.endpoint)
        changed = self._changed(transaction)
        if changed or self.disabled is False:
            require_fresh_proof(transaction, self.caller)
        if changed:
            store.update_endpoint(transaction, endpoint.id, **changed)
        if self._moves(endpoint):
            self._move(transaction, endpoint)
        is_disabled = endpoint.disabled_at is not None
        if self.disabled is True and not is_disabled:
            disable(transaction, endpoint, Disabled.OWNER)
        elif self.disabled is False and is_disabled:
            enabled = {"disabled_at": None, "disabled_why": None}
            store.update_endpoint(transaction, endpoint.id, **enabled)
            begin_now(transaction, endpoint.id)
        _record(transaction, self.caller, "changed", self.bot, endpoint.id)

    def _moves(self, endpoint: Endpoint) -> bool:
        return self.url is not None and self.url != endpoint.url

    def _move(self, transaction: Transaction, endpoint: Endpoint) -> None:
        """Forget how the address before failed, and for how long it wanted to be left alone."""
        fresh = {"failing_since": None, "paused_until": None}
        store.update_endpoint(transaction, endpoint.id, **fresh)
        store.retry_all(transaction, endpoint.id, transaction.now)
        if self.disabled is not True:
            # What the address before is about to answer says nothing about this one.
            start_over(transaction, endpoint)
        transaction.announce(SecurityEvent(self.caller.user_id, "endpoint_changed"))

    def _changed(self, transaction: Transaction) -> dict[str, Any]:
        changed = {}
        if self.url is not None:
            TARGETS.of(transaction).require_allowed(self.url)
            changed["url"] = self.url
        if self.types is not None:
            changed["types"] = " ".join(sorted(require_types(self.types)))
        if self.conversations is not None:
            wanted = _require_member(transaction, self.bot, self.conversations)
            changed["conversations"] = " ".join(wanted)
        return changed


class DeleteEndpoint(Command[None], own_transaction=True):
    """Delete an endpoint.

    Raises:
        NotFound: The caller has no such bot, or it has no such endpoint.
    """

    caller: Caller
    bot: str
    endpoint: str

    def run(self, transaction: Transaction) -> None:
        """Delete it."""
        endpoint = lock_own_endpoint(transaction, self.caller, self.bot, self.endpoint)
        store.delete_endpoint(transaction, endpoint.id)
        _record(transaction, self.caller, "deleted", self.bot, endpoint.id)


class RotateSecret(CreateOnce, own_transaction=True):
    """Give an endpoint another secret; the one before signs as well for a day. Return its id.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        NotFound: The caller has no such bot, or it has no such endpoint.
    """

    caller: Caller
    bot: str
    endpoint: str

    def create(self, transaction: Transaction) -> str:
        """Change it."""
        require_fresh_proof(transaction, self.caller)
        endpoint = lock_own_endpoint(transaction, self.caller, self.bot, self.endpoint)
        sealer = SEALER.of(transaction)
        is_known = _can_open(sealer, endpoint)
        store.update_endpoint(
            transaction,
            endpoint.id,
            secret=sealer.seal(endpoint.id, new_secret()),
            previous_secret=endpoint.secret if is_known else None,
            previous_until=transaction.now + OLD_SECRET_FOR if is_known else None,
        )
        _record(transaction, self.caller, "changed", self.bot, endpoint.id)
        return endpoint.id


class BotEndpoints(NamedTuple):
    """The endpoints of a bot, the newest first, and the conversations in which it is a member."""

    endpoints: list[Endpoint]
    conversations: list[str]


def list_endpoints(snapshot: Snapshot, owner: str, bot: str) -> BotEndpoints:
    """Return the endpoints of a bot, and where it is a member.

    Raises:
        NotFound: The caller has no such bot.
    """
    get_own_bot(snapshot, owner, bot)
    here = conversations_of_bot(snapshot, bot)
    return BotEndpoints(store.endpoints_of(snapshot, bot), here)


def get_own_endpoint(snapshot: Snapshot, owner: str, bot: str, endpoint: str) -> Endpoint:
    """Return an endpoint of a bot of a person.

    Raises:
        NotFound: They have no such bot, or it has no such endpoint.
    """
    get_own_bot(snapshot, owner, bot)
    found = store.find_endpoint(snapshot, endpoint)
    if found is None or found.bot != bot:
        raise NotFound(UNKNOWN)
    return found


def lock_own_endpoint(
    transaction: Transaction, caller: Caller, bot: str, endpoint: str
) -> Endpoint:
    """Return an endpoint of a bot of the caller, which nobody else changes until the commit.

    Raises:
        NotFound: They have no such bot, or it has no such endpoint.
    """
    store.lock_endpoint(transaction, endpoint)
    return get_own_endpoint(transaction, caller.user_id, bot, endpoint)


def open_secret(sealer: Sealer, endpoint: Endpoint) -> str:
    """Return the secret of an endpoint, which is told to its owner.

    Raises:
        Gone: It was sealed with a key that is lost.
    """
    try:
        return sealer.open(endpoint.id, endpoint.secret)[0]
    except SealedWithAnotherKeyError:
        raise Gone(UNREADABLE) from None


def _can_open(sealer: Sealer, endpoint: Endpoint) -> bool:
    try:
        sealer.open(endpoint.id, endpoint.secret)
    except SealedWithAnotherKeyError:
        return False
    return True


def _require_member(
    transaction: Transaction, bot: str, conversations: Sequence[str]
) -> tuple[str, ...]:
    wanted = tuple(sorted(set(conversations)))
    if wanted and not set(wanted) <= set(conversations_of_bot(transaction, bot)):
        problem = f"The field 'conversations' {NOT_A_MEMBER}."
        raise Invalid(problem, fields={"conversations": NOT_A_MEMBER})
    return wanted


def _record(transaction: Transaction, caller: Caller, what: str, bot: str, endpoint: str) -> None:
    details = {"bot": bot, "endpoint": endpoint}
    owner, action = caller.user_id, f"user.endpoint_{what}"
    audit.record(transaction, actor_of(caller), action, owner, **details)
