"""Groups over REST: starting, members, roles."""

from quart import Response

from echosphere.avatars import AvatarDoor
from echosphere.caller import Caller
from echosphere.conversations import Role, StartConversation, start_direct
from echosphere.database import Creation, Database, once
from echosphere.groups.add import Shown, add_member
from echosphere.groups.appoint import appoint
from echosphere.groups.change import change_conversation, change_group_avatar, require_may_change
from echosphere.groups.found import found_group
from echosphere.groups.leave import remove_member
from echosphere.groups.limits import (
    CHANGE_RATE,
    MEMBERS_RATE,
    START_RATE,
)
from echosphere.groups.wire import (
    AddMember,
    ChangeRole,
    ConversationChanges,
    OneMember,
    member_shape,
)
from echosphere.inbox import OneConversation, conversation_shape, get_conversation
from echosphere.limits import Limits
from echosphere.web import Api, Json

CONVERSATION = "/conversations/<conversation>"
MEMBER = f"{CONVERSATION}/members/<user>"


class GroupsApi:
    """Serves what groups have beyond other conversations.

    Args:
        database: Where they are.
        limits: How often somebody may change them.
        avatars: Takes in and serves pictures.
    """

    def __init__(self, database: Database, limits: Limits, avatars: AvatarDoor) -> None:
        self.database = database
        self.limits = limits
        self._avatars = avatars

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
        """Change a group's title, description or history setting, or what the caller keeps about it."""
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

    async def _change_avatar(self, caller: Caller, conversation: str, avatar: str | None) -> None:
        await self.database.write_in(
            conversation, change_group_avatar, caller.user, conversation, avatar
        )

    async def _one(self, caller: Caller, conversation: str) -> OneConversation:
        found = await self.database.read(get_conversation, caller.user, conversation)
        return OneConversation(conversation_shape(found))


def _one_member(shown: Shown) -> OneMember:
    return OneMember(member_shape(shown.member, shown.user))
