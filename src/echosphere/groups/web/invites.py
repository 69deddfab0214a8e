"""Invites over REST: to a group, and those of a person, which make contacts."""

from functools import partial

from quart import Response, request

from echosphere.avatars import AvatarDoor
from echosphere.caller import Caller
from echosphere.database import Creation, Database, once
from echosphere.errors import Gone, NotFound
from echosphere.groups.invite import NO_LONGER, Invite, InviteTerms
from echosphere.groups.inviting import list_invites, make_invite, revoke_invite
from echosphere.groups.join import accept_invite, find_group_of, get_invite_card
from echosphere.groups.limits import INVITES_RATE, JOIN_RATE, LOOK_RATE
from echosphere.groups.personal import make_personal_invite, revoke_personal_invite
from echosphere.groups.store import personal_invites_of
from echosphere.groups.wire import (
    Invites,
    InviteShape,
    MakeInvite,
    OneInvite,
    OneInviteCard,
    invite_card_shape,
    invite_shape,
)
from echosphere.ids import repeatable_token, token_hash
from echosphere.inbox import OneConversation, conversation_shape, get_conversation
from echosphere.limits import Limits, address_key
from echosphere.web import Api, Json

TO_GROUP = "/conversations/<conversation>/invites"
OWN = "/me/invites"


class InvitesApi:
    """Serves what makes, shows and uses invites.

    Args:
        database: Where they are.
        limits: How often somebody may do so.
        avatars: Serves the pictures of groups.
        base_url: What links that people send each other begin with.
        secret: Makes the tokens, so that their makers can be shown them again.
    """

    def __init__(
        self,
        database: Database,
        limits: Limits,
        avatars: AvatarDoor,
        *,
        base_url: str,
        secret: str,
    ) -> None:
        self.database = database
        self.limits = limits
        self._avatars = avatars
        self._base_url = base_url.rstrip("/")
        self._token_of = partial(_token_of, secret)

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.get(TO_GROUP, self.invites, answer=Invites)
        api.post(TO_GROUP, self.invite, body=MakeInvite, answer=OneInvite, status=201)
        api.delete(f"{TO_GROUP}/<invite>", self.revoke, status=204)
        api.get(OWN, self.own_invites, answer=Invites)
        api.post(OWN, self.invite_personally, body=MakeInvite, answer=OneInvite, status=201)
        api.delete(f"{OWN}/<own_invite>", self.revoke_own, status=204)
        api.get("/invites/<token>", self.invite_card, answer=OneInviteCard)
        api.post("/invites/<token>", self.join, answer=OneConversation, status=201)
        api.get("/invites/<token>/avatar", self.invite_avatar, anonymous=True)

    async def invites(self, caller: Caller, conversation: str) -> Invites:
        """List the invites to a group that can be used, the newest first."""
        found = await self.database.read(list_invites, caller.user, conversation)
        return Invites([self._shape(caller, invite) for invite in found])

    async def invite(self, caller: Caller, body: MakeInvite, conversation: str) -> Response:
        """Make an invite to a group; its maker is shown the link as long as it lives."""
        self.limits.take(INVITES_RATE, caller.user)
        made = await self.database.write_in(
            conversation,
            once,
            Creation(caller.user, f"invites {conversation}", body.key),
            make_invite,
            caller.user,
            conversation,
            InviteTerms(body.expires_in, body.max_uses),
            self._token_of,
        )
        usable = await self.database.read(list_invites, caller.user, conversation)
        return Json.of(self._one_of(caller, usable, made.id), made.status)

    async def revoke(self, caller: Caller, conversation: str, invite: str) -> None:
        """Revoke an invite to a group."""
        await self.database.write_in(conversation, revoke_invite, caller.user, conversation, invite)

    async def own_invites(self, caller: Caller) -> Invites:
        """List the invites by which people become the caller's contacts, the newest first."""
        found = await self.database.read(personal_invites_of, caller.user)
        return Invites([self._shape(caller, invite) for invite in found])

    async def invite_personally(self, caller: Caller, body: MakeInvite) -> Response:
        """Make an invite by which people become the caller's contacts at once."""
        self.limits.take(INVITES_RATE, caller.user)
        made = await self.database.write(
            once,
            Creation(caller.user, "own invites", body.key),
            make_personal_invite,
            caller.user,
            InviteTerms(body.expires_in, body.max_uses),
            self._token_of,
        )
        usable = await self.database.read(personal_invites_of, caller.user)
        return Json.of(self._one_of(caller, usable, made.id), made.status)

    async def revoke_own(self, caller: Caller, own_invite: str) -> None:
        """Revoke an invite by which people become the caller's contacts."""
        await self.database.write(revoke_personal_invite, caller.user, own_invite)

    async def invite_card(self, caller: Caller, token: str) -> OneInviteCard:
        """Show to which group or person an invite leads."""
        found = await self.database.read(get_invite_card, token, caller.user)
        avatar = None if found.conversation is None else found.conversation.avatar
        return OneInviteCard(invite_card_shape(found, avatar_address(token, avatar)))

    async def join(self, caller: Caller, token: str) -> Response:
        """Join a group or become a contact by an invite; 200 instead of 201 for who is in."""
        conversation, new = await self.let_in(caller.user, token)
        found = await self.database.read(get_conversation, caller.user, conversation)
        return Json.of(OneConversation(conversation_shape(found)), 201 if new else 200)

    async def invite_avatar(self, token: str) -> Response:
        """Return the picture of the group to which an invite leads."""
        self.limits.take(LOOK_RATE, address_key(request.remote_addr or ""))
        found = await self.database.read(get_invite_card, token, None)
        if found.conversation is None or found.conversation.avatar is None:
            raise NotFound("The group has no picture.")
        return await self._avatars.picture_at(found.conversation.avatar)

    async def let_in(self, user: str, token: str) -> tuple[str, bool]:
        """Use an invite; return the id of the conversation to which it leads, and if that is new.

        Raises:
            Gone: The invite is not valid (any more).
            Forbidden: The person was removed from the group.
            Conflict: The group is full, or it is the person's own invite.
            TooMany: The person has used too many just now.
        """
        self.limits.take(JOIN_RATE, user)
        group = await self.database.read(find_group_of, token)
        if group is None:
            return await self.database.write(accept_invite, user, token)
        return await self.database.write_in(group, accept_invite, user, token)

    def _one_of(self, caller: Caller, usable: list[Invite], made: str) -> OneInvite:
        invite = next((one for one in usable if one.id == made), None)
        if invite is None:  # a repeat, after it was revoked or used up
            raise Gone(NO_LONGER)
        return OneInvite(self._shape(caller, invite))

    def _shape(self, caller: Caller, invite: Invite) -> InviteShape:
        """Return an invite, with its link for its maker."""
        token = self._token_of(invite.id)
        # An older one had a random token, and so has one from before a change of the secret.
        known = invite.created_by == caller.user and token_hash(token) == invite.token_hash
        if not known:
            return invite_shape(invite)
        return invite_shape(invite, token, f"{self._base_url}/join/{token}")


def _token_of(secret: str, invite: str) -> str:
    return repeatable_token(secret, "invite", invite, "")


def avatar_address(token: str, avatar: str | None) -> str | None:
    """Return where the holder of a token finds the group's picture, if it has one."""
    return None if avatar is None else f"/api/v1/invites/{token}/avatar"
