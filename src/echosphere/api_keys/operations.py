"""The operations on the caller's keys; none of them can be done with a key."""

from echosphere.api import Declaration, Empty, Existing, Operation, delete, get, post
from echosphere.api_keys.api_key import CREATION_RATE, REVOKED
from echosphere.api_keys.manage import CreateKey, KeySecrets, RevokeKey, list_keys
from echosphere.api_keys.wire import CreatedKey, CreateKeyCall, KeyCall, Keys, key_shape
from echosphere.core.caller import Caller
from echosphere.core.errors import Gone
from echosphere.database import Creation, Database

OWN = "/me/keys"


class KeysOperations:
    """Serves creating, listing and revoking keys.

    Args:
        database: Holds them.
        secrets: Derives them.
    """

    def __init__(self, database: Database, secrets: KeySecrets) -> None:
        self._database = database
        self._secrets = secrets

    def all(self) -> list[Declaration]:
        """Return the operations."""
        return [
            Operation(self.keys, get(OWN)),
            Operation(self.create, post(OWN), rate=CREATION_RATE, status=201),
            Operation(self.revoke, delete(f"{OWN}/<api_key>")),
        ]

    async def keys(self, caller: Caller, _: Empty) -> Keys:
        """List the caller's keys, including expired ones, newest first."""
        found = await self._database.read(list_keys, caller.user_id)
        return Keys([key_shape(key) for key in found])

    async def create(self, caller: Caller, call: CreateKeyCall) -> CreatedKey | Existing:
        """Create a key with which a program acts for the caller; asks for a fresh proof."""
        creation = Creation(caller.user_id, "keys", call.key)
        command = CreateKey(creation, caller, call.name, frozenset(call.scopes), call.expires_at)
        made = await self._database.write(command)
        found = await self._database.read(list_keys, caller.user_id)
        key = next((one for one in found if one.id == made.id), None)
        if key is None:  # a repeated call, after it was revoked
            raise Gone(REVOKED)
        created = CreatedKey(key_shape(key), self._secrets.key_of(key.id))
        return created if made.new else Existing(created)

    async def revoke(self, caller: Caller, call: KeyCall) -> None:
        """Revoke a key of the caller; programs that use it are rejected from now on."""
        await self._database.write(RevokeKey(caller, call.api_key))
