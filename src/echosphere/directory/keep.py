"""Keeps the directory in step with the accounts, and empty while there is none."""

from echosphere.accounts import (
    AccountCreated,
    ProfileChanged,
    SettingsChanged,
    find_own_user,
    settings_of,
)
from echosphere.core.clock import HOUR
from echosphere.database import Database, JobRunner, Transaction, alone
from echosphere.directory import store
from echosphere.directory.names import name_of
from echosphere.directory.store import Entry
from echosphere.search import FOLDING

FILL = "directory.fill"
"""The kind of job that enters those who are missing; it has no payload."""

AT_ONCE = 200
"""People who are entered in one transaction."""

Changed = AccountCreated | ProfileChanged | SettingsChanged


class DirectoryKeeper:
    """Enters who was there before, and who changes.

    Args:
        database: Where the directory is.
        on: Whether there is to be one.
    """

    def __init__(self, database: Database, *, on: bool) -> None:
        self._database = database
        self._on = on

    def register(self, jobs: JobRunner) -> None:
        """Say what is done when an account changes, and again and again."""
        if not self._on:
            return
        self._database.also(AccountCreated, keep_entry)
        self._database.also(ProfileChanged, keep_entry)
        self._database.also(SettingsChanged, keep_entry)
        jobs.register(FILL, lambda _payload: self.fill())
        # Accounts that the command line makes are told to no running server.
        jobs.every("directory.look", HOUR, self.fill)

    async def start(self) -> None:
        """Have those entered who are missing; or forget everybody, if there is no directory now."""
        await self._database.write(want_fill if self._on else store.clear)

    async def fill(self) -> None:
        """Enter all who are missing, some at a time."""
        while await self._database.write(fill_some):
            pass


def want_fill(transaction: Transaction) -> None:
    """Have those entered who are missing."""
    transaction.enqueue(FILL, {})


def keep_entry(transaction: Transaction, event: Changed) -> None:
    """Enter somebody as they are now; who has closed their account leaves."""
    own = find_own_user(transaction, event.user_id)
    if own is None:
        store.remove(transaction, event.user_id)
    else:
        store.put(transaction, _entry(transaction, own.id, own.name))


@alone
def fill_some(transaction: Transaction) -> bool:
    """Enter some who are missing; return whether there were any."""
    missing = store.without_entry(transaction, FOLDING, AT_ONCE)
    for user, name in missing:
        store.put_missing(transaction, _entry(transaction, user, name))
    return bool(missing)


def _entry(transaction: Transaction, user: str, name: str) -> Entry:
    listed = settings_of(transaction, user).directory
    return Entry(user, name_of(name), listed, FOLDING)
