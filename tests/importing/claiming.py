"""Claims of placeholders as tests make them, and what has become of them."""

import asyncio

from sqlalchemy import text

from echosphere.accounts import OPERATOR, confirm_email
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.importing import LinkPlaceholder
from echosphere.importing.people import CLAIM
from echosphere.importing.store import conversations_waiting_for
from tests.importing.imported import rows_of
from tests.importing.story import BEN
from tests.product.conftest import Running
from tests.product.people import Person

Cast = tuple[Person, Person, Person]


class GiveAddress(Command[None]):
    """Give a user an address without confirming it."""

    user: str
    email: str
    confirmed: bool

    def run(self, transaction: Transaction) -> None:
        """Give it."""
        values = {"user": self.user, "email": self.email}
        transaction.execute(
            text("UPDATE users SET email = :email, email_confirmed_at = NULL WHERE id = :user"),
            values,
        )
        if self.confirmed:
            confirm_email(transaction, self.user)


def author_ids(snapshot: Snapshot, conversation: str) -> set[str]:
    """Return the ids of all authors of a conversation."""
    found = rows_of(
        snapshot,
        "SELECT DISTINCT author_id FROM messages WHERE conversation_id = :here AND system IS NULL",
        here=conversation,
    )
    return {row[0] for row in found}


def present_in(snapshot: Snapshot, conversation: str) -> list[str]:
    """Return the ids of all who are members of a conversation now."""
    present = 'SELECT user_id FROM members WHERE conversation_id = :here AND NOT "left"'
    return [row[0] for row in rows_of(snapshot, present, here=conversation)]


def placeholder_of(snapshot: Snapshot, source: str, person: str = BEN.id) -> str:
    """Return the user id of somebody in a source."""
    (row,) = rows_of(
        snapshot,
        "SELECT user_id FROM imported_people WHERE source = :source AND person = :person",
        source=source,
        person=person,
    )
    return str(row[0])


def waiting_claims(snapshot: Snapshot) -> int:
    """Return how many claims have not come to their end."""
    return len(rows_of(snapshot, "SELECT id FROM jobs WHERE kind = :kind", kind=CLAIM))


async def all_claims_done(database: Database) -> None:
    """Wait until no claim is left."""
    async with asyncio.timeout(60):
        while await database.read(waiting_claims):
            await asyncio.sleep(0.02)


async def claimed(running: Running, person: str, account: Person, here: str) -> str:
    """Give an account what somebody wrote; return the id of the placeholder once nothing has it."""
    database = running.application.database
    placeholder = await database.read(placeholder_of, "test", person)
    await database.write(LinkPlaceholder(placeholder, account.id, OPERATOR))
    await nothing_of(running, placeholder, here)
    return placeholder


async def nothing_of(running: Running, placeholder: str, here: str) -> None:
    """Wait until a placeholder is the author of nothing and waits for no membership."""
    database = running.application.database

    async with asyncio.timeout(20):
        while placeholder in await database.read(author_ids, here) or here in await database.read(
            conversations_waiting_for, placeholder
        ):
            await asyncio.sleep(0)
