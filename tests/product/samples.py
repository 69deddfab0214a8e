"""A fitting value for everything that can be sent, so that tests can send all but one of them."""

import re
from typing import Any

import msgspec

from echosphere.inbox.wire import ReadCall, SyncBody
from echosphere.messages.wire import HistoryCall, PostCall
from echosphere.web.api import PREFIX, Api, Route

SOMEBODY = "0123456789abcdef0123"

SAMPLES: dict[str, Any] = {
    "about": "Hello",
    "accept": True,
    "after": 1,
    "archived": False,
    "around": 1,
    "attachments": [],
    "bearer": True,
    "before": 1,
    "body": "Hello",
    "code": None,
    "conversation": SOMEBODY,
    "current": "a wrong password",
    "draft": None,
    "email": "nobody@example.org",
    "key": "key-of-a-test",
    "kind": "direct",
    "limit": 10,
    "members": [SOMEBODY],
    "muted": False,
    "name": "Nobody",
    "new": "another long password",
    "password": "a wrong password",
    "pinned": False,
    "reply_to": None,
    "seq": 1,
    "settings": {},
    "title": "Garden",
    "user": SOMEBODY,
    "versions": {},
}
"""A fitting value for each field; a new field of any request needs its own here."""

CALLS: dict[str, type[msgspec.Struct]] = {
    "post": PostCall,
    "history": HistoryCall,
    "read": ReadCall,
    "sync": SyncBody,
}
"""The shape of each Socket.IO call; a new call needs its line here."""


def routes_with(api: Api, what: str) -> list[Route]:
    """Return the routes that take a body or a query."""
    return [route for route in api.routes if getattr(route, what) is not None]


def shape_of(shape: type | None) -> type[msgspec.Struct]:
    """Return the shape of a body or a query that is there."""
    assert shape is not None
    assert issubclass(shape, msgspec.Struct)
    return shape


def address(route: Route, name: str = SOMEBODY) -> str:
    """Return the target of a route, with the same name in all its places."""
    return PREFIX + re.sub(r"<\w+>", lambda _: name, route.path)


def fitting_body(route: Route) -> dict[str, Any]:
    """Return a body of the right shape with what is required."""
    fields = msgspec.structs.fields(shape_of(route.body))
    return {field.encode_name: SAMPLES[field.encode_name] for field in fields if field.required}
