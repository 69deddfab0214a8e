"""Puts second factors together."""

from echosphere.accounts import AccountClosing, AccountsApi
from echosphere.core.encryption import Sealer
from echosphere.database import Transaction
from echosphere.platform import Platform
from echosphere.second_factor import store
from echosphere.second_factor.encryption import PURPOSE
from echosphere.second_factor.finish_sign_in import SecondSteps
from echosphere.second_factor.operations import SecondFactorOperations
from echosphere.second_factor.other_hosts import PasskeyHosts
from echosphere.second_factor.passkey_checks import PasskeyChecks
from echosphere.second_factor.passkey_sign_in import PasskeySignIns
from echosphere.second_factor.relying_party import RelyingParty
from echosphere.second_factor.web import (
    EnrolmentPage,
    PasskeyDoors,
    SecondFactorApi,
    SecondFactorPages,
)


def install(platform: Platform, accounts: AccountsApi) -> PasskeyHosts:
    """Serve second factors; what is returned is to be started."""
    database, settings = platform.database, platform.settings
    database.in_same_transaction(AccountClosing, delete_factors)
    sealer = Sealer(PURPOSE, settings.secret_key, settings.secret_key_previous)
    authentication = accounts.authentication
    party = RelyingParty.of(settings.base_url)
    checks = PasskeyChecks(database, authentication, party, settings.secret_key)
    operations = SecondFactorOperations(
        database, authentication, sealer, checks, platform.live_settings
    )
    platform.operations.add(operations.all())
    steps = SecondSteps(database, authentication, checks)
    api = SecondFactorApi(steps, accounts, platform.rate_limiter)
    api.serve(platform.api)
    SecondFactorPages(platform.api, accounts, steps, api).serve(platform.web)
    EnrolmentPage(platform.api, database, authentication, sealer, checks).serve(platform.web)
    sign_ins = PasskeySignIns(database, authentication, checks)
    PasskeyDoors(platform.api, sign_ins, accounts, platform.rate_limiter, party).serve(platform.web)
    return PasskeyHosts(database, settings.base_url)


def delete_factors(transaction: Transaction, event: AccountClosing) -> None:
    """Delete what a closing account signed in with."""
    store.delete_all(transaction, event.user_id)
