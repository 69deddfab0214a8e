"""Groups over REST: starting, members, roles, invites."""

from collections.abc import Callable
from functools import partial

from quart import Response, request

from echosphere.avatars import AvatarDoor
from echosphere.caller import Caller
from echosphere.conversations import Role, StartConversation, start_direct
from echosphere.database import Creation, Database, once
from echosphere.errors import Gone, NotFound
from echosphere.groups.add import Shown, add_member
from echosphere.groups.appoint import appoint
from echosphere.groups.change import change_conversation, change_group_avatar, require_may_change
from echosphere.groups.found import found_group
from echosphere.groups.invite import NO_LONGER, InviteTerms
from echosphere.groups.inviting import list_invites, make_invite, revoke_invite
from echosphere.groups.join import find_group_of, get_invite_card, join_group
from echosphere.groups.leave import remove_member
from echosphere.groups.limits import (
    CHANGE_RATE,
    INVITES_RATE,
    JOIN_RATE,
    LOOK_RATE,
    MEMBERS_RATE,
    START_RATE,
)
from echosphere.groups.wire import (
    AddMember,
    ChangeRole,
    ConversationChanges,
    Invites,
    MakeInvite,
    OneInvite,
    OneInviteCard,
    OneMember,
    invite_card_shape,
    invite_shape,
    member_shape,
)
from echosphere.ids import new_token, repeatable_token
from echosphere.inbox import OneConversation, conversation_shape, get_conversation
from echosphere.limits import Limits, address_key
from echosphere.web import Api, Json

CONVERSATION = "/conversations/<conversation>"
MEMBER = f"{CONVERSATION}/members/<user>"


