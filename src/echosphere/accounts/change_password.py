"""Changes a password and ends the user's other sessions."""

from echosphere.accounts import store
from echosphere.accounts.credentials import accept_proof
from echosphere.accounts.events import SecurityEvent
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.sign_in import Attempt
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict
from echosphere.database import Command, Transaction


class StoreNewPassword(Command[None]):
    """Store the new password of a caller who has proved the current one, or who has none.

    Raises:
        Conflict: Another device has changed it since.
        Invalid: The caller has a password, and has not given it.
        ProofNeeded: The caller has none, and their last proof is too old.
    """

    caller: Caller
    attempt: Attempt | None
    new_hash: str

    def run(self, transaction: Transaction) -> None:
        """Store it."""
        accept_proof(transaction, self.caller, self.attempt, field="current")
        old = store.find_password(transaction, self.caller.user_id)
        if old is None or not store.set_password(
            transaction, self.caller.user_id, old=old.password, new=self.new_hash
        ):
            raise Conflict("The password was just changed on another device.")
        end_sessions(
            transaction,
            self.caller.user_id,
            except_session=self.caller.session_id,
            reason="password",
        )
        transaction.announce(SecurityEvent(self.caller.user_id, "password_changed"))
