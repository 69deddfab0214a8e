"""Puts accounts together."""

from echosphere.accounts.events import SessionEnded
from echosphere.accounts.hashing import PasswordHasher
from echosphere.accounts.live import AccountsLive
from echosphere.accounts.operations import AccountsOperations
from echosphere.accounts.registration_policy import RegistrationPolicy
from echosphere.accounts.sign_in import HoldSignIn, hold_nothing
from echosphere.accounts.web import AccountsApi, AccountsPages
from echosphere.accounts.web.pages import AcceptInvite
from echosphere.platform import Platform


def install(
    platform: Platform,
    password_hasher: PasswordHasher,
    admission: RegistrationPolicy,
    arrive: AcceptInvite,
    hold: HoldSignIn = hold_nothing,
) -> AccountsApi:
    """Serve accounts; `arrive` leads those who registered by an invite to where it leads."""
    database = platform.database
    AccountsLive(database).serve(platform.fan_out)
    platform.fan_out.listen_everywhere(
        SessionEnded, lambda event: platform.sign_out(event.session_ids, event.reason)
    )
    accounts = AccountsApi(
        database,
        password_hasher,
        platform.rate_limiter,
        platform.live_settings,
        admission,
        hold=hold,
    )
    accounts.serve(platform.api)
    platform.operations.add(AccountsOperations(database, accounts.authentication).all())
    AccountsPages(platform.api, accounts, arrive).serve(platform.web)
    return accounts
