"""Puts signing in with OpenID Connect together."""

from functools import partial

from echosphere.accounts import (
    AccountClosing,
    AccountCreated,
    AccountsApi,
    PendingSignInFinished,
    find_password,
)
from echosphere.core.clock import DAY
from echosphere.database import Transaction
from echosphere.openid_connect import store
from echosphere.openid_connect.operations import OpenIdOperations
from echosphere.openid_connect.service import OpenIdConnect
from echosphere.openid_connect.sign_in import finish_pending
from echosphere.openid_connect.web import OpenIdApi, OpenIdPages
from echosphere.platform import Platform


def install(platform: Platform, accounts: AccountsApi) -> None:
    """Serve signing in at the providers of the settings; none is asked anything before that."""
    database, settings = platform.database, platform.settings
    database.in_same_transaction(AccountCreated, adopt_waiting)
    database.in_same_transaction(AccountClosing, delete_identities)
    database.in_same_transaction(PendingSignInFinished, finish_pending)
    sweep = partial(database.write, store.DeleteExpiredIdentities())
    platform.jobs.every("openid_connect.sweep", DAY, sweep)
    platform.operations.add(OpenIdOperations(database, settings).all())
    openid = OpenIdConnect(database, settings)
    pages = OpenIdPages(platform.api, accounts, openid)
    pages.serve(platform.web)
    OpenIdApi(database, openid, pages).serve(platform.api)


def adopt_waiting(transaction: Transaction, event: AccountCreated) -> None:
    """Let those sign in whose registration waited and was approved."""
    stored = find_password(transaction, event.user_id)
    if stored is not None:
        store.adopt_identity(transaction, stored.password, event.user_id)


def delete_identities(transaction: Transaction, event: AccountClosing) -> None:
    """Delete by what a closing account signed in."""
    store.delete_identities(transaction, event.user_id)
