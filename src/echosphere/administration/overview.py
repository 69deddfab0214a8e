"""How the server is doing: health, jobs, and which conversations are large."""

import shutil
from pathlib import Path

from echosphere import __version__
from echosphere.administration import wire
from echosphere.attachments import largest_conversations
from echosphere.conversations import longest_conversations
from echosphere.database import Snapshot
from echosphere.jobs import FailedJob, count_waiting, failed_jobs
from echosphere.platform import Platform

MOST = 30


def list_conversations(snapshot: Snapshot) -> wire.ConversationsAnswer:
    """Return the conversations with the most bytes or messages, without what they are about."""
    by_bytes = {one.conversation: one for one in largest_conversations(snapshot, MOST)}
    rows = longest_conversations(snapshot, MOST, list(by_bytes))
    shapes = [
        wire.LargeConversation(
            id=row.id,
            kind=row.kind,
            members=row.members,
            messages=row.messages,
            files=by_bytes[row.id].files if row.id in by_bytes else 0,
            bytes=by_bytes[row.id].bytes if row.id in by_bytes else 0,
            changed_at=row.changed_at,
        )
        for row in rows
    ]
    return wire.ConversationsAnswer(sorted(shapes, key=lambda one: (-one.bytes, -one.messages)))


async def health_of(platform: Platform) -> wire.HealthAnswer:
    """Return the figures of this process, the free disk, and the jobs that failed."""
    waiting, failed = await platform.database.read(_jobs)
    return wire.HealthAnswer(
        version=__version__,
        database=platform.database.dialect.name,
        free_bytes=free_bytes(platform.settings.data),
        figures=dict(platform.numbers()),
        waiting_jobs=waiting,
        failed_jobs=[_job_shape(job) for job in failed],
    )


def _jobs(snapshot: Snapshot) -> tuple[int, list[FailedJob]]:
    return count_waiting(snapshot), failed_jobs(snapshot, MOST)


def free_bytes(folder: Path) -> int:
    """Return how much is free on the disk of a folder."""
    return shutil.disk_usage(folder).free


def _job_shape(job: FailedJob) -> wire.FailedJob:
    return wire.FailedJob(
        id=job.id,
        kind=job.kind,
        attempts=job.attempts,
        error=job.error,
        created_at=job.created_at,
        next_at=job.next_at,
        recurring=job.recurs,
    )
