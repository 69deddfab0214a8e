"""Where an operation is over HTTP, and how its argument comes out of path, query and body."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, cast, get_args, get_origin

import msgspec

from echosphere.core.errors import NotFound
from echosphere.wire import Request

UNKNOWN = "There is no such message."
"""The numbers in paths are those of messages."""

_PARAMETER = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and a path like `/users/<user>`; `fixed` holds the fields that they stand for."""

    method: str
    path: str
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Return the names of the fields that are in the path."""
        return _PARAMETER.findall(self.path)

    def taken(self) -> frozenset[str]:
        """Return the names of the fields that are neither in the query nor in the body."""
        return frozenset((*self.names(), *self.fixed))


def get(path: str, **fixed: Any) -> Endpoint:
    """Return where something is read; what is not in the path is in the query."""
    return Endpoint("GET", path, fixed)


def post(path: str, **fixed: Any) -> Endpoint:
    """Return where something is made."""
    return Endpoint("POST", path, fixed)


def put(path: str, **fixed: Any) -> Endpoint:
    """Return where something is set, however often it is repeated."""
    return Endpoint("PUT", path, fixed)


def patch(path: str, **fixed: Any) -> Endpoint:
    """Return where some fields are changed."""
    return Endpoint("PATCH", path, fixed)


def delete(path: str, **fixed: Any) -> Endpoint:
    """Return where something is removed."""
    return Endpoint("DELETE", path, fixed)


class Assembler:
    """Puts the argument of an operation together from the parts of an HTTP request.

    Args:
        shape: The argument.
        endpoint: Where the operation is.

    Attributes:
        sent: The shape of the query or the body: what the path does not say. None if it says all.

    Raises:
        TypeError: The path says something that is no field of the shape.
    """

    def __init__(self, shape: type[Request], endpoint: Endpoint) -> None:
        taken = endpoint.taken()
        if unknown := taken - set(shape.__struct_fields__):
            raise TypeError(f"{shape.__name__} has no {sorted(unknown)} for {endpoint.path}")
        self.sent = remainder(shape, taken, "Query" if endpoint.method == "GET" else "Body")
        self._shape: Any = shape
        self._fixed = endpoint.fixed
        self._numbers = _numbers(shape, endpoint.names())
        self._names = () if self.sent is None else self.sent.__struct_fields__

    def assemble(self, sent: Request | None, path: Mapping[str, str]) -> Any:
        """Return the argument.

        What is in the path is not held against the rules of its field: an odd id is one that
        nothing has.

        Raises:
            NotFound: The path has something else where a number should be.
        """
        if self.sent is self._shape:
            return sent
        given = {name: getattr(sent, name) for name in self._names}
        for name, value in path.items():
            given[name] = number_in(value) if name in self._numbers else value
        return self._shape(**given, **self._fixed)


@cache
def remainder(shape: type[Request], taken: frozenset[str], suffix: str) -> type[Request] | None:
    """Return the shape without the fields that are taken; None if nothing is left.

    Its name is stable, since it stands in the description: `EditCall` leaves an `EditBody`.
    """
    if taken.issuperset(shape.__struct_fields__):
        return None
    if not taken:
        return shape
    made = msgspec.defstruct(
        shape.__name__.removesuffix("Call") + suffix,
        [(one.name, one.type, _default_of(one)) for one in _fields(shape) if one.name not in taken],
        bases=(Request,),
        module=shape.__module__,
        namespace={"__doc__": shape.__doc__},
        frozen=True,
        kw_only=True,
    )
    return cast("type[Request]", made)


def number_in(path: str) -> int:
    """Return the number in a part of a path.

    Raises:
        NotFound: It is none.
    """
    if not (path.isascii() and path.isdigit() and len(path) <= 16):
        raise NotFound(UNKNOWN)
    return int(path)


def _default_of(about: msgspec.structs.FieldInfo) -> Any:
    if about.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=about.default_factory, name=about.encode_name)
    return msgspec.field(default=about.default, name=about.encode_name)


def _numbers(shape: type[Request], names: Iterable[str]) -> frozenset[str]:
    """Return those of the fields that are numbers."""
    if not names:
        return frozenset()
    return frozenset(one.name for one in _fields(shape) if one.name in names and _is_int(one.type))


def _is_int(hint: Any) -> bool:
    return hint is int or (get_origin(hint) is Annotated and get_args(hint)[0] is int)


_fields = cache(msgspec.structs.fields)
