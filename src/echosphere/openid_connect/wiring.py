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
from echosphere.database import Database, Transaction
from echosphere.openid_connect import store
from echosphere.openid_connect.link import require_way_in
from echosphere.openid_connect.operations import OpenIdOperations
from echosphere.openid_connect.service import OpenIdConnect
from echosphere.openid_connect.services import ways_in
from echosphere.openid_connect.sign_in import finish_pending
from echosphere.openid_connect.web import OpenIdApi, OpenIdPages
from echosphere.platform import Platform
from echosphere.second_factor import AllFactorsRemoved, PasskeyRemoved
from echosphere.settings import LiveSettings


def install(platform: Platform, accounts: AccountsApi) -> OpenIdConnect:
    """Serve signing in at the providers of the settings; none is asked anything before that.

    Returns:
        The client of the providers, whose connections are closed at the end.
    """
    database, settings = platform.database, platform.settings
    follow_accounts(database, platform.live_settings)
    sweep = partial(database.write, store.DeleteExpiredIdentities())
    platform.jobs.every("openid_connect.sweep", DAY, sweep)
    platform.operations.add(OpenIdOperations(database, platform.live_settings).all())
    openid = OpenIdConnect(database, settings)
    pages = OpenIdPages(platform.api, accounts, openid)
    pages.serve(platform.web)
    OpenIdApi(database, openid, pages).serve(platform.api)
    return openid


def follow_accounts(database: Database, live: LiveSettings) -> None:
    """Do in the transactions of accounts what is due here, also at the command line."""

    def require_another_way(transaction: Transaction, event: PasskeyRemoved) -> None:
        require_way_in(transaction, event.user_id, ways_in(live.current))

    database.in_same_transaction(AccountCreated, adopt_waiting)
    database.in_same_transaction(AccountClosing, delete_identities)
    database.in_same_transaction(AllFactorsRemoved, delete_identities)
    database.in_same_transaction(PasskeyRemoved, require_another_way)
    database.in_same_transaction(PendingSignInFinished, finish_pending)


def adopt_waiting(transaction: Transaction, event: AccountCreated) -> None:
    """Let those sign in whose registration waited and was approved."""
    stored = find_password(transaction, event.user_id)
    if stored is not None:
        store.adopt_identity(transaction, stored.password, event.user_id)


def delete_identities(transaction: Transaction, event: AccountClosing | AllFactorsRemoved) -> None:
    """Delete the sign-in services of an account that closes, or whose ways in are removed."""
    store.delete_identities(transaction, event.user_id)
