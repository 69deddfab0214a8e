"""Collects the receipts of larger groups briefly, and sends them as one event."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from echosphere.core.background import BackgroundTasks
from echosphere.memberships.receipts.events import ReceiptGiven

BATCH_SECONDS = 0.5
"""Seconds from the first receipt of a conversation until its batch is sent."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class ReceiptPositions:
    """The new positions of one member; 0 for an unchanged one."""

    read_seq: int = 0
    delivered_seq: int = 0


Send = Callable[[str, Mapping[str, ReceiptPositions]], Awaitable[None]]


class ReceiptBatcher:
    """Collects the highest positions of each member, by conversation.

    Args:
        send: Sends the batch of one conversation.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._pending: dict[str, dict[str, ReceiptPositions]] = {}
        self._tasks = BackgroundTasks()

    def add(self, event: ReceiptGiven) -> None:
        """Add a receipt to its batch, unless it is sent immediately."""
        if event.recipients.immediate:
            return
        pending = self._pending.get(event.conversation)
        if pending is None:
            pending = self._pending[event.conversation] = {}
            asyncio.get_running_loop().call_later(BATCH_SECONDS, self._flush, event.conversation)
        positions = pending.setdefault(event.user_id, ReceiptPositions())
        positions.read_seq = max(positions.read_seq, event.read_seq or 0)
        positions.delivered_seq = max(positions.delivered_seq, event.delivered_seq or 0)

    def _flush(self, conversation: str) -> None:
        self._tasks.start(self._send_logged(conversation, self._pending.pop(conversation)))

    async def _send_logged(
        self, conversation: str, pending: Mapping[str, ReceiptPositions]
    ) -> None:
        try:
            await self._send(conversation, pending)
        except Exception as error:  # clients fetch positions with the conversation
            log.warning("Receipts of a conversation could not be sent: %s", error)
