"""Contacts over REST."""

from collections.abc import Callable

from quart import Response

from echosphere.caller import Caller
from echosphere.contacts.answer import answer
from echosphere.contacts.ask import ask
from echosphere.contacts.block import MayBlock, block, unblock
from echosphere.contacts.list import list_blocks, list_contacts, list_requests, list_sent_requests
from echosphere.contacts.remove import remove
from echosphere.contacts.wire import (
    AnswerRequest,
    AskContact,
    BlocksAnswer,
    ContactAnswer,
    ContactsAnswer,
    RequestsAnswer,
    SentRequestsAnswer,
)
from echosphere.contacts.withdraw import withdraw
from echosphere.database import Creation, Database, Transaction, once
from echosphere.limits import Limits, Rate
from echosphere.web import Api

AskPerson = Callable[[Transaction, str, str, str | None], None]
"""Asks a person, with a first message; `people/`, which knows who sees whom, has it."""

REQUESTS = Rate("contact-requests", burst=20, every=180)


class ContactsApi:
    """The calls under `/contacts` and `/blocks`.

    Args:
        database: Where the contacts are.
        limits: Counts the requests of each person.
        ask_person: Asks somebody of a shared group.
        may_block: Whether somebody may block another.
    """

    def __init__(
        self, database: Database, limits: Limits, ask_person: AskPerson, may_block: MayBlock
    ) -> None:
        self._database = database
        self._limits = limits
        self._ask_person = ask_person
        self._may_block = may_block

    def serve(self, api: Api) -> None:
        """Add the calls to the interface."""
        api.get("/contacts", self.contacts, answer=ContactsAnswer)
        api.post("/contacts", self.ask, body=AskContact, status=202)
        api.get("/contacts/requests", self.requests, answer=RequestsAnswer)
        api.get("/contacts/sent-requests", self.sent, answer=SentRequestsAnswer)
        api.post(
            "/contacts/requests/<request>", self.answer, body=AnswerRequest, answer=ContactAnswer
        )
        api.delete("/contacts/sent-requests/<sent>", self.withdraw, status=204)
        api.delete("/contacts/<user>", self.remove, status=204)
        api.get("/blocks", self.blocks, answer=BlocksAnswer)
        api.put("/blocks/<user>", self.block, status=204)
        api.delete("/blocks/<user>", self.unblock, status=204)

    async def contacts(self, caller: Caller) -> ContactsAnswer:
        """List the caller's contacts."""
        return ContactsAnswer(await self._database.read(list_contacts, caller.user))

    async def ask(self, caller: Caller, given: AskContact) -> Response:
        """Ask an address or a fellow member to become a contact; the answer is always the same."""
        given.require_one()
        self._limits.take(REQUESTS, caller.user)
        wish = Creation(caller.user, "contacts", given.key)
        if isinstance(given.user, str):
            body = given.body if isinstance(given.body, str) else None
            await self._database.write(once, wish, self._ask_person, caller.user, given.user, body)
        else:
            await self._database.write(once, wish, ask, caller.user, str(given.email))
        return Response(b"{}", status=202, content_type="application/json")

    async def sent(self, caller: Caller) -> SentRequestsAnswer:
        """List the requests that the caller sent and that were not accepted."""
        return SentRequestsAnswer(await self._database.read(list_sent_requests, caller.user))

    async def withdraw(self, caller: Caller, sent: str) -> None:
        """Take back a request that the caller sent."""
        await self._database.write(withdraw, caller.user, sent)

    async def requests(self, caller: Caller) -> RequestsAnswer:
        """List the requests that wait for the caller's answer."""
        return RequestsAnswer(await self._database.read(list_requests, caller.user))

    async def answer(
        self, caller: Caller, given: AnswerRequest, request: str
    ) -> ContactAnswer | None:
        """Accept a request, which answers the new contact, or decline it."""
        contact = await self._database.write(answer, caller.user, request, given.accept)
        return None if contact is None else ContactAnswer(contact)

    async def remove(self, caller: Caller, user: str) -> None:
        """Remove a contact, on both sides."""
        await self._database.write(remove, caller.user, user)

    async def blocks(self, caller: Caller) -> BlocksAnswer:
        """List the people whom the caller has blocked."""
        return BlocksAnswer(await self._database.read(list_blocks, caller.user))

    async def block(self, caller: Caller, user: str) -> None:
        """Block a person."""
        await self._database.write(block, caller.user, user, self._may_block)

    async def unblock(self, caller: Caller, user: str) -> None:
        """Unblock a person."""
        await self._database.write(unblock, caller.user, user)
