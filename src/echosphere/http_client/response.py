"""What a request gives, and how a host is found."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

from echosphere.http_client.urls import TargetUrl

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host and port, in the order in which to try them."""


class Response(msgspec.Struct, frozen=True):
    """A response whose body was read.

    Attributes:
        url: Where it came from, after redirects.
        headers: Names in lower case; of repeated headers the last value.
        is_complete: False when the body was truncated at the limit.
        is_readable: False when the body of a POST is compressed in a way that is not undone, or broken.
    """

    url: TargetUrl
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_complete: bool = True
    is_readable: bool = True
