"""Records that an address belongs to its account."""

from echosphere.accounts import store
from echosphere.accounts.events import EmailConfirmed
from echosphere.database import Transaction


def confirm_email(transaction: Transaction, user_id: str) -> None:
    """Store that a user's address is theirs."""
    store.confirm_email(transaction, user_id)
    transaction.announce(EmailConfirmed(user_id))
