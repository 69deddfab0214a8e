"""The operations on the webhooks of a group; what they are sent comes in by `web.py`."""

from echosphere.api import Existing, Operation, delete, get, post
from echosphere.conversations import ConversationCall
from echosphere.core.caller import Caller
from echosphere.core.errors import Gone
from echosphere.database import Creation, Database
from echosphere.webhooks.manage import (
    ChangeWebhookAvatar,
    CreateWebhook,
    RevokeWebhook,
    WebhookTokens,
    list_webhooks,
)
from echosphere.webhooks.webhook import CREATION_RATE, REVOKED
from echosphere.webhooks.wire import (
    CreateWebhookCall,
    OneWebhook,
    WebhookCall,
    Webhooks,
    webhook_shape,
)

PATH = "/conversations/<conversation>/webhooks"


class WebhooksOperations:
    """Serves creating, listing and revoking webhooks.

    Args:
        database: Holds them.
        base_url: The base of their addresses.
        tokens: Derives their tokens.
    """

    def __init__(self, database: Database, base_url: str, tokens: WebhookTokens) -> None:
        self._database = database
        self._base_url = base_url.rstrip("/")
        self._tokens = tokens

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [
            Operation(self.webhooks, get(PATH)),
            Operation(self.create, post(PATH), rate=CREATION_RATE, status=201),
            Operation(self.revoke, delete(f"{PATH}/<webhook>")),
            Operation(self.remove_picture, delete(f"{PATH}/<webhook>/avatar"), rate=CREATION_RATE),
        ]

    async def webhooks(self, caller: Caller, call: ConversationCall) -> Webhooks:
        """List a group's active webhooks, newest first."""
        found = await self._database.read(list_webhooks, caller.user_id, call.conversation)
        return Webhooks([webhook_shape(one) for one in found])

    async def create(self, caller: Caller, call: CreateWebhookCall) -> OneWebhook | Existing:
        """Create a webhook for a group; its address is shown only in this answer.

        To the address, without a key, JSON (`{"text": "…", "key": "…"}`) or plain text is posted, what
        other services send, or `multipart/form-data` with `text` and up to ten files in fields `file`.
        """
        creation = Creation(caller.user_id, f"webhooks {call.conversation}", call.key)
        command = CreateWebhook(creation, caller.user_id, call.conversation, call.name)
        created = await self._database.write(command)
        usable = await self._database.read(list_webhooks, caller.user_id, call.conversation)
        found = next((one for one in usable if one.id == created.id), None)
        if found is None:  # a repeated call, after it was revoked
            raise Gone(REVOKED)
        url = f"{self._base_url}/hooks/{self._tokens.token_of(found.id)}"
        one = OneWebhook(webhook_shape(found, url))
        return one if created.new else Existing(one)

    async def revoke(self, caller: Caller, call: WebhookCall) -> None:
        """Revoke a group's webhook; its messages stay."""
        await self._database.write(RevokeWebhook(caller.user_id, call.conversation, call.webhook))

    async def remove_picture(self, caller: Caller, call: WebhookCall) -> OneWebhook:
        """Remove a webhook's picture."""
        here, webhook = call.conversation, call.webhook
        command = ChangeWebhookAvatar(caller.user_id, here, webhook, None)
        return OneWebhook(webhook_shape(await self._database.write(command)))
