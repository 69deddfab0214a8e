"""The contents of a download: everything that reading operations show to its owner.

A test holds that every one of them is named here, in it or left out.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Forbidden, Gone, NotFound

Read = Callable[..., Awaitable[Any]]
"""Runs the operation that reads a path, as REST does: `await read(caller, path, **fields)`."""

CONVERSATIONS = "/conversations"
CONVERSATION = "/conversations/<conversation>"
HISTORY = f"{CONVERSATION}/messages"
MESSAGE = f"{HISTORY}/<seq>"
VERSIONS = f"{MESSAGE}/versions"
HELD = f"{CONVERSATION}/held"
SAVED = "/saved"
HIDDEN = "/hidden"

DOCUMENTS = {
    "profile": "/me",
    "devices": "/sessions",
    "security-events": "/me/security-events",
    "second-factor": "/me/second-factor",
    "sign-in-services": "/me/sign-in-services",
    "storage": "/me/storage",
    "contacts": "/contacts",
    "contact-requests": "/contacts/requests",
    "sent-contact-requests": "/contacts/sent-requests",
    "blocked": "/blocks",
    "invites": "/me/invites",
    "server-invites": "/server/invites",
    "api-keys": "/me/keys",
    "bots": "/bots",
    "reports": "/me/reports",
    "decisions": "/me/decisions",
    "account-history": "/me/audit",
    "announcements": "/announcements",
    "conversations": CONVERSATIONS,
}
"""Documents of the whole account, by the names of their files."""

OF_CONVERSATION = {
    "held": HELD,
    "filter": f"{CONVERSATION}/filter",
    "banned": f"{CONVERSATION}/banned",
    "invites": f"{CONVERSATION}/invites",
    "webhooks": f"{CONVERSATION}/webhooks",
    "bots": f"{CONVERSATION}/bots",
}
"""Further documents of a conversation; left out where its owner may not read them."""

LEFT_OUT = {
    "/me/export": "the download itself",
    "/bots/<bot>/endpoints": "where programs of bots are",
    "/bots/<bot>/endpoints/<bot_endpoint>/deliveries": "how their events were delivered",
    "/events": "what bots hear of, and nobody else",
    f"{CONVERSATION}/commands": "of bots that are there at the moment",
    "/me/passkey-options": "a challenge, used once",
    "/sessions/current/proof": "a challenge, used once",
    "/server/registration": "a setting of the server",
    "/server/checklist": "the server's, for administrators",
    "/server/approvals": "other people, for administrators",
    "/directory": "other people",
    "/presence": "who is there at the moment",
    "/users/<user>": "each is with the contacts and members",
    "/search": "finds what is in the histories",
    "/sync": "the same as conversations and histories",
    "/notifications/key": "a key of the server",
    "/invites/<token>": "somebody else's invite",
    f"{CONVERSATION}/members": "with the conversation",
    f"{CONVERSATION}/pins": "messages say that they are pinned",
    f"{CONVERSATION}/files": "with their messages",
    f"{MESSAGE}/receipts": "the members' positions say it",
    f"{MESSAGE}/notification": "an explanation, not kept",
}
"""Operations that read and whose answers are no part of it, with the reason."""


class OwnData:
    """Reads what one user may see, by the operations that REST serves."""

    def __init__(self, read: Read, caller: Caller) -> None:
        self._read = read
        self._caller = caller

    async def find(self, path: str, **fields: Any) -> Any:
        """Return the answer of an operation; None where REST would refuse it to the user."""
        try:
            return await self._read(self._caller, path, **fields)
        except (Conflict, Forbidden, Gone, NotFound):
            return None
