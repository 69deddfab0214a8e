"""Requests and answers of second factors."""

from typing import Annotated

from msgspec import Meta

from echosphere.wire import Request

Password = Annotated[str, Meta(max_length=1_100)]


class Prove(Request, frozen=True):
    """Prove again who one is; it counts for ten minutes on this device."""

    password: Password
