"""Keeps the index in step: new messages shortly after their commit, changes within it.

Nothing is done for the index while a message is posted. A number is kept up to which all messages
are in it, so that a crash loses nothing; searches read those above it themselves.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import accumulate
from time import monotonic

from echosphere.core.errors import Refusal
from echosphere.database import Database, Snapshot, Transaction, alone
from echosphere.messages import MessageDeleted, MessageEdited
from echosphere.search import store
from echosphere.search.folding import FOLDING
from echosphere.search.store import Progress
from echosphere.search.text import search_text

AT_ONCE = 200
"""Messages indexed in one transaction."""

MAX_LETTERS = 200_000
"""Of their words together: whoever posts waits until a transaction ends."""

MAX_READING = 0.05
"""Seconds for reading their words, of which some are made to take long."""

GATHER = 0.5
"""Seconds between a message and the indexing of it and what came with it."""

REST = 6
"""How many times as long as a step took the writer is left to others after it."""

RETRY = 5.0
LOOK_ANYWAY = 60.0
"""Seconds after which a server looks unasked: the one that was asked may be gone."""

PURGE_EVERY = 600.0
"""Seconds between rewritings of SQLite's index at least, when something was removed."""

log = logging.getLogger(__name__)


class Indexer:
    """Does the work in small steps, beside everything else.

    Args:
        database: Where the messages and the index are.
        gather: Seconds to wait for what comes together.
    """

    def __init__(self, database: Database, *, gather: float = GATHER) -> None:
        self._database = database
        self._gather = gather
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._purged_at = -PURGE_EVERY

    def start(self) -> None:
        """Index what is not indexed yet, then whatever comes."""
        self._woken.set()
        self._task = asyncio.create_task(self._run_for_ever(), name="search index")

    async def stop(self) -> None:
        """Leave the rest to the next start."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def wake(self, _event: object = None) -> None:
        """Say that there is something to do."""
        self._woken.set()

    async def catch_up(self) -> None:
        """Index everything that can be indexed now."""
        while await self._database.read(is_behind):
            if not await self._step(index_some):
                await asyncio.sleep(self._gather)

    async def purge(self) -> None:
        """Rewrite SQLite's index without what was removed."""
        reached = await self._database.read(store.progress)
        if reached.removed <= reached.purged:
            return
        done = await self._step(store.purge_index, True)
        while not done:
            done = await self._step(store.purge_index, False)
        await self._database.write(store.note_purged, reached.removed)

    async def _run_for_ever(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_ANYWAY):
                    await self._woken.wait()
            await asyncio.sleep(self._gather)
            self._woken.clear()
            try:
                await self.catch_up()
                if monotonic() - self._purged_at >= PURGE_EVERY:
                    await self.purge()
                    self._purged_at = monotonic()
            except Refusal:  # the database is away or busy, and says so in the log itself
                await self._try_later()
            except Exception:
                log.exception("The search index could not be brought up to date")
                await self._try_later()

    async def _try_later(self) -> None:
        self._woken.set()
        await asyncio.sleep(RETRY)

    async def _step(self, work: Callable[..., bool], *args: object) -> bool:
        began = monotonic()
        result = await self._database.write(work, *args)
        await asyncio.sleep((monotonic() - began) * REST)
        return result


def is_behind(snapshot: Snapshot) -> bool:
    """Return whether there are messages that are not in the index, or are there by old rules."""
    reached = store.progress(snapshot)
    last = store.last_number(snapshot)
    return reached.done < last or (last > 0 and reached.folding != FOLDING)


def lag(snapshot: Snapshot) -> float:
    """Return how many messages are not in the index yet, about."""
    return store.last_number(snapshot) - store.progress(snapshot).done


@alone
def index_some(transaction: Transaction) -> bool:
    """Put the next messages into the index; return whether any were there to be put."""
    reached = _made_safe(transaction, store.locked_progress(transaction))
    if reached.folding != FOLDING:  # begin again; until then searches read the messages themselves
        reached = replace(reached, folding=FOLDING, done=0)
    waiting = store.to_be_indexed(transaction, reached.done, reached.safe, AT_ONCE)
    rows = waiting[: _how_many_fit([len(body) for _, _, _, body, _, _ in waiting])]
    names = store.file_names(transaction, [(row[1], row[2]) for row in rows if row[4]])
    texts, until = [], monotonic() + MAX_READING
    for count, (number, conversation, seq, body, _files, found) in enumerate(rows, 1):
        if found:
            texts.append((number, search_text(body, names.get((conversation, seq), ()))))
        if monotonic() > until:
            rows = rows[:count]
            break
    store.remove_texts(transaction, [number for number, _ in texts])
    store.add_texts(transaction, texts)
    are_all = len(rows) == len(waiting) < AT_ONCE
    done = reached.safe if are_all else rows[-1][0]
    store.set_progress(transaction, replace(reached, done=done))
    return bool(rows)


def _how_many_fit(letters: Sequence[int]) -> int:
    """Return how many of the first texts are indexed at once; one always is."""
    before = accumulate(letters, initial=0)
    return sum(room < MAX_LETTERS for room, _ in zip(before, letters, strict=False))


def _made_safe(transaction: Transaction, reached: Progress) -> Progress:
    """Find out up to which number no message can appear any more.

    SQLite has one writer: up to the last. On PostgreSQL a transaction takes its message's number
    some time before its commit, and never before it changed its conversation. So the last number
    seen is safe once all transactions that ran at that time have ended.
    """
    last = store.last_number(transaction)
    if transaction.dialect == "sqlite":
        return replace(reached, safe=last)
    oldest, coming = store.running_transactions(transaction)
    if reached.horizon is not None and oldest >= reached.horizon:
        reached = replace(reached, safe=reached.seen, horizon=None)
    if reached.horizon is None and last > reached.safe:
        reached = replace(reached, seen=last, horizon=coming)
    return reached


def index_edited(transaction: Transaction, event: MessageEdited) -> None:
    """Have an edited message found by its new words, and by its old ones no more."""
    message = event.message
    known = store.find_text(transaction, message.conversation, message.seq)
    if known is None:  # not yet indexed: it will be, as it is now
        return
    number, words = known
    store.remove_text(transaction, number, words)
    files = [attachment.name for attachment in event.attachments]
    store.add_texts(transaction, [(number, search_text(message.body, files))])


def forget_deleted(transaction: Transaction, event: MessageDeleted) -> None:
    """Have a deleted message found no more."""
    known = store.find_text(transaction, event.message.conversation, event.message.seq)
    if known is not None:
        store.remove_text(transaction, *known)
