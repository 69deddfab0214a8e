"""Puts together what administrators are served."""

from functools import partial

from echosphere import audit
from echosphere.accounts import AccountClosed
from echosphere.administration.operations import AdministrationOperations
from echosphere.core.clock import DAY
from echosphere.database import Database, Transaction
from echosphere.platform import Platform

ADDRESS_AGE = 90 * DAY
"""For how long the audit log says from which network address somebody acted."""


def install(platform: Platform) -> None:
    """Serve the administration room, and let the audit log forget network addresses in time."""
    platform.operations.add(AdministrationOperations(platform).all())
    platform.database.in_same_transaction(AccountClosed, _forget_addresses)
    platform.jobs.every("audit.addresses", DAY, partial(_forget_old_addresses, platform.database))


def _forget_addresses(transaction: Transaction, event: AccountClosed) -> None:
    audit.forget_addresses_of(transaction, event.user_id)


async def _forget_old_addresses(database: Database) -> None:
    await database.write(audit.ForgetAddressesBefore(database.clock() - ADDRESS_AGE))
