"""Commands around functions of tests, for lanes and transactions of their own."""

from collections.abc import Callable
from typing import Any

from echosphere.database import Command, Transaction


class InLane(Command[Any], lane="lane"):
    """A function and its arguments; no other process could run it."""

    lane: str
    act: Callable[..., Any]
    args: tuple[Any, ...] = ()

    def run(self, transaction: Transaction) -> Any:
        """Call it."""
        return self.act(transaction, *self.args)


class InLaneAlone(InLane, lane="lane", own_transaction=True):
    """The same in a transaction of its own."""


def in_lane(lane: str, act: Callable[..., Any], *args: Any) -> InLane:
    """Return the command that calls a function in a lane."""
    return InLane(lane, act, args)
