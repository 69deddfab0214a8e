"""A second owner, so that the first account of a server may close."""

from echosphere.accounts import AccountRole, NewAccount, create_user
from echosphere.database import Database


async def add_owner(database: Database) -> str:
    """Add an owner who never signs in; return the id."""
    account = NewAccount("owner@example.org", "Olga Owner", "")
    return (await database.write(create_user, account, "", AccountRole.OWNER)).id
