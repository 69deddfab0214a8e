"""Keeps the directory in step with the accounts, and empty while it is off."""

from echosphere.accounts import (
    AccountCreated,
    ProfileChanged,
    SettingsChanged,
    find_own_user,
    settings_of,
)
from echosphere.core.clock import HOUR, SECOND
from echosphere.database import Command, Database, Transaction
from echosphere.directory import store
from echosphere.directory.names import sort_name
from echosphere.directory.store import Entry
from echosphere.jobs import JobRunner
from echosphere.search import FOLDING_VERSION
from echosphere.server_settings import ServerSettingChanged
from echosphere.settings import LiveSettings

FILL = "directory.fill"
"""The kind of job that adds the missing users; it has no payload."""

FILL_AFTER = 5 * SECOND
"""By then every process knows that the directory is on, and keeps it in step."""

BATCH = 200
"""Users who are added in one transaction."""

Changed = AccountCreated | ProfileChanged | SettingsChanged


class DirectoryIndexer:
    """Adds users who registered earlier, and follows changes of accounts.

    Args:
        database: Where the directory is stored.
        live: Whether it is on at this moment.
    """

    def __init__(self, database: Database, live: LiveSettings) -> None:
        self._database = database
        self._live = live

    def register(self, jobs: JobRunner) -> None:
        """Subscribe to changes of accounts, and register the jobs."""
        self._database.in_same_transaction(AccountCreated, self._update)
        self._database.in_same_transaction(ProfileChanged, self._update)
        self._database.in_same_transaction(SettingsChanged, self._update)
        self._database.in_same_transaction(ServerSettingChanged, begin_anew)
        jobs.register(FILL, lambda _payload: self.fill())
        # A running server is not told of accounts that the command line makes.
        jobs.every("directory.look", HOUR, self.fill)

    async def start(self) -> None:
        """Schedule adding the missing users; if the directory is off, empty it."""
        is_on = self._live.current.directory
        await self._database.write(EnqueueFill() if is_on else store.EmptyDirectory())

    async def fill(self) -> None:
        """Add all missing users, in batches."""
        while self._live.current.directory and await self._database.write(FillDirectory()):
            pass

    def _update(self, transaction: Transaction, event: Changed) -> None:
        if self._live.current.directory:
            update_entry(transaction, event)


class EnqueueFill(Command[None]):
    """Enqueue the job that adds the missing users."""

    def run(self, transaction: Transaction) -> None:
        """Enqueue it."""
        transaction.enqueue(FILL, {})


def begin_anew(transaction: Transaction, event: ServerSettingChanged) -> None:
    """Empty the directory when it is turned on or off; while it was off, nothing was kept in step."""
    if event.field == "directory":
        store.empty_directory(transaction)
        if event.value:
            transaction.enqueue(FILL, {}, after=FILL_AFTER)


def update_entry(transaction: Transaction, event: Changed) -> None:
    """Update the entry of a changed user, or delete that of a closed account."""
    own = find_own_user(transaction, event.user_id)
    if own is None:
        store.delete_entry(transaction, event.user_id)
    else:
        store.upsert_entry(transaction, _entry(transaction, own.id, own.name))


class FillDirectory(Command[bool], own_transaction=True):
    """Add a batch of missing users; return whether there were any."""

    def run(self, transaction: Transaction) -> bool:
        """Add them."""
        missing = store.users_without_entry(transaction, FOLDING_VERSION, BATCH)
        for user_id, name in missing:
            store.insert_missing_entry(transaction, _entry(transaction, user_id, name))
        return bool(missing)


def _entry(transaction: Transaction, user_id: str, name: str) -> Entry:
    listed = settings_of(transaction, user_id).directory
    return Entry(user_id, sort_name(name), listed, FOLDING_VERSION)
