"""Makes examples of what is sent and answered, from the schemas and what fields are usually called."""

import re
from typing import Any

from echosphere.web.schemas import Schema, ref_name, resolved

ADA, BEN, GROUP, BOT = "u7Kq2mVxTn", "u3Rf9sLdYb", "c5Wp8zHjQe", "b4Nt6gCkMs"
BASE = "https://chat.example.org"
NOON = 1_893_499_200_000
"""In milliseconds, as all times are."""

VALUES: dict[str, Any] = {
    "about": "Knows when the next train leaves.",
    "accept": True,
    "address": "203.0.113.7",
    "after": 40,
    "attachments": [],
    "author": ADA,
    "auth": "R29vZEF1dGhTZWNyZXQ",
    "authenticator_data": "SZYN5YgOjGh0NBcPZHZgW4",
    "avatar_url": None,
    "body": "The train leaves at **noon**.",
    "by": ADA,
    "client_data": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
    "code": "492039",
    "conversation": GROUP,
    "created_by": ADA,
    "credential": "mB3xJ0vYq1k",
    "csv": "name,email\nBen Example,ben@example.org\n",
    "clear_version": 0,
    "cleared_seq": 0,
    "cursor": "412.1893499200000",
    "description": "Trains, and who takes which.",
    "detail": "Conversation not found.",
    "device": "Firefox on Linux",
    "email": "ada@example.org",
    "emails": ["ben@example.org"],
    "emoji": "👍",
    "endpoint": "https://push.example.com/send/abc123",
    "epoch": "e8Xc1vBnZa",
    "expire_seconds": 0,
    "expires_in": 86_400,
    "highlights": [[4, 9]],
    "history": "all",
    "host": "chat.example.org",
    "id": "k9Jd3bWsPf",
    "key": "train-2030-01-01",
    "largest": [],
    "limit": 50,
    "member": BEN,
    "messages": [],
    "name": "Ada Example",
    "new": "a long new passphrase",
    "next_at": NOON,
    "notify": "default",
    "owner": ADA,
    "p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQ",
    "parts": {},
    "password": "a long passphrase",
    "posting": "all",
    "prefix": "esb_h4Tq",
    "q": "train",
    "query": "ada",
    "reacting": "all",
    "read_seq": 41,
    "reason": "This is advertising.",
    "retention_days": 0,
    "role": "member",
    "scope": "messages:read",
    "seq": 42,
    "settings": {},
    "slow_seconds": 0,
    "status": None,
    "text": "The train leaves at noon.",
    "title": "Trains",
    "token": "Wm5kQ0xqVHhSYnVHdEFoUw",
    "types": "message.posted",
    "url": f"{BASE}/invite/Wm5kQ0xqVHhSYnVHdEFoUw",
    "user": BEN,
    "users": f"{ADA},{BEN}",
    "value": "on",
    "version": 42,
    "wait": 50,
    "words": ["advertising"],
    # What is meant by a name in one component only.
    "AnnouncementShape.body": "The server is updated tonight at ten.",
    "Attachment.name": "timetable.pdf",
    "Attachment.type": "application/pdf",
    "Attachment.url": "/api/v1/attachments/k9Jd3bWsPf",
    "Bot.id": BOT,
    "Bot.kind": "bot",
    "Bot.name": "Timetable",
    "ChangeConversationBody.title": "Trains and buses",
    "Conversation.id": GROUP,
    "Conversation.kind": "group",
    "CreateBotCall.name": "Timetable",
    "CreateBotKeyBody.name": "Laptop",
    "CreateKeyCall.name": "Backup script",
    "CreateWebhookBody.name": "Build server",
    "CreatedBot.key": "esb_h4TqWm5kQ0xqVHhSYnVHdEFoU3pYcEx2Tm9DcVJ0",
    "CreatedKey.secret": "esb_h4TqWm5kQ0xqVHhSYnVHdEFoU3pYcEx2Tm9DcVJ0",
    "Event.id": "412-b4Nt6gCkMs",
    "Event.type": "message.posted",
    "EventsCall.after": "412.1893499200000",
    "Key.name": "Backup script",
    "Key.scopes": ["messages:read", "messages:write"],
    "Mention.text": "Ben Example",
    "Message.conversation": GROUP,
    "Problem.code": "not_found",
    "Problem.status": 404,
    "Problem.title": "Not found",
    "Problem.type": "about:blank",
    "Session.kind": "cookie",
    "StartConversation.kind": "group",
    "User.about": "Takes the train at noon.",
    "User.id": ADA,
    "User.kind": "person",
    "Webhook.name": "Build server",
    "Webhook.url": f"{BASE}/hooks/Wm5kQ0xqVHhSYnVHdEFoU3pYcEx2Tm9DcVJ0",
}
"""Values by the name of the field, or of the component and the field."""

