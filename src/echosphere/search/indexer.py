"""Keeps the index up to date: new messages shortly after their commit, changes within it.

Posting a message does nothing for the index. The row id up to which all messages are indexed is
stored, so a crash loses nothing; searches read the messages above it themselves.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from itertools import accumulate
from time import monotonic

import msgspec

from echosphere.core.errors import Refusal
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.messages import (
    ActionsReplaced,
    MessageDeleted,
    MessageEdited,
    MessageText,
    search_lines,
)
from echosphere.search import store
from echosphere.search.excerpt import search_text
from echosphere.search.folding import FOLDING_VERSION
from echosphere.search.store import Progress

BATCH = 200
"""Messages indexed in one transaction."""

MAX_BATCH_CHARACTERS = 200_000
"""Characters indexed in one transaction; posting waits for its end."""

MAX_READ_SECONDS = 0.05
"""Time limit for parsing texts, some of which are crafted to be slow."""

GATHER_SECONDS = 0.5
"""Delay after a message, to index several at once."""

PAUSE_FACTOR = 6
"""The pause after a step, as a multiple of its duration: the writer is free for others."""

RETRY_SECONDS = 5.0
POLL_SECONDS = 60.0
"""How often a server checks without being woken: the process that was woken may have died."""

PURGE_INTERVAL = 600.0
"""Minimum seconds between purges of SQLite's index."""

log = logging.getLogger(__name__)


class Indexer:
    """Indexes in small steps in the background.

    Args:
        database: Where the messages and the index are.
        gather: Seconds to wait for further messages.
    """

    def __init__(self, database: Database, *, gather: float = GATHER_SECONDS) -> None:
        self._database = database
        self._gather = gather
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._purged_at = -PURGE_INTERVAL

    def start(self) -> None:
        """Start to index, unless another process writes for this one, and indexes too."""
        if not self._database.writes:
            return
        self._woken.set()
        self._task = asyncio.create_task(self._run(), name="search index")

    async def stop(self) -> None:
        """Stop; the rest is indexed after the next start."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def wake(self, _event: object = None) -> None:
        """Note that there is something to index."""
        self._woken.set()

    async def catch_up(self) -> None:
        """Index everything that can be indexed now."""
        while await self._database.read(has_unindexed_messages):
            if not await self._step(IndexBatch()):
                await asyncio.sleep(self._gather)

    async def purge(self) -> None:
        """Rewrite SQLite's index without what was removed."""
        progress = await self._database.read(store.load_progress)
        if progress.removed <= progress.purged:
            return
        done = await self._step(store.PurgeIndex(begin=True))
        while not done:
            done = await self._step(store.PurgeIndex(begin=False))
        await self._database.write(store.MarkPurged(progress.removed))

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._woken.wait()
            await asyncio.sleep(self._gather)
            self._woken.clear()
            try:
                await self.catch_up()
                if monotonic() - self._purged_at >= PURGE_INTERVAL:
                    await self.purge()
                    self._purged_at = monotonic()
            except Refusal:  # the database is unreachable or busy, and logs that itself
                await self._schedule_retry()
            except Exception:
                log.exception("The search index could not be brought up to date")
                await self._schedule_retry()

    async def _schedule_retry(self) -> None:
        self._woken.set()
        await asyncio.sleep(RETRY_SECONDS)

    async def _step(self, command: Command[bool]) -> bool:
        began = monotonic()
        result = await self._database.write(command)
        await asyncio.sleep((monotonic() - began) * PAUSE_FACTOR)
        return result


def has_unindexed_messages(snapshot: Snapshot) -> bool:
    """Return whether messages are unindexed or were folded under another version."""
    progress = store.load_progress(snapshot)
    last = store.last_message_id(snapshot)
    return progress.done < last or (last > 0 and progress.folding != FOLDING_VERSION)


def unindexed_count(snapshot: Snapshot) -> float:
    """Return the approximate number of messages that are not indexed yet."""
    return store.last_message_id(snapshot) - store.load_progress(snapshot).done


class IndexBatch(Command[bool], own_transaction=True):
    """Index the next messages; return whether there were any."""

    def run(self, transaction: Transaction) -> bool:
        """Index them."""
        progress = _advance_safe(transaction, store.lock_progress(transaction))
        if (
            progress.folding != FOLDING_VERSION
        ):  # start over; until then searches read the messages themselves
            progress = msgspec.structs.replace(progress, folding=FOLDING_VERSION, done=0)
        waiting = store.messages_to_index(transaction, progress.done, progress.safe, BATCH)
        rows = waiting[: _batch_size([len(body) for _, _, _, body, *_ in waiting])]
        lines = search_lines(transaction, [MessageText(*row[1:6]) for row in rows if row[6]])
        texts, until = [], monotonic() + MAX_READ_SECONDS
        for count, (number, conversation, seq, body, *_, found) in enumerate(rows, 1):
            if found:
                texts.append((number, search_text(body, lines.get((conversation, seq), ()))))
            if monotonic() > until:
                rows = rows[:count]
                break
        store.remove_texts(transaction, [number for number, _ in texts])
        store.add_texts(transaction, texts)
        are_all = len(rows) == len(waiting) < BATCH
        done = progress.safe if are_all else rows[-1][0]
        store.set_progress(transaction, msgspec.structs.replace(progress, done=done))
        return bool(rows)


def _batch_size(letters: Sequence[int]) -> int:
    """Return how many of the texts fit into one batch; at least one."""
    before = accumulate(letters, initial=0)
    return sum(room < MAX_BATCH_CHARACTERS for room, _ in zip(before, letters, strict=False))


def _advance_safe(transaction: Transaction, progress: Progress) -> Progress:
    """Determine the row id up to which no message can appear any more.

    SQLite has one writer: that is the last id. On PostgreSQL a transaction takes its message's id
    some time before its commit, and never before it changed its conversation. So the last id seen
    is safe once all transactions that ran at that time have ended.
    """
    last = store.last_message_id(transaction)
    if transaction.dialect == "sqlite":
        return msgspec.structs.replace(progress, safe=last)
    oldest, coming = store.running_transactions(transaction)
    if progress.horizon is not None and oldest >= progress.horizon:
        progress = msgspec.structs.replace(progress, safe=progress.seen, horizon=None)
    if progress.horizon is None and last > progress.safe:
        progress = msgspec.structs.replace(progress, seen=last, horizon=coming)
    return progress


def reindex_edited_message(
    transaction: Transaction, event: MessageEdited | ActionsReplaced
) -> None:
    """Replace the indexed text of an edited message, or of one with other buttons."""
    message = event.message
    known = store.find_text(transaction, message.conversation, message.seq)
    if known is None:  # not indexed yet: it will be, with its new text
        return
    number, words = known
    store.remove_text(transaction, number, words)
    text = MessageText.of(message)
    lines = search_lines(transaction, [text]).get(text[:2], ())
    store.add_texts(transaction, [(number, search_text(message.body, lines))])


def unindex_deleted_message(transaction: Transaction, event: MessageDeleted) -> None:
    """Remove a deleted message from the index."""
    known = store.find_text(transaction, event.message.conversation, event.message.seq)
    if known is not None:
        store.remove_text(transaction, *known)
