"""Changes the address of a person's picture."""

from collections.abc import Sequence

from echosphere.accounts import store
from echosphere.accounts.events import ProfileChanged
from echosphere.accounts.profile import Concerned
from echosphere.accounts.wire import OwnUser
from echosphere.database import Transaction


def change_avatar(
    transaction: Transaction, user: str, address: str | None, also: Sequence[Concerned] = ()
) -> OwnUser:
    """Store where a person's picture is, or that there is none; return the account as it is now.

    Args:
        transaction: Where to.
        user: Whose picture it is.
        address: A place on this server.
        also: Told that others see the person differently now.
    """
    store.update_user(transaction, user, avatar=address)
    transaction.announce(ProfileChanged(user))
    for concerned in also:
        concerned(transaction, user)
    return store.get_own_user(transaction, user)
