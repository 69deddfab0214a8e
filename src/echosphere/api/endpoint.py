"""The HTTP endpoint of an operation, and building its argument from path, query and body."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, cast, get_args, get_origin

import msgspec

from echosphere.core.errors import NotFound
from echosphere.wire import Request

UNKNOWN = "Message not found."
"""The numbers in paths are those of messages."""

_PARAMETER = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and a path such as `/users/<user>`; `fixed` holds constant fields of the argument."""

    method: str
    path: str
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Return the names of the path's parameters."""
        return _PARAMETER.findall(self.path)

    def bound_names(self) -> frozenset[str]:
        """Return the names of the fields that come from neither the query nor the body."""
        return frozenset((*self.names(), *self.fixed))


def get(path: str, **fixed: Any) -> Endpoint:
    """Return an endpoint that reads; fields outside the path are in the query."""
    return Endpoint("GET", path, fixed)


def post(path: str, **fixed: Any) -> Endpoint:
    """Return an endpoint that creates."""
    return Endpoint("POST", path, fixed)


def put(path: str, **fixed: Any) -> Endpoint:
    """Return an endpoint that sets, idempotently."""
    return Endpoint("PUT", path, fixed)


def patch(path: str, **fixed: Any) -> Endpoint:
    """Return an endpoint that changes some fields."""
    return Endpoint("PATCH", path, fixed)


def delete(path: str, **fixed: Any) -> Endpoint:
    """Return an endpoint that removes."""
    return Endpoint("DELETE", path, fixed)


class ArgumentBuilder:
    """Builds the argument of an operation from the parts of an HTTP request.

    Args:
        shape: The type of the argument.
        endpoint: The endpoint.

    Attributes:
        sent: The shape of the query or the body: what the path does not say. None if it says all.

    Raises:
        TypeError: The endpoint names a field that the shape does not have.
    """

    def __init__(self, shape: type[Request], endpoint: Endpoint) -> None:
        bound_names = endpoint.bound_names()
        if unknown := bound_names - set(shape.__struct_fields__):
            raise TypeError(f"{shape.__name__} has no {sorted(unknown)} for {endpoint.path}")
        self.payload = without_fields(
            shape, bound_names, "Query" if endpoint.method == "GET" else "Body"
        )
        self._shape: Any = shape
        self._fixed = endpoint.fixed
        self._numbers = _numbers(shape, endpoint.names())
        self._names = () if self.payload is None else self.payload.__struct_fields__

    def build(self, payload: Request | None, path: Mapping[str, str]) -> Any:
        """Return the argument.

        Values of the path are not validated: a malformed id is not found either way.

        Raises:
            NotFound: A number in the path is not a number.
        """
        if self.payload is self._shape:
            return payload
        given = {name: getattr(payload, name) for name in self._names}
        for name, value in path.items():
            given[name] = parse_number(value) if name in self._numbers else value
        return self._shape(**given, **self._fixed)


@cache
def without_fields(
    shape: type[Request], bound_names: frozenset[str], suffix: str
) -> type[Request] | None:
    """Return the shape without these fields; None if no field is left.

    Its name appears in the OpenAPI document: `EditCall` gives `EditBody`.
    """
    if bound_names.issuperset(shape.__struct_fields__):
        return None
    if not bound_names:
        return shape
    made = msgspec.defstruct(
        shape.__name__.removesuffix("Call").removesuffix(suffix) + suffix,
        [
            (one.name, one.type, _default_of(one))
            for one in _fields(shape)
            if one.name not in bound_names
        ],
        bases=(Request,),
        module=shape.__module__,
        namespace={"__doc__": shape.__doc__},
        frozen=True,
        kw_only=True,
    )
    return cast("type[Request]", made)


def parse_number(path: str) -> int:
    """Return the number in a segment of a path.

    Raises:
        NotFound: It is not a number.
    """
    if not (path.isascii() and path.isdigit() and len(path) <= 16):
        raise NotFound(UNKNOWN)
    return int(path)


def _default_of(about: msgspec.structs.FieldInfo) -> Any:
    if about.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=about.default_factory, name=about.encode_name)
    return msgspec.field(default=about.default, name=about.encode_name)


def _numbers(shape: type[Request], names: Iterable[str]) -> frozenset[str]:
    """Return the names of those fields that are integers."""
    if not names:
        return frozenset()
    return frozenset(one.name for one in _fields(shape) if one.name in names and _is_int(one.type))


def _is_int(hint: Any) -> bool:
    return hint is int or (get_origin(hint) is Annotated and get_args(hint)[0] is int)


_fields = cache(msgspec.structs.fields)
