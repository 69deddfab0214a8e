"""Changes a password and ends the user's other sessions."""

from echosphere.accounts import store
from echosphere.accounts.credentials import accept_proof
from echosphere.accounts.events import SecurityEvent
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.sign_in import Attempt
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict
from echosphere.database import Transaction


def change_password(
    transaction: Transaction, caller: Caller, attempt: Attempt | None, new_hash: str
) -> None:
    """Store the new password of a caller who has proved the current one, or who has none.

    Raises:
        Conflict: Another device has changed it since.
        Invalid: The caller has a password, and has not given it.
        ProofNeeded: The caller has none, and their last proof is too old.
    """
    accept_proof(transaction, caller, attempt, field="current")
    old = store.find_password(transaction, caller.user_id)
    if old is None or not store.set_password(
        transaction, caller.user_id, old=old.password, new=new_hash
    ):
        raise Conflict("The password was changed on another device just now.")
    end_sessions(transaction, caller.user_id, except_session=caller.session_id, reason="password")
    transaction.announce(SecurityEvent(caller.user_id, "password_changed"))
