"""The settings of a Socket.IO server, with defaults that are safe on the open internet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..engineio import EngineOptions

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(EngineOptions):
    """How a Socket.IO server behaves. Durations are in seconds.

    Attributes:
        connect_timeout: How long a connection may exist without a namespace.
        max_pending_calls: Handlers that may run at once for one connection. Events past it are
            answered with `too_many`, or dropped if no answer is wanted.
        calls_per_minute: CONNECTs and events of one connection; None for no limit. Calls past it
            are answered with `too_many`; past ten times of it the connection is closed.
        max_attachments: Binary attachments of one packet.
        attachment_timeout: How long the attachments of a packet may take to arrive.
        on_call: Called with event, seconds and outcome ("ok", "error" or "refused") of each call.
    """

    connect_timeout: float = 10.0
    max_pending_calls: int = 100
    calls_per_minute: int | None = 600
    max_attachments: int = 10
    attachment_timeout: float = 10.0
    on_call: Callable[[str, float, str], None] | None = None

    def __post_init__(self) -> None:
        EngineOptions.__post_init__(self)
        if min(self.connect_timeout, self.max_pending_calls, self.attachment_timeout) <= 0:
            raise ValueError("durations and sizes of a Socket.IO server are above zero")
