"""Changes the URL of a user's avatar."""

from echosphere.accounts import store
from echosphere.accounts.events import ProfileChanged
from echosphere.accounts.wire import OwnUser
from echosphere.database import Transaction


def change_avatar(transaction: Transaction, user_id: str, address: str | None) -> OwnUser:
    """Store the path of a user's avatar on this server, or None; return the account.

    Args:
        transaction: The transaction.
        user_id: The user.
        address: The path.
    """
    store.update_user(transaction, user_id, avatar=address)
    transaction.announce(ProfileChanged(user_id))
    return store.get_own_user(transaction, user_id)