ALSO_SENT = {
    "ChangeConversationBody": ("title",),
    "ChangeProfile": ("name",),
    "EventData": ("message",),
    "InviteBody": ("expires_in",),
    "StartConversation": ("title", "members"),
    "Webhook": ("url",),
}
"""Fields that can be left out, and are in the example nevertheless."""


NEVER_NULL = ("Conversation.last_message", "PostAnswer.message")
"""Fields that may be null, of which null would tell nothing."""

TYPES: dict[str, tuple[type[Any], ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}

TIMES = ("_at", "until", "since")
"""How the names of fields end that are times."""


class Examples:
    """Makes an example for each schema; only what it requires is in it, and what tells something."""

    def __init__(self, components: dict[str, Schema]) -> None:
        self._components = components

    def of(self, schema: Schema, name: str = "") -> Any:
        """Return an example.

        Args:
            schema: Of the value.
            name: Of the field, or of the component and the field, that has the value.
        """
        return self._of(schema, name, ())

    def _of(self, schema: Schema, name: str, within: tuple[str, ...]) -> Any:
        component = ref_name(schema)
        schema = resolved(schema, self._components)
        for known in (name, name.rpartition(".")[2]):
            if known in VALUES and _fits(VALUES[known], schema):
                return VALUES[known]
        if choices := schema.get("anyOf") or schema.get("oneOf"):
            return self._of_any(choices, name, within)
        if "allOf" in schema:
            return {k: v for one in schema["allOf"] for k, v in self._of(one, "", within).items()}
        if schema.get("type") == "object":
            return self._object(schema, component, within)
        if schema.get("type") == "array":
            return self._array(schema, name, within)
        return _plain(schema, name)

    def _of_any(self, choices: list[Schema], name: str, within: tuple[str, ...]) -> Any:
        """Return null where it is possible: it says that there is none, as is usual."""
        if {"type": "null"} in choices and name not in NEVER_NULL:
            return None
        return self._of(choices[0], name, within)

    def _object(self, schema: Schema, component: str, within: tuple[str, ...]) -> dict[str, Any]:
        shown = {*schema.get("required", ()), *ALSO_SENT.get(component, ())}
        return {
            name: self._of(about, f"{component}.{name}", (*within, component))
            for name, about in schema.get("properties", {}).items()
            if name in shown
        }

    def _array(self, schema: Schema, name: str, within: tuple[str, ...]) -> list[Any]:
        if "prefixItems" in schema:
            return [self._of(one, name, within) for one in schema["prefixItems"]]
        items = schema.get("items")
        if not isinstance(items, dict) or ref_name(items) in within:
            return []
        one = self._of(items, name.rpartition(".")[2].removesuffix("s"), within)
        return [one] * max(1, schema.get("minItems", 1))


def _fits(value: Any, schema: Schema) -> bool:
    """Whether a value that is known by its name is of the type that is wanted here."""
    if "anyOf" in schema:
        return any(_fits(value, one) for one in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    if "pattern" in schema and not (isinstance(value, str) and re.search(schema["pattern"], value)):
        return False
    return type(value) in TYPES.get(schema.get("type", ""), ())


def _plain(schema: Schema, name: str) -> Any:
    field = name.rpartition(".")[2]
    kind = schema.get("type")
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "boolean":
        return False
    if kind in ("integer", "number"):
        return NOON if field == "at" or field.endswith(TIMES) else schema.get("minimum", 1)
    return "text" if kind == "string" else None
