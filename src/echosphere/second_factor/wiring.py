"""Puts second factors together."""

from echosphere.accounts import AccountClosing, Authentication
from echosphere.database import Transaction
from echosphere.platform import Platform
from echosphere.second_factor import store
from echosphere.second_factor.operations import SecondFactorOperations


def install(platform: Platform, authentication: Authentication) -> None:
    """Serve second factors."""
    platform.database.in_same_transaction(AccountClosing, delete_factors)
    platform.operations.add(SecondFactorOperations(authentication).all())


def delete_factors(transaction: Transaction, event: AccountClosing) -> None:
    """Delete what a closing account signed in with."""
    store.delete_all(transaction, event.user_id)
