"""Group pictures over HTTP: uploading one, and the one on an invite."""

from quart import Response, request

from echosphere.avatars import AvatarRoutes
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.core.rate_limits import RateLimiter, address_key
from echosphere.database import Database
from echosphere.memberships.groups.change import ChangeGroupAvatar, require_group_editor
from echosphere.memberships.inbox.list import get_conversation
from echosphere.memberships.invites.join import get_invite_card
from echosphere.memberships.limits import INVITE_VIEW_RATE
from echosphere.memberships.wire.conversations import OneConversation, conversation_shape
from echosphere.web import Api


class GroupPictures:
    """Serves group pictures.

    Args:
        database: Where groups and invites are stored.
        rate_limiter: Limits views of invites by IP address.
        avatars: Receives and serves pictures.
    """

    def __init__(
        self, database: Database, rate_limiter: RateLimiter, avatars: AvatarRoutes
    ) -> None:
        self._database = database
        self._rate_limiter = rate_limiter
        self._avatars = avatars

    def serve(self, api: Api) -> None:
        """Add the routes."""
        avatar = "/conversations/<conversation>/avatar"
        api.put(avatar, self.set_avatar, answer=OneConversation, upload=True)
        api.get("/invites/<token>/avatar", self.invite_avatar, anonymous=True)

    async def set_avatar(self, caller: Caller, conversation: str) -> OneConversation:
        """Set a group's picture; it is cropped to a square in the middle."""
        await self._database.read(require_group_editor, caller.user_id, conversation)
        async with self._avatars.receive(caller) as avatar:
            command = ChangeGroupAvatar(caller.user_id, conversation, avatar)
            await self._database.write(command)
        found = await self._database.read(get_conversation, caller.user_id, conversation)
        return OneConversation(conversation_shape(found))

    async def invite_avatar(self, token: str) -> Response:
        """Return the picture of an invite's group."""
        self._rate_limiter.take(INVITE_VIEW_RATE, address_key(request.remote_addr or ""))
        found = await self._database.read(get_invite_card, token, None)
        if found.conversation is None or found.conversation.avatar is None:
            raise NotFound("The group has no picture.")
        return await self._avatars.avatar_response(found.conversation.avatar)
