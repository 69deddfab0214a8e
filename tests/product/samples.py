"""A fitting value for everything that can be sent, so that tests can send all but one of them."""

import re
from typing import Any

import msgspec

from echosphere.app import Application
from echosphere.web.api import PREFIX, Api
from echosphere.web.route import Route
from echosphere.wire import Request

SOMEBODY = "0123456789abcdef0123"

ASSERTION = {
    "credential": "a-credential-of-nobody",
    "client_data": "e30",
    "authenticator_data": "AAAA",
    "signature": "AAAA",
    "user_handle": "AAAA",
}

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
    "clearings": {},
    "code": None,
    "conversation": SOMEBODY,
    "current": "a wrong password",
    "cursor": None,
    "draft": None,
    "dropped": True,
    "duration": 5200,
    "expires_in": 3600,
    "email": "nobody@example.org",
    "emoji": "👍",
    "endpoint": "https://push.example.net/send/1",
    "key": "key-of-a-test",
    "from": SOMEBODY,
    "has": "image",
    "in": SOMEBODY,
    "keys": {
        "p256dh": "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
        "u3jl7A8",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
    "kind": "direct",
    "limit": 10,
    "marked_unread": False,
    "longer_draft": False,
    "max_uses": 1,
    "members": [SOMEBODY],
    "muted": False,
    "muted_until": None,
    "name": "Nobody",
    "new": "another long password",
    "notify": "all",
    "password": "a wrong password",
    "pinned": False,
    "q": "hello",
    "reply_to": None,
    "parts": {},
    "role": "member",
    "seq": 1,
    "seqs": [1],
    "settings": {},
    "title": "Garden",
    "to": [{"conversation": SOMEBODY, "key": "key-of-a-test"}],
    "user": SOMEBODY,
    "versions": {},
    "waveform": "0a1fv",
    "on": True,
    "reason": "spam",
    "status": "online",
    "text": "Hello",
    "users": SOMEBODY,
    "retention_days": 0,
    "expire_seconds": 0,
    "held": SOMEBODY,
    "words": ["boat"],
    "messages": "none",
    "banned": False,
    "posting": "all",
    "reacting": "all",
    "slow_seconds": 0,
    "description": None,
    "history": "all",
    "approve": True,
    "delete_messages": False,
    "contact": False,
    "decided": False,
    "decision": "dismiss",
    "emails": ["nobody@example.org"],
    "groups": [],
    "invite": None,
    "job": 1,
    "offset": 0,
    "pending": "a-token-of-nobody",
    "person": SOMEBODY,
    "query": "Ada",
    "remember": False,
    "assertion": ASSERTION,
    **ASSERTION,
    "attestation": "AAAA",
    "transports": ["internal"],
    "suspended": False,
    "announcement": SOMEBODY,
    "severity": "info",
    "ends_at": None,
    "mail": False,
    "again": False,
    "discard": False,
    "csv": "nobody@example.org",
    "dry_run": True,
    "until": None,
    "value": "60",
    "quota": None,
    "sort": "used",
    "own": False,
    "scopes": ["messages:read"],
    "disabled": False,
    "hear_bots": False,
    "sees": "addressed",
    "types": ["message.posted"],
    "url": "https://bots.example.org/events",
    "conversations": [],
    "wait": 0,
    "expires_at": None,
    "action": "go",
    "actions": [],
    "bot": SOMEBODY,
    "command": "deploy",
    "commands": [],
    "notice": "Started",
    "only": "user",
    "update": {},
}
"""A fitting value for each field; a new field of any request needs its own here."""


def calls_of(application: Application) -> dict[str, type[Request]]:
    """Return the shape of each Socket.IO call."""
    served = application.operations.served
    return {one.name: one.shape for one in served if one.name is not None}


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


def fitting_query(route: Route) -> dict[str, Any]:
    """Return a query of the right shape with what is required."""
    fields = msgspec.structs.fields(shape_of(route.query))
    needed = {field.encode_name for field in fields if field.required}
    files = {"kind": "media"} if "kind" in needed else {}
    return {name: SAMPLES[name] for name in needed} | files
