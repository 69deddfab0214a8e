"""Puts second factors together."""

from echosphere.accounts import AccountClosing, AccountsApi
from echosphere.database import Transaction
from echosphere.platform import Platform
from echosphere.second_factor import store
from echosphere.second_factor.encryption import Sealer
from echosphere.second_factor.finish_sign_in import SecondSteps
from echosphere.second_factor.operations import SecondFactorOperations
from echosphere.second_factor.web import ManagePage, SecondFactorApi, SecondFactorPages


def install(platform: Platform, accounts: AccountsApi) -> None:
    """Serve second factors."""
    database, settings = platform.database, platform.settings
    database.in_same_transaction(AccountClosing, delete_factors)
    sealer = Sealer(settings.secret_key, settings.secret_key_previous)
    authentication = accounts.authentication
    asked = settings.require_second_factor
    operations = SecondFactorOperations(database, authentication, sealer, asked)
    platform.operations.add(operations.all())
    steps = SecondSteps(database, authentication, sealer)
    api = SecondFactorApi(steps, accounts, platform.rate_limiter)
    api.serve(platform.api)
    SecondFactorPages(platform.api, accounts, steps, api).serve(platform.web)
    ManagePage(platform.api, database, authentication, sealer, asked).serve(platform.web)


def delete_factors(transaction: Transaction, event: AccountClosing) -> None:
    """Delete what a closing account signed in with."""
    store.delete_all(transaction, event.user_id)
