"""An operation: something that a person can do, whichever the door."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from echosphere.api.endpoint import Endpoint
from echosphere.api.event import Event
from echosphere.caller import Caller
from echosphere.limits import Rate
from echosphere.wire import Existing, Request, Shape

C = TypeVar("C", bound=Request)

Answer = Shape | Existing | None
Cost = Rate | Callable[[C], Iterable[Rate]]


class Empty(Request, frozen=True):
    """The argument of an operation that takes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[C]):
    """A declaration that serves both doors and all descriptions.

    Attributes:
        run: What is done; the first line of its docstring describes it. It returns the answer, or
            `Existing(answer)` if what was to be made was there already.
        shape: All that a caller gives, also what has its place in a path over HTTP.
        answer: The shape of the answer; None if there is nothing to say.
        name: The call on the socket; None if there is no such call.
        http: Where it is over HTTP.
        status: Of success over HTTP; by default 200, or 204 without an answer.
        rate: What it costs: a rate, or what returns the rates to take for an argument.
    """

    run: Callable[[Caller, C], Awaitable[Answer]]
    shape: type[C]
    answer: type[Shape] | None = None
    name: str | None = None
    http: Sequence[Endpoint] = ()
    status: int | None = None
    rate: Cost[C] | None = None

    @property
    def success(self) -> int:
        """The status of success over HTTP."""
        return self.status or (204 if self.answer is None else 200)

    @property
    def summary(self) -> str:
        """One sentence about it."""
        return summary_of(self.run)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOperation(Generic[C]):
    """What a device says of itself, over the socket only; `run` also gets the socket's id."""

    run: Callable[[Caller, str, C], Awaitable[Answer]]
    shape: type[C]
    name: str
    answer: type[Shape] | None = None

    @property
    def summary(self) -> str:
        """One sentence about it."""
        return summary_of(self.run)


AnyOperation = Operation[Any] | DeviceOperation[Any]
Declaration = AnyOperation | Event


def summary_of(run: Callable[..., Any]) -> str:
    """Return the first line of a function's docstring."""
    return (run.__doc__ or "").strip().partition("\n")[0]
