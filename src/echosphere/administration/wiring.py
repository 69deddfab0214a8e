"""Puts together the operations for administrators."""

from functools import partial

from echosphere import announcements, audit
from echosphere.accounts import AccountClosed, PasswordHasher, tell_staff
from echosphere.administration.checklist import RegistrationMode
from echosphere.administration.live import FiguresWatch
from echosphere.administration.operations import AdministrationOperations
from echosphere.administration.people import Connections
from echosphere.administration.web import AuditExport
from echosphere.core.clock import DAY
from echosphere.database import Database, Transaction
from echosphere.jobs import JobRunner
from echosphere.platform import Platform

ADDRESS_AGE = 90 * DAY
"""For how long the audit log says from which network address someone acted."""


def install(
    platform: Platform,
    password_hasher: PasswordHasher,
    mail_jobs: JobRunner,
    registration: RegistrationMode,
    presence: Connections,
) -> FiguresWatch:
    """Serve Administration and announcements, which `mail_jobs` mails.

    The audit log forgets network addresses in time.

    Args:
        platform: The platform.
        password_hasher: Hashes the passwords of new accounts.
        mail_jobs: Sends mails.
        registration: Returns how people register.
        presence: Knows who is connected.

    Returns:
        What is to be started and stopped.
    """
    announcements.install(platform, mail_jobs)
    watch = FiguresWatch(platform, presence.connected)
    operations = AdministrationOperations(
        platform, watch, password_hasher, registration, presence.connected_of
    )
    platform.operations.add(operations.all())
    AuditExport(platform.database).serve(platform.api)
    platform.database.in_same_transaction(audit.AuditRecorded, _tell_of_entry)
    platform.database.in_same_transaction(AccountClosed, _forget_addresses)
    platform.jobs.every("audit.addresses", DAY, partial(_forget_old_addresses, platform.database))
    return watch


def _tell_of_entry(transaction: Transaction, _event: audit.AuditRecorded) -> None:
    tell_staff(transaction, "audit")


def _forget_addresses(transaction: Transaction, event: AccountClosed) -> None:
    audit.forget_addresses_of(transaction, event.user_id)


async def _forget_old_addresses(database: Database) -> None:
    await database.write(audit.ForgetAddressesBefore(database.clock() - ADDRESS_AGE))
