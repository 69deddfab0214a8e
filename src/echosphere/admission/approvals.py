"""Approves and refuses registrations that wait."""

from collections.abc import Callable

from echosphere import audit
from echosphere.accounts import AccountRole, NewAccount, actor_of, create_user
from echosphere.admission import store
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Transaction

NOT_WAITING = "There is no such registration. Somebody else may have answered it."


def approve(
    transaction: Transaction,
    caller: Caller,
    registration: str,
    tell: Callable[[Transaction, str], None],
) -> None:
    """Make an account of a registration that waits, and tell its address.

    Raises:
        NotFound: There is none (any more).
        Conflict: The address has got an account meanwhile.
    """
    email, name, password = _take(transaction, registration)
    user = create_user(transaction, NewAccount(email, name, ""), password, AccountRole.MEMBER)
    audit.record(transaction, actor_of(caller), "registration.approved", user.id)
    tell(transaction, email)


def refuse(transaction: Transaction, caller: Caller, registration: str) -> None:
    """Delete a registration that waits.

    Raises:
        NotFound: There is none (any more).
    """
    _take(transaction, registration)
    audit.record(transaction, actor_of(caller), "registration.refused", registration)


def _take(transaction: Transaction, registration: str) -> tuple[str, str, str]:
    taken = store.take_waiting(transaction, registration)
    if taken is None:
        raise NotFound(NOT_WAITING)
    return taken
