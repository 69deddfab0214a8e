"""Waits until the work that was left for after the commits is done."""

import asyncio

from sqlalchemy import func, select

from echosphere.attachments.remove import REMOVE_BLOB
from echosphere.database import Snapshot, jobs
from tests.product.conftest import Running


async def files_are_removed(running: Running) -> None:
    """Return when no stored file waits to be removed."""
    async with asyncio.timeout(20):
        while await running.application.database.read(_waiting):
            await asyncio.sleep(0.02)


def _waiting(snapshot: Snapshot) -> int:
    statement = select(func.count()).select_from(jobs).where(jobs.c.kind == REMOVE_BLOB)
    return int(snapshot.execute(statement).scalar_one())
