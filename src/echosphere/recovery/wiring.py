"""Puts the way back into accounts together."""

from functools import partial

from echosphere import security_notices
from echosphere.accounts import AccountCreated, AccountsApi, PasswordHasher
from echosphere.core.clock import DAY
from echosphere.jobs import JobRunner
from echosphere.mail import mailer_from_url
from echosphere.platform import Platform
from echosphere.recovery.change_address import AddressChange
from echosphere.recovery.confirm import ask_for_confirmation
from echosphere.recovery.mail_jobs import LinkMails
from echosphere.recovery.operations import RecoveryOperations
from echosphere.recovery.reset import PasswordReset
from echosphere.recovery.sign_in_once import SignInOnce
from echosphere.recovery.store import DeleteExpiredLinks
from echosphere.recovery.web import ConfirmPages, RecoveryPages, SignInMethodsPage


def install(
    platform: Platform,
    accounts: AccountsApi,
    password_hasher: PasswordHasher,
    mail_jobs: JobRunner,
) -> None:
    """Serve the pages, and send the mails in jobs that hold up nothing else; so are notices."""
    security_notices.install(platform, mail_jobs)
    settings, database = platform.settings, platform.database
    mailer = mailer_from_url(settings.smtp_url, settings.mail_from)
    LinkMails(database, mailer, settings.base_url).register(mail_jobs)
    platform.jobs.every("recovery.sweep", DAY, partial(database.write, DeleteExpiredLinks()))
    password_reset = PasswordReset(database, password_hasher, settings)
    mails = mailer.is_configured
    once = SignInOnce(database, accounts.authentication)
    RecoveryPages(platform.api, accounts, password_reset, once, mails=mails).serve(platform.web)
    change = AddressChange(database, accounts.authentication, platform.rate_limiter, mails=mails)
    SignInMethodsPage(
        platform.api, database, platform.live_settings, accounts.authentication
    ).serve(platform.web)
    ConfirmPages(platform.api, database, change).serve(platform.web)
    asks = partial(ask_for_confirmation, platform.live_settings)
    database.in_same_transaction(AccountCreated, asks)
    platform.operations.add(RecoveryOperations(database, change, settings.base_url).all())