class GroupsApi:
    """Serves what groups have beyond other conversations.

    Args:
        database: Where they are.
        limits: How often somebody may change them.
        avatars: Takes in and serves pictures.
        base_url: What links that people send each other begin with.
        secret: Makes the tokens of invites that may be asked for again.
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
        self._secret = secret

    def serve(self, api: Api) -> None:
        """Add the routes."""
        one = OneConversation
        api.post("/conversations", self.start, body=StartConversation, answer=one, status=201)
        api.patch(CONVERSATION, self.change, body=ConversationChanges, answer=one)
        api.put(f"{CONVERSATION}/avatar", self.set_avatar, answer=one, upload=True)
        api.delete(f"{CONVERSATION}/avatar", self.remove_avatar, answer=one)
        members = f"{CONVERSATION}/members"
        api.post(members, self.add, body=AddMember, answer=OneMember, status=201)
        api.patch(MEMBER, self.appoint, body=ChangeRole, answer=OneMember)
        api.delete(MEMBER, self.remove, status=204)
        invites = f"{CONVERSATION}/invites"
        api.get(invites, self.invites, answer=Invites)
        api.post(invites, self.invite, body=MakeInvite, answer=OneInvite, status=201)
        api.delete(f"{invites}/<invite>", self.revoke, status=204)
        api.get("/invites/<token>", self.invite_card, answer=OneInviteCard)
        api.post("/invites/<token>", self.join, answer=one, status=201)
        api.get("/invites/<token>/avatar", self.invite_avatar, anonymous=True)

    async def start(self, caller: Caller, body: StartConversation) -> Response:
        """Start a direct conversation or a group; an existing direct one is returned with 200."""
        self.limits.take(START_RATE, caller.user)
        if body.kind == "direct":
            body.require("user")  # two people have one: it needs no key to be found again
            user = str(body.user)
            conversation, new = await self.database.write(start_direct, caller.user, user)
        else:
            conversation, new = await self._start_group(caller, body)
        return Json.of(await self._one(caller, conversation), 201 if new else 200)

    async def _start_group(self, caller: Caller, body: StartConversation) -> tuple[str, bool]:
        body.require("title", "members")
        people = body.members if isinstance(body.members, list) else []
        wish = Creation(caller.user, "conversations", body.key)
        title = str(body.title)
        made = await self.database.write(once, wish, found_group, caller.user, title, people)
        return made.id, made.new

    async def change(
        self, caller: Caller, body: ConversationChanges, conversation: str
    ) -> OneConversation:
        """Change a group's title or history setting, or what the caller keeps about it."""
        if body.shared():
            self.limits.take(CHANGE_RATE, caller.user)
        await self.database.write_in(
            conversation,
            change_conversation,
            caller.user,
            conversation,
            body.shared(),
            body.own(),
        )
        return await self._one(caller, conversation)

    async def set_avatar(self, caller: Caller, conversation: str) -> OneConversation:
        """Set a group's picture; its middle is cut out as a square."""
        await self.database.read(require_may_change, caller.user, conversation)
        async with self._avatars.received(caller) as avatar:
            await self._change_avatar(caller, conversation, avatar)
        return await self._one(caller, conversation)

    async def remove_avatar(self, caller: Caller, conversation: str) -> OneConversation:
        """Remove a group's picture."""
        self.limits.take(CHANGE_RATE, caller.user)
        await self._change_avatar(caller, conversation, None)
        return await self._one(caller, conversation)

    async def add(self, caller: Caller, body: AddMember, conversation: str) -> Response:
        """Add a contact to a group; 200 instead of 201 when they are a member already."""
        self.limits.take(MEMBERS_RATE, caller.user)
        added = await self.database.write_in(
            conversation, add_member, caller.user, conversation, body.user
        )
        return Json.of(_one_member(added), 201 if added.new else 200)

    async def appoint(
        self, caller: Caller, body: ChangeRole, conversation: str, user: str
    ) -> OneMember:
        """Give a member a role; `owner` hands the group over."""
        self.limits.take(MEMBERS_RATE, caller.user)
        changed = await self.database.write_in(
            conversation, appoint, caller.user, conversation, user, Role(body.role)
        )
        return _one_member(changed)

    async def remove(self, caller: Caller, conversation: str, user: str) -> None:
        """Remove a member from a group, or leave it."""
        self.limits.take(MEMBERS_RATE, caller.user)
        await self.database.write_in(conversation, remove_member, caller.user, conversation, user)

    async def invites(self, caller: Caller, conversation: str) -> Invites:
        """List the invites to a group that can be used, the newest first."""
        found = await self.database.read(list_invites, caller.user, conversation)
        return Invites([invite_shape(invite) for invite in found])

    async def invite(self, caller: Caller, body: MakeInvite, conversation: str) -> Response:
        """Make an invite to a group; its link is told only in this answer."""
        self.limits.take(INVITES_RATE, caller.user)
        token_of = self._tokens(body.key)
        made = await self.database.write_in(
            conversation,
            once,
            Creation(caller.user, f"invites {conversation}", body.key),
            make_invite,
            caller.user,
            conversation,
            InviteTerms(body.expires_in, body.max_uses),
            token_of,
        )
        usable = await self.database.read(list_invites, caller.user, conversation)
        invite = next((one for one in usable if one.id == made.id), None)
        if invite is None:  # a repeat, after it was revoked or used up
            raise Gone(NO_LONGER)
        token = token_of(invite.id)
        shape = invite_shape(invite, token, f"{self._base_url}/join/{token}")
        return Json.of(OneInvite(shape), made.status)

    def _tokens(self, key: str | None) -> Callable[[str], str]:
        """Return what makes the token of an invite: the same one again for the same key."""
        if key is None:
            token = new_token()
            return lambda _invite: token
        return partial(_repeatable, self._secret, key)

    async def revoke(self, caller: Caller, conversation: str, invite: str) -> None:
        """Revoke an invite to a group."""
        await self.database.write_in(conversation, revoke_invite, caller.user, conversation, invite)

    async def invite_card(self, caller: Caller, token: str) -> OneInviteCard:
        """Show to which group an invite leads."""
        found = await self.database.read(get_invite_card, token, caller.user)
        return OneInviteCard(
            invite_card_shape(found, avatar_address(token, found.conversation.avatar))
        )

    async def join(self, caller: Caller, token: str) -> Response:
        """Join a group by an invite; 200 instead of 201 for its members."""
        conversation, new = await self.let_in(caller, token)
        return Json.of(await self._one(caller, conversation), 201 if new else 200)

    async def invite_avatar(self, token: str) -> Response:
        """Return the picture of the group to which an invite leads."""
        self.limits.take(LOOK_RATE, address_key(request.remote_addr or ""))
        found = await self.database.read(get_invite_card, token, None)
        if found.conversation.avatar is None:
            raise NotFound("The group has no picture.")
        return await self._avatars.picture_at(found.conversation.avatar)

    async def let_in(self, caller: Caller, token: str) -> tuple[str, bool]:
        """Join the group to which a token leads; return its id, and whether that is new.

        Raises:
            Gone: The invite is not valid (any more).
            Forbidden: The caller was removed from the group.
            Conflict: The group is full.
            TooMany: The caller has joined too many groups just now.
        """
        self.limits.take(JOIN_RATE, caller.user)
        conversation = await self.database.read(find_group_of, token)
        group, new = await self.database.write_in(conversation, join_group, caller.user, token)
        return group.id, new

    async def _change_avatar(self, caller: Caller, conversation: str, avatar: str | None) -> None:
        await self.database.write_in(
            conversation, change_group_avatar, caller.user, conversation, avatar
        )

    async def _one(self, caller: Caller, conversation: str) -> OneConversation:
        found = await self.database.read(get_conversation, caller.user, conversation)
        return OneConversation(conversation_shape(found))


def _repeatable(secret: str, key: str, invite: str) -> str:
    return repeatable_token(secret, "invite", invite, key)


def avatar_address(token: str, avatar: str | None) -> str | None:
    """Return where the holder of a token finds the group's picture, if it has one."""
    return None if avatar is None else f"/api/v1/invites/{token}/avatar"


def _one_member(shown: Shown) -> OneMember:
    return OneMember(member_shape(shown.member, shown.user))
