"""Keeps the receipts of larger groups for a moment, so that many make one event."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from echosphere.memberships.inbox.events import ReceiptGiven

KEPT_FOR = 0.5
"""Seconds from the first receipt of a conversation until all of it are sent."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Positions:
    """How far one member has come; 0 for: nothing new."""

    read_seq: int = 0
    delivered_seq: int = 0


Send = Callable[[str, Mapping[str, Positions]], Awaitable[None]]


class Collected:
    """The newest positions of each member, by conversation.

    Args:
        send: Sends those of one conversation.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._kept: dict[str, dict[str, Positions]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, event: ReceiptGiven) -> None:
        """Keep a receipt that is not sent by itself."""
        if event.receivers.at_once:
            return
        kept = self._kept.get(event.conversation)
        if kept is None:
            kept = self._kept[event.conversation] = {}
            asyncio.get_running_loop().call_later(KEPT_FOR, self._begin, event.conversation)
        positions = kept.setdefault(event.person, Positions())
        positions.read_seq = max(positions.read_seq, event.read_seq or 0)
        positions.delivered_seq = max(positions.delivered_seq, event.delivered_seq or 0)

    def _begin(self, conversation: str) -> None:
        work = self._run(conversation, self._kept.pop(conversation))
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, conversation: str, kept: Mapping[str, Positions]) -> None:
        try:
            await self._send(conversation, kept)
        except Exception as error:  # clients fetch positions with the conversation
            log.warning("Receipts of a conversation could not be sent: %s", error)
