"""The calls, routes and events of contacts, requests and blocks."""

from echosphere.accounts import Action, permission
from echosphere.api import Declaration, Empty, Event, Operation, delete, get, post, put
from echosphere.contacts.answer_request import AnswerRequest
from echosphere.contacts.block import BlockUser, UnblockUser
from echosphere.contacts.list import list_blocks, list_contacts, list_requests, list_sent_requests
from echosphere.contacts.remove_contact import RemoveContact
from echosphere.contacts.send_request import SendRequestByEmail, SendRequestToUser
from echosphere.contacts.wire import (
    AnswerCall,
    BlockEvent,
    BlocksAnswer,
    ContactAnswer,
    ContactEvent,
    ContactRemovedEvent,
    ContactsAnswer,
    RequestReceivedEvent,
    RequestsAnswer,
    RequestSentEvent,
    RequestWithdrawnEvent,
    SendRequestCall,
    SentRequestClosedEvent,
    SentRequestsAnswer,
    UserCall,
    WithdrawCall,
)
from echosphere.contacts.withdraw_request import WithdrawRequest
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.database import Creation, Database

REQUEST_RATE = Rate("contact-requests", burst=20, every=180)

CONTACT = Event(
    "contact",
    (
        RequestReceivedEvent,
        ContactEvent,
        RequestWithdrawnEvent,
        RequestSentEvent,
        SentRequestClosedEvent,
        ContactRemovedEvent,
        BlockEvent,
    ),
)


class ContactsOperations:
    """The operations under `/contacts` and `/blocks`.

    Args:
        database: Where they are stored.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Declaration]:
        """Return the operations and events."""
        return [
            Operation(self.contacts, get("/contacts")),
            Operation(
                self.send_request,
                post("/contacts"),
                rate=REQUEST_RATE,
                status=202,
                permission=permission(Action.ADD_CONTACTS),
            ),
            Operation(self.remove_contact, delete("/contacts/<user>")),
            Operation(self.requests, get("/contacts/requests")),
            Operation(self.sent_requests, get("/contacts/sent-requests")),
            Operation(self.answer_request, post("/contacts/requests/<request>")),
            Operation(self.withdraw_request, delete("/contacts/sent-requests/<sent>")),
            Operation(self.blocks, get("/blocks")),
            Operation(self.block_user, put("/blocks/<user>")),
            Operation(self.unblock_user, delete("/blocks/<user>")),
            CONTACT,
        ]

    async def contacts(self, caller: Caller, _: Empty) -> ContactsAnswer:
        """List the caller's contacts."""
        return ContactsAnswer(await self._database.read(list_contacts, caller.user_id))

    async def send_request(self, caller: Caller, call: SendRequestCall) -> None:
        """Send a contact request to an address or a user; the answer is always the same."""
        creation = Creation(caller.user_id, "contacts", call.key)
        if isinstance(call.user, str):
            body = call.body if isinstance(call.body, str) else None
            await self._database.write(SendRequestToUser(creation, caller.user_id, call.user, body))
        else:
            await self._database.write(
                SendRequestByEmail(creation, caller.user_id, str(call.email))
            )

    async def sent_requests(self, caller: Caller, _: Empty) -> SentRequestsAnswer:
        """List the caller's own requests that were not accepted."""
        return SentRequestsAnswer(await self._database.read(list_sent_requests, caller.user_id))

    async def withdraw_request(self, caller: Caller, call: WithdrawCall) -> None:
        """Withdraw a request that the caller sent."""
        await self._database.write(WithdrawRequest(caller.user_id, call.sent))

    async def requests(self, caller: Caller, _: Empty) -> RequestsAnswer:
        """List the requests waiting for the caller's answer."""
        return RequestsAnswer(await self._database.read(list_requests, caller.user_id))

    async def answer_request(self, caller: Caller, call: AnswerCall) -> ContactAnswer | None:
        """Accept a request, which returns the new contact, or decline it."""
        contact = await self._database.write(
            AnswerRequest(caller.user_id, call.request, call.accept)
        )
        return None if contact is None else ContactAnswer(contact)

    async def remove_contact(self, caller: Caller, call: UserCall) -> None:
        """Remove a contact, on both sides."""
        await self._database.write(RemoveContact(caller.user_id, call.user))

    async def blocks(self, caller: Caller, _: Empty) -> BlocksAnswer:
        """List the users whom the caller has blocked."""
        return BlocksAnswer(await self._database.read(list_blocks, caller.user_id))

    async def block_user(self, caller: Caller, call: UserCall) -> None:
        """Block a user."""
        await self._database.write(BlockUser(caller.user_id, call.user))

    async def unblock_user(self, caller: Caller, call: UserCall) -> None:
        """Unblock a user."""
        await self._database.write(UnblockUser(caller.user_id, call.user))
