"""`echosphere audit`: verifies and exports the audit log."""

import asyncio
import sys

from echosphere.audit import EntryHead, TamperedError, export_lines, verify_log
from echosphere.commands.open_database import open_database
from echosphere.settings import Settings


def verify(settings: Settings) -> int:
    """Verify the log; return 1 if it was changed."""

    async def run() -> EntryHead:
        async with open_database(settings, shared=True) as database:
            return await verify_log(database)

    try:
        head = asyncio.run(run())
    except TamperedError as error:
        print(f"echosphere: the audit log was changed. {error}", file=sys.stderr)
        return 1
    print(f"The audit log is whole. Entries: {head.number}. Head: {head}")
    return 0


def export(settings: Settings) -> int:
    """Print the log as JSON lines, the oldest entry first."""

    async def run() -> None:
        async with open_database(settings, shared=True) as database:
            async for line in export_lines(database):
                sys.stdout.write(line)

    asyncio.run(run())
    return 0
