"""The interface of a bus: subjects on which processes publish, and hear each other."""

from collections.abc import Callable
from typing import Protocol

from echosphere.core.operator_error import OperatorError

Receive = Callable[[str, bytes], None]
"""Called on the event loop with the subject and the data of what another process published."""


class Bus(Protocol):
    """Carries bytes between processes, at most once and in the order of each sender.

    What is published while there is no connection is lost: those who need it notice that themselves
    (`Cluster` does, by numbers).

    Attributes:
        is_private: Whether no one can write to it but processes of this instance, so that what comes
            need not prove from whom it is.
    """

    is_private: bool

    async def start(self, receive: Receive, on_gap: Callable[[], None]) -> None:
        """Connect.

        Args:
            receive: Gets what is published on subscribed subjects, except by this process.
            on_gap: Called after every break of the connection, when there is one again.

        Raises:
            BusError: There is no connection.
        """

    async def subscribe(self, subject: str) -> None:
        """Receive a subject from now on; `*` stands for one part of it, `>` for all that follow."""

    def publish(self, subject: str, data: bytes) -> None:
        """Publish, without waiting."""

    async def ready(self) -> None:
        """Check that there is a connection.

        Raises:
            BusError: There is none at the moment.
        """

    async def close(self) -> None:
        """Send what was published, and disconnect."""


class BusError(OperatorError):
    """The bus cannot be used; the text says so to the operator."""
