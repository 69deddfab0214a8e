"""Closes an account for good: what others wrote with the person stays, the person is gone."""

from collections.abc import Sequence

from echosphere.accounts import store
from echosphere.accounts.account import CLOSED_NAME
from echosphere.accounts.events import AccountClosed, ProfileChanged
from echosphere.accounts.profile import Concerned
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.sign_in import Attempt, take_back
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict
from echosphere.database import Transaction, alone


@alone
def close_account(
    transaction: Transaction, caller: Caller, attempt: Attempt, also: Sequence[Concerned] = ()
) -> None:
    """Close the account of a caller who has proved the password.

    Args:
        transaction: Where to.
        caller: Who leaves.
        attempt: The proof.
        also: Told first, while the person's address is still known.

    Raises:
        Conflict: The password was changed in this very moment.
    """
    if (
        attempt.secret is None
        or store.find_secret_of(transaction, caller.user_id) != attempt.secret
    ):
        raise Conflict("The password was changed on another device just now.")
    for concerned in also:
        concerned(transaction, caller.user_id)
    take_back(transaction, attempt)
    store.update_user(
        transaction,
        caller.user_id,
        email=None,
        name=CLOSED_NAME,
        about="",
        avatar=None,
        password=None,
        settings="{}",
        status_emoji=None,
        status_text=None,
        status_until=None,
        last_seen=None,
        closed_at=transaction.now,
    )
    end_sessions(transaction, caller.user_id)
    transaction.announce(ProfileChanged(caller.user_id))
    transaction.announce(AccountClosed(caller.user_id))
