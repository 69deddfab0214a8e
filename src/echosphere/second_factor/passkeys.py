"""Adds, renames, removes and uses passkeys."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field

import msgspec

from echosphere import audit
from echosphere.accounts import SecurityEvent, actor_of, require_fresh_proof
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Invalid, NotFound
from echosphere.core.text import strip_invisible
from echosphere.database import Command, Snapshot, Transaction
from echosphere.second_factor import store
from echosphere.second_factor.challenges import ChallengeUse
from echosphere.second_factor.change import LAST_FACTOR, factors_changed, first_codes
from echosphere.second_factor.events import PasskeyRemoved
from echosphere.second_factor.signatures import NewCredential, Signed
from echosphere.second_factor.store import StoredPasskey

MAX_PASSKEYS = 20
MAX_NAME = 80
TOO_MANY = "You have 20 passkeys. Remove one first."
ALREADY_USED = "This took too long or was sent twice. Try again."
WRONG_PASSKEY = (
    "This passkey was not accepted, or it took too long. Try again, or use another method."
)
NO_SUCH_PASSKEY = "Passkey not found."

log = logging.getLogger(__name__)


class MadePasskey(msgspec.Struct, frozen=True):
    """A credential that was checked, and what its owner says of it."""

    use: ChallengeUse
    made: NewCredential
    name: str
    transports: Collection[str]
    host: str


class CheckedPasskey(msgspec.Struct, frozen=True):
    """A passkey whose signature was right; it counts once `use_passkey` has taken it."""

    passkey: StoredPasskey
    use: ChallengeUse
    signed: Signed


@dataclass(frozen=True, slots=True)
class AddedPasskey:
    """A passkey that was stored, with recovery codes if its owner had none."""

    id: str
    codes: list[str] = field(repr=False)


class AddPasskey(Command[AddedPasskey]):
    """Store a passkey of the caller's; it is a second factor from now on.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        Invalid: The challenge has been used.
        Conflict: It is registered already, or the caller has too many.
    """

    caller: Caller
    given: MadePasskey

    def run(self, transaction: Transaction) -> AddedPasskey:
        """Store it."""
        require_fresh_proof(transaction, self.caller)
        require_unused(transaction, self.given.use)
        user_id = self.caller.user_id
        if len(store.passkeys_of(transaction, user_id)) >= MAX_PASSKEYS:
            raise Conflict(TOO_MANY)
        about = {
            "name": passkey_name(self.given.name),
            "transports": self.given.transports,
            "host": self.given.host,
        }
        passkey = store.insert_passkey(transaction, user_id, self.given.made, **about)  # type: ignore[arg-type]
        if passkey is None:
            raise Conflict("This passkey is already registered.")
        codes = first_codes(transaction, user_id) or []
        factors_changed(transaction, self.caller, "passkey_added")
        audit.record(
            transaction, actor_of(self.caller), "user.passkey_added", user_id, passkey=passkey
        )
        return AddedPasskey(passkey, codes)


class NamePasskey(Command[None]):
    """Give one of the caller's passkeys another name.

    Raises:
        NotFound: The caller has no such passkey.
    """

    caller: Caller
    passkey: str
    name: str

    def run(self, transaction: Transaction) -> None:
        """Rename it."""
        if not store.rename_passkey(
            transaction, self.caller.user_id, self.passkey, passkey_name(self.name)
        ):
            raise NotFound(NO_SUCH_PASSKEY)


class RemovePasskey(Command[None]):
    """Remove one of the caller's passkeys, and with the last factor the recovery codes.

    Attributes:
        caller: The owner.
        passkey: Which.
        host: The host for which passkeys count now.
        required: Whether the server asks the caller for a second factor.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        NotFound: The caller has no such passkey.
        Conflict: It is the last factor of someone who must have one, or their only way in.
    """

    caller: Caller
    passkey: str
    host: str
    required: bool

    def run(self, transaction: Transaction) -> None:
        """Remove it."""
        require_fresh_proof(transaction, self.caller)
        user_id = self.caller.user_id
        if not store.delete_passkey(transaction, user_id, self.passkey):
            raise NotFound(NO_SUCH_PASSKEY)
        if self.required and not store.has_working_factor(transaction, user_id, self.host):
            raise Conflict(LAST_FACTOR)
        transaction.announce(PasskeyRemoved(user_id))
        factors_changed(transaction, self.caller, "passkey_removed")
        audit.record(
            transaction,
            actor_of(self.caller),
            "user.passkey_removed",
            user_id,
            passkey=self.passkey,
        )


def use_passkey(transaction: Transaction, checked: CheckedPasskey) -> bool:
    """Use up a challenge and store the passkey's counter.

    A counter that went back is told to the owner, so the transaction has to be committed then.

    Returns:
        False if the counter went back: the passkey does not count.

    Raises:
        Invalid: The challenge has been used, or the passkey was removed meanwhile.
    """
    require_unused(transaction, checked.use)
    passkey = checked.passkey
    if store.advance_passkey(transaction, passkey.id, checked.signed):
        return True
    if store.find_passkey(transaction, passkey.credential) is None:
        raise Invalid(WRONG_PASSKEY)
    log.warning(
        "The counter of the passkey %s went backwards: the passkey may have been copied", passkey.id
    )
    transaction.announce(SecurityEvent(passkey.user_id, "passkey_copied"))
    return False


def require_unused(transaction: Transaction, use: ChallengeUse) -> None:
    """Use a challenge up.

    Raises:
        Invalid: It has been used.
    """
    if not store.use_challenge(transaction, use):
        raise Invalid(ALREADY_USED)


def passkeys_for(snapshot: Snapshot, user_id: str, host: str) -> list[StoredPasskey]:
    """Return those of a user's passkeys that work on a host."""
    return [one for one in store.passkeys_of(snapshot, user_id) if one.host == host]


def passkey_name(given: str) -> str:
    """Return a passkey's name in one line, without invisible characters.

    Raises:
        Invalid: Nothing is left of it.
    """
    name = strip_invisible(given)[:MAX_NAME].strip()
    if not name:
        problem = "Give the passkey a name."
        raise Invalid(problem, fields={"name": problem})
    return name
