"""Changes a password, and signs everything out that may have used the old one."""

from echosphere.accounts import store
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.sign_in import Attempt, take_back
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict
from echosphere.database import Transaction


def change_password(
    transaction: Transaction, caller: Caller, attempt: Attempt, new_hash: str
) -> None:
    """Store the new password of a caller who has proved the current one.

    Raises:
        Conflict: Another device changed it in this very moment.
    """
    old = attempt.secret
    if old is None or not store.set_password(
        transaction, caller.user_id, old=old.password, new=new_hash
    ):
        raise Conflict("The password was changed on another device just now.")
    take_back(transaction, attempt)
    end_sessions(transaction, caller.user_id, but=caller.session_id, reason="password")
