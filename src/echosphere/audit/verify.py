"""Verifies the audit log."""

from echosphere.audit import store
from echosphere.audit.entry import FIRST_HASH, Entry, EntryHead
from echosphere.database import Database

PAGE = 2_000


class TamperedError(Exception):
    """The audit log was changed; the sentence says where."""


async def verify_log(database: Database, known: EntryHead | None = None) -> EntryHead:
    """Verify the log from its first entry to its head; return the head.

    Args:
        database: The database.
        known: A head that was noted down earlier: it must still be part of the log.

    Raises:
        TamperedError: An entry was changed, added or removed.
    """
    head = await database.read(store.find_head)
    last = EntryHead(0, FIRST_HASH)
    while last.number < head.number:
        page = await database.read(store.entries_after, last.number, PAGE)
        if not page:
            raise TamperedError(f"The log ends with entry {last.number}, not {head.number}.")
        for entry in page[: head.number - last.number]:
            last = _verify_entry(entry, last)
            if known is not None and known.number == entry.number and known.hash != entry.hash:
                raise TamperedError(f"Entry {known.number} does not match the recorded head.")
    if last != head:
        raise TamperedError(f"The hash of the last entry is not {head.hash}.")
    if known is not None and known.number > head.number:
        raise TamperedError(
            f"The log ended with entry {known.number} and now ends with entry {head.number}."
        )
    return head


def _verify_entry(entry: Entry, last: EntryHead) -> EntryHead:
    """Verify one entry, and that it follows the last one."""
    if entry.number != last.number + 1:
        raise TamperedError(f"Entry {last.number + 1} is missing.")
    if entry.hash != entry.expected_hash(last.hash):
        raise TamperedError(f"Entry {entry.number} was changed.")
    if not entry.has_its_address():
        raise TamperedError(f"The network address of entry {entry.number} was changed.")
    return EntryHead(entry.number, entry.hash)
