"""Exports the audit log as JSON lines."""

import json
from collections.abc import AsyncIterator

from echosphere.audit import store
from echosphere.audit.entry import Entry
from echosphere.database import Database

PAGE = 1_000


async def export_lines(database: Database) -> AsyncIterator[str]:
    """Yield each entry as a JSON object on a line of its own, the oldest first."""
    last = 0
    while page := await database.read(store.entries_after, last, PAGE):
        for entry in page:
            yield _line(entry)
        last = page[-1].number


def _line(entry: Entry) -> str:
    fields = entry._asdict() | {"details": json.loads(entry.details)}
    return json.dumps(fields, separators=(",", ":"), sort_keys=True) + "\n"
