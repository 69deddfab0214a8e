"""An operation: something that a person can do, whichever the door."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, get_args

from echosphere.api.endpoint import Endpoint
from echosphere.api.event import Event
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.wire import Existing, Request, Shape

Answer = Shape | Existing | None
Cost = Rate | Callable[[Any], Iterable[Rate]]


class Empty(Request, frozen=True):
    """The argument of an operation that takes none."""


class Operation:
    """A declaration that serves both doors and all descriptions.

    Args:
        run: An async function of the caller and the argument; it returns the answer, or
            `Existing(answer)` if what was to be made was there already. Its annotations say which
            shapes the argument and the answer have, the first line of its docstring what it does.
        http: Where it is over HTTP. What is in a path is a field of the argument too.
        name: The call on the socket; None if there is no such call.
        rate: What it costs: a rate, or what returns the rates to take for an argument.
        status: Of success over HTTP; by default 200, or 204 without an answer.

    Attributes:
        shape: The shape of the argument.
        answer: The shape of the answer; None if there is nothing to say.
        summary: One sentence about it.

    Raises:
        TypeError: The annotations of `run` are no shapes.
    """

    def __init__(
        self,
        run: Callable[[Caller, Any], Awaitable[Answer]],
        *http: Endpoint,
        name: str | None = None,
        rate: Cost | None = None,
        status: int | None = None,
    ) -> None:
        self.run = run
        self.http = http
        self.name = name
        self.rate = rate
        self.shape, self.answer = shapes_of(run)
        self.status = status or (204 if self.answer is None else 200)
        self.summary = summary_of(run)


class DeviceOperation:
    """What a device says of itself, over the socket only; `run` also gets the socket's id.

    Args:
        run: An async function of the caller, the socket's id and the argument.
        name: The call on the socket.
    """

    def __init__(self, run: Callable[[Caller, str, Any], Awaitable[Answer]], *, name: str) -> None:
        self.run = run
        self.name = name
        self.shape, self.answer = shapes_of(run)
        self.summary = summary_of(run)


AnyOperation = Operation | DeviceOperation
Declaration = AnyOperation | Event


def shapes_of(run: Callable[..., Any]) -> tuple[type[Request], type[Shape] | None]:
    """Return the shapes of a function's last argument and of its answer.

    Raises:
        TypeError: They are none.
    """
    hints: list[Any] = [None, None, *run.__annotations__.values()]
    shape, returned = hints[-2:]
    answers = [one for one in get_args(returned) or (returned,) if _is_shape(one, Shape)]
    if not _is_shape(shape, Request) or len(answers) > 1:
        raise TypeError(f"{run} does not say which shapes it takes and returns")
    return shape, answers[0] if answers else None


def summary_of(run: Callable[..., Any]) -> str:
    """Return the first line of a function's docstring."""
    return (run.__doc__ or "").strip().partition("\n")[0]


def _is_shape(one: Any, kind: type) -> bool:
    return isinstance(one, type) and issubclass(one, kind)
