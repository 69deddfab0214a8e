"""Requests, tracks and deletes personal data downloads."""

from echosphere.accounts import AccountClosed, SecurityEvent, require_fresh_proof
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.core.ids import new_id
from echosphere.data_export import store
from echosphere.data_export.export import LIFETIME, MAKE, REMOVE, DataExport, Problem, State
from echosphere.database import Command, Snapshot, Transaction

UNKNOWN = "This download does not exist or has expired."


class AskForExport(Command[DataExport]):
    """Have a download made, or return the one that is there or being made.

    One that failed is begun again.

    Raises:
        ProofNeeded: The caller's last proof is too old.
    """

    caller: Caller

    def run(self, transaction: Transaction) -> DataExport:
        """Ask for it."""
        user_id = self.caller.user_id
        require_fresh_proof(transaction, self.caller)
        existing = find_export(transaction, user_id)
        if existing is not None and existing.state is not State.FAILED:
            return existing
        store.delete_of_user(transaction, user_id)
        export = DataExport(new_id(), user_id, State.WAITING, transaction.now)
        if not store.insert_if_none(transaction, export):  # asked for twice at once
            return store.find_of_user(transaction, user_id) or export
        transaction.enqueue(MAKE, {"id": export.id})
        transaction.announce(
            SecurityEvent(user_id, "export_requested", address=self.caller.address or "")
        )
        return export


class DeleteExport(Command[None]):
    """Delete the caller's download, or give up the one that is being made; idempotent."""

    user_id: str

    def run(self, transaction: Transaction) -> None:
        """Delete it."""
        delete_export(transaction, self.user_id)


class StartExport(Command[DataExport | None]):
    """Note that a download is begun; return None if no one waits for it any more."""

    export: str

    def run(self, transaction: Transaction) -> DataExport | None:
        """Note it."""
        export = store.find(transaction, self.export)
        if export is None or export.state is not State.WAITING:
            return None
        begun = export._replace(starts=export.starts + 1)
        store.change(transaction, export.id, starts=begun.starts)
        return begun


class FinishExport(Command[bool]):
    """Offer a finished download; return False if no one waits for it any more."""

    export: str
    size: int

    def run(self, transaction: Transaction) -> bool:
        """Offer it."""
        export = store.find(transaction, self.export)
        if export is None or export.state is not State.WAITING:
            return False
        until = transaction.now + LIFETIME
        store.change(
            transaction, export.id, state=State.READY.value, size=self.size, expires_at=until
        )
        transaction.announce(SecurityEvent(export.user_id, "export_ready"))
        return True


class FailExport(Command[None]):
    """Note that a download could not be made, and why."""

    export: str
    problem: Problem

    def run(self, transaction: Transaction) -> None:
        """Note it."""
        failed = {"state": State.FAILED.value, "problem": self.problem.value}
        store.change(transaction, self.export, **failed)


class DeleteExpiredExports(Command[list[str]]):
    """Delete the downloads whose time is over, and return their ids."""

    def run(self, transaction: Transaction) -> list[str]:
        """Delete them."""
        expired = store.delete_expired(transaction, transaction.now)
        for export in expired:
            transaction.enqueue(REMOVE, {"id": export})
        return expired


def find_export(snapshot: Snapshot, user_id: str) -> DataExport | None:
    """Return a user's download; None if there is none, or its time is over."""
    export = store.find_of_user(snapshot, user_id)
    if export is None or (export.expires_at is not None and export.expires_at <= snapshot.now):
        return None
    return export


def access_export(snapshot: Snapshot, user_id: str, export: str) -> DataExport:
    """Return a finished download of a user; no one else can name it, whatever their role.

    Raises:
        NotFound: They have no such download, or it cannot be fetched any more, or not yet.
    """
    found = find_export(snapshot, user_id)
    if found is None or found.id != export or found.state is not State.READY:
        raise NotFound(UNKNOWN)
    return found


def is_wanted(snapshot: Snapshot, export: str) -> bool:
    """Whether a download still has to be made."""
    found = store.find(snapshot, export)
    return found is not None and found.state is State.WAITING


def delete_export(transaction: Transaction, user_id: str) -> None:
    """Delete a user's download, and its file in a job."""
    export = store.delete_of_user(transaction, user_id)
    if export is not None:
        transaction.enqueue(REMOVE, {"id": export})


def delete_with_account(transaction: Transaction, event: AccountClosed) -> None:
    """Delete the download of a user who closed their account."""
    delete_export(transaction, event.user_id)
