"""Operations: what a user can do, over HTTP or the socket."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, get_args

from echosphere.api.endpoint import Endpoint
from echosphere.api.event import Event
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.core.scopes import Scopes
from echosphere.wire import Existing, Request, Shape

Answer = Shape | Existing | None
Permission = Callable[[Caller], None]
RateSpec = Rate | Callable[[Any], Iterable[Rate]]


class Empty(Request, frozen=True):
    """The argument of operations without one."""


class Operation:
    """Declares an operation for HTTP, the socket and the API documents.

    Args:
        run: An async function of the caller and the argument; it returns the answer, or
            `Existing(answer)` if the object to create existed already. The shapes are taken from its
            annotations, the summary from the first line of its docstring.
        http: The HTTP endpoints. The parameters of a path are fields of the argument.
        name: The name of the call on the socket; None for HTTP only.
        rate: The rate limit, or a function that returns the rate limits for an argument.
        permission: Raises a refusal if the caller's role does not allow the operation.
        scopes: What a key needs for it; None if keys cannot do it.
        status: The HTTP status of success; by default 200, or 204 without an answer.

    Attributes:
        shape: The type of the argument.
        answer: The type of the answer, or None.
        summary: One sentence.

    Raises:
        TypeError: The annotations of `run` are not shapes.
    """

    def __init__(
        self,
        run: Callable[[Caller, Any], Awaitable[Answer]],
        *http: Endpoint,
        name: str | None = None,
        rate: RateSpec | None = None,
        permission: Permission | None = None,
        scopes: Scopes | None = None,
        status: int | None = None,
    ) -> None:
        self.run = run
        self.http = http
        self.name = name
        self.rate = rate
        self.permission = permission
        self.scopes = scopes
        self.shape, self.answer = shapes_of(run)
        self.status = status or (204 if self.answer is None else 200)
        self.summary = summary_of(run)


class DeviceOperation:
    """An operation of one device, over the socket only; `run` also gets the socket's id.

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
    """Return the types of a function's last argument and of its answer.

    Raises:
        TypeError: They are not shapes.
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
