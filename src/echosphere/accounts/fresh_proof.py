"""Requires a fresh proof of identity before sensitive actions."""

from echosphere.accounts import store
from echosphere.accounts.sign_in import Attempt, clear_failures
from echosphere.core.caller import Caller
from echosphere.core.clock import MINUTE
from echosphere.core.errors import ProofNeeded
from echosphere.database import Command, Snapshot, Transaction

FRESH_FOR = 10 * MINUTE


def require_fresh_proof(snapshot: Snapshot, caller: Caller) -> None:
    """Refuse a caller whose session has seen no password, passkey or code for `FRESH_FOR`.

    It is asked in the transaction of the change, so that no cache can stretch the time, and behind
    the lock of the account: a session that another process is just ending proves nothing.

    Raises:
        ProofNeeded: The proof is too old, or lies in the future because the clock was turned back.
    """
    if isinstance(snapshot, Transaction):
        store.lock_user(snapshot, caller.user_id)
    age = snapshot.now - store.proved_at(snapshot, caller.session_id)
    if not 0 <= age < FRESH_FOR:
        raise ProofNeeded("Confirm that it is you: enter your password or a code.")


def finish_proof(transaction: Transaction, caller: Caller, attempt: Attempt) -> None:
    """Store that the caller has proved who they are, and forget their failures."""
    clear_failures(transaction, attempt)
    store.save_proof(transaction, caller.session_id)


class FinishProof(Command[None]):
    """Store that the caller has proved who they are; see `finish_proof`."""

    caller: Caller
    attempt: Attempt

    def run(self, transaction: Transaction) -> None:
        """Store it."""
        finish_proof(transaction, self.caller, self.attempt)
