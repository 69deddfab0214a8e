"""What is served of contacts, requests and blocks."""

from collections.abc import Callable

from echosphere.api import Declaration, Empty, Event, Operation, delete, get, post, put
from echosphere.contacts.answer import answer
from echosphere.contacts.ask import ask
from echosphere.contacts.block import HowKnown, block, unblock
from echosphere.contacts.list import list_blocks, list_contacts, list_requests, list_sent_requests
from echosphere.contacts.remove import remove
from echosphere.contacts.wire import (
    AnswerCall,
    AskContact,
    BlockEvent,
    BlocksAnswer,
    ContactAnswer,
    ContactEvent,
    ContactsAnswer,
    RemovedEvent,
    RequestEvent,
    RequestsAnswer,
    SentEvent,
    SentRequestsAnswer,
    UnsentEvent,
    UserCall,
    WithdrawCall,
    WithdrawnEvent,
)
from echosphere.contacts.withdraw import withdraw
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.database import Creation, Database, Transaction, once

AskPerson = Callable[[Transaction, str, str, str | None], None]
"""Asks a person, with a first message; `people/`, which knows who sees whom, has it."""

REQUEST_RATE = Rate("contact-requests", burst=20, every=180)

CONTACT = Event(
    "contact",
    (
        RequestEvent,
        ContactEvent,
        WithdrawnEvent,
        SentEvent,
        UnsentEvent,
        RemovedEvent,
        BlockEvent,
    ),
)


class ContactsOperations:
    """The operations under `/contacts` and `/blocks`.

    Args:
        database: Where the contacts are.
        ask_person: Asks somebody of a shared group, or of the directory.
        how_known: How a person knows another.
    """

    def __init__(self, database: Database, ask_person: AskPerson, how_known: HowKnown) -> None:
        self._database = database
        self._ask_person = ask_person
        self._how_known = how_known

    def all(self) -> list[Declaration]:
        """Return what is served and sent."""
        return [
            Operation(self.contacts, get("/contacts")),
            Operation(self.ask, post("/contacts"), rate=REQUEST_RATE, status=202),
            Operation(self.remove, delete("/contacts/<user>")),
            Operation(self.requests, get("/contacts/requests")),
            Operation(self.sent, get("/contacts/sent-requests")),
            Operation(self.answer, post("/contacts/requests/<request>")),
            Operation(self.withdraw, delete("/contacts/sent-requests/<sent>")),
            Operation(self.blocks, get("/blocks")),
            Operation(self.block, put("/blocks/<user>")),
            Operation(self.unblock, delete("/blocks/<user>")),
            CONTACT,
        ]

    async def contacts(self, caller: Caller, _: Empty) -> ContactsAnswer:
        """List the caller's contacts."""
        return ContactsAnswer(await self._database.read(list_contacts, caller.user_id))

    async def ask(self, caller: Caller, call: AskContact) -> None:
        """Ask an address or a fellow member to become a contact; the answer is always the same."""
        wish = Creation(caller.user_id, "contacts", call.key)
        if isinstance(call.user, str):
            body = call.body if isinstance(call.body, str) else None
            await self._database.write(
                once, wish, self._ask_person, caller.user_id, call.user, body
            )
        else:
            await self._database.write(once, wish, ask, caller.user_id, str(call.email))

    async def sent(self, caller: Caller, _: Empty) -> SentRequestsAnswer:
        """List the requests that the caller sent and that were not accepted."""
        return SentRequestsAnswer(await self._database.read(list_sent_requests, caller.user_id))

    async def withdraw(self, caller: Caller, call: WithdrawCall) -> None:
        """Take back a request that the caller sent."""
        await self._database.write(withdraw, caller.user_id, call.sent)

    async def requests(self, caller: Caller, _: Empty) -> RequestsAnswer:
        """List the requests that wait for the caller's answer."""
        return RequestsAnswer(await self._database.read(list_requests, caller.user_id))

    async def answer(self, caller: Caller, call: AnswerCall) -> ContactAnswer | None:
        """Accept a request, which answers the new contact, or decline it."""
        contact = await self._database.write(answer, caller.user_id, call.request, call.accept)
        return None if contact is None else ContactAnswer(contact)

    async def remove(self, caller: Caller, call: UserCall) -> None:
        """Remove a contact, on both sides."""
        await self._database.write(remove, caller.user_id, call.user)

    async def blocks(self, caller: Caller, _: Empty) -> BlocksAnswer:
        """List the people whom the caller has blocked."""
        return BlocksAnswer(await self._database.read(list_blocks, caller.user_id))

    async def block(self, caller: Caller, call: UserCall) -> None:
        """Block a person."""
        await self._database.write(block, caller.user_id, call.user, self._how_known)

    async def unblock(self, caller: Caller, call: UserCall) -> None:
        """Unblock a person."""
        await self._database.write(unblock, caller.user_id, call.user)
