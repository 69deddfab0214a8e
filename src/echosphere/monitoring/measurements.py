"""Measurements that are too expensive for each request of the metrics."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic

from echosphere.core.errors import Refusal
from echosphere.database import Database, Snapshot

TICK = 0.25
MEASURE_EVERY = 20
"""Ticks between two measurements of the disk and the database."""

LARGE_WAL = 256 * 1024**2
"""Bytes; the log is emptied at 16 MiB unless a long read prevents it."""

WARN_EVERY = 600.0

log = logging.getLogger(__name__)


class Measurements:
    """Keeps the results of the last measurement.

    Args:
        database: The measured database.
        data: The data folder.
        queries: The queries by the name of their result.
    """

    def __init__(
        self, database: Database, data: Path, queries: Mapping[str, Callable[[Snapshot], float]]
    ) -> None:
        self._database = database
        self._data = data
        self._queries = queries
        self._lag = 0.0
        self._measured: dict[str, float] = {}
        self._warned_at = -WARN_EVERY
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start measuring."""
        self._task = asyncio.create_task(self._run(), name="measurements")

    async def stop(self) -> None:
        """Stop measuring."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def numbers(self) -> Mapping[str, float]:
        """Return all values; the lag of the loop is the longest since the last call."""
        queued, age = self._database.queue()
        lag, self._lag = self._lag, 0.0
        return self._measured | {
            "loop_lag_seconds": lag,
            "write_last_commit_timestamp_seconds": self._database.writing.last_commit,
            "write_failing_seconds": self._database.writing.failing_for(),
            "write_queue_length": queued,
            "write_queue_age_seconds": age,
        }

    async def measure(self) -> None:
        """Measure once."""
        wal = self._database.dialect.wal_size()
        if wal is not None:
            self._measured["wal_bytes"] = wal
            self._warn_about_wal(wal)
        usage = await asyncio.to_thread(shutil.disk_usage, self._data)
        self._measured["disk_free_bytes"] = usage.free
        with suppress(Refusal):  # logged by the database
            self._measured |= await self._database.read(self._run_queries)

    def _run_queries(self, snapshot: Snapshot) -> dict[str, float]:
        return {name: read(snapshot) for name, read in self._queries.items()}

    def _warn_about_wal(self, wal: int) -> None:
        if wal < LARGE_WAL or monotonic() - self._warned_at < WARN_EVERY:
            return
        self._warned_at = monotonic()
        log.warning(
            "The write-ahead log has grown to %d MiB, because another program keeps reading an "
            "old state of the database. Find it (lsof on app.db) and stop it.",
            wal // 1024**2,
        )

    async def _run(self) -> None:
        while True:
            for _ in range(MEASURE_EVERY):
                began = monotonic()
                await asyncio.sleep(TICK)
                self._lag = max(self._lag, monotonic() - began - TICK)
            try:
                await self.measure()
            except Exception:
                log.exception("A measurement failed")
