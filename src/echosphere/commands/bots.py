"""`echosphere bot`: makes bots."""

from typing import Annotated

from msgspec import Meta

from echosphere.accounts import AccountRole, list_users
from echosphere.api_keys import KeySecrets, list_keys
from echosphere.app import Application
from echosphere.bots import CreateBot
from echosphere.commands.users import find_id
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Creation, Snapshot
from echosphere.wire import Request, Shape

NO_OWNER = "This server has no owner yet. Name the owner of the bot with --owner."
Line = Annotated[str, Meta(max_length=1_100)]


class CreateBotCall(Request, frozen=True):
    """A bot to make, and whose it is, by an address or id: by default the server's first owner."""

    name: Line
    owner: Line | None = None


class MadeBot(Shape, frozen=True):
    """A new bot with its key: it is told in this answer only."""

    bot: str
    name: str
    key: str


async def create(application: Application, operator: Caller, call: CreateBotCall) -> MadeBot:
    """Make a bot of someone."""
    owner = await application.database.read(_owner_of, call.owner)
    creation = Creation(owner, "bots", None)
    command = CreateBot(creation, operator, owner, call.name)
    made = await application.database.write(command)
    (key,) = await application.database.read(list_keys, made.id)
    secrets = KeySecrets(application.settings.secret_key)
    return MadeBot(made.id, call.name, secrets.key_of(key.id))


def _owner_of(snapshot: Snapshot, given: str | None) -> str:
    if given is not None:
        return find_id(snapshot, given)
    owners = [one.id for one in list_users(snapshot) if one.role == AccountRole.OWNER]
    if not owners:
        raise NotFound(NO_OWNER)
    return owners[0]
