"""The operations on groups: start, members, roles."""

from collections.abc import Sequence

from echosphere.accounts import Action, require_permission
from echosphere.api import Declaration, Event, Existing, Operation, delete, get, patch, post, put
from echosphere.conversations import ConversationCall, Role, StartConversation, StartDirect
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.database import Creation, Database
from echosphere.memberships.groups.add import AddContactToGroup, MemberWithProfile
from echosphere.memberships.groups.ban import LiftBan, RemoveFromGroup, list_bans
from echosphere.memberships.groups.change import ChangeConversation, ChangeGroupAvatar
from echosphere.memberships.groups.create import CreateGroup
from echosphere.memberships.groups.leave import RemoveMember
from echosphere.memberships.groups.roles import SetMemberRole
from echosphere.memberships.inbox.list import get_conversation
from echosphere.memberships.limits import CHANGE_RATE, MEMBERS_RATE, START_RATE
from echosphere.memberships.wire.conversations import OneConversation, conversation_shape
from echosphere.memberships.wire.groups import (
    Bans,
    BanShape,
    ChangeConversationCall,
    ChangeRoleCall,
    MemberCall,
    MemberEvent,
    OneMember,
    RemoveCall,
    member_shape,
)

CONVERSATION = "/conversations/<conversation>"
MEMBERS = f"{CONVERSATION}/members"
MEMBER = f"{MEMBERS}/<user>"
REMOVED = f"{CONVERSATION}/removed/<user>"
BANNED = f"{CONVERSATION}/banned"


class GroupsOperations:
    """Serves the operations on groups, and starts conversations.

    Args:
        database: Where groups are stored.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Declaration]:
        """Return the operations and events."""
        return [
            Operation(self.start, post("/conversations"), rate=START_RATE, status=201),
            Operation(self.change, patch(CONVERSATION), name="change", rate=_change_rates),
            Operation(self.remove_avatar, delete(f"{CONVERSATION}/avatar"), rate=CHANGE_RATE),
            Operation(self.add, post(MEMBERS), rate=MEMBERS_RATE, status=201),
            Operation(self.set_role, patch(MEMBER), rate=MEMBERS_RATE),
            Operation(self.leave, delete(MEMBER), rate=MEMBERS_RATE),
            Operation(self.remove, put(REMOVED), name="remove", rate=MEMBERS_RATE),
            Operation(self.banned, get(BANNED), name="banned"),
            Operation(
                self.lift_ban, delete(f"{BANNED}/<user>"), name="lift_ban", rate=MEMBERS_RATE
            ),
            Event("member", (MemberEvent,)),
        ]

    async def start(self, caller: Caller, call: StartConversation) -> OneConversation | Existing:
        """Start a direct conversation or a group; an existing direct one is returned with 200."""
        if call.kind == "direct":
            require_permission(caller, Action.START_CONVERSATIONS)
            call.require(
                "user"
            )  # unique for each pair of users, so a repeat finds it without a key
            user = str(call.user)
            conversation, new = await self._database.write(StartDirect(caller.user_id, user))
        else:
            conversation, new = await self._start_group(caller, call)
        one = await self._one(caller, conversation)
        return one if new else Existing(one)

    async def _start_group(self, caller: Caller, call: StartConversation) -> tuple[str, bool]:
        require_permission(caller, Action.CREATE_GROUPS)
        call.require("title", "members")
        members = call.members if isinstance(call.members, list) else []
        creation = Creation(caller.user_id, "conversations", call.key)
        title = str(call.title)
        created = await self._database.write(CreateGroup(creation, caller.user_id, title, members))
        return created.id, created.new

    async def change(self, caller: Caller, call: ChangeConversationCall) -> OneConversation:
        """Change a group's profile or rules, or the caller's own settings."""
        command = ChangeConversation(
            user_id=caller.user_id,
            conversation=call.conversation,
            shared=call.shared(),
            member_settings=call.member_settings(),
        )
        await self._database.write(command)
        return await self._one(caller, call.conversation)

    async def remove_avatar(self, caller: Caller, call: ConversationCall) -> OneConversation:
        """Remove a group's picture."""
        await self._database.write(ChangeGroupAvatar(caller.user_id, call.conversation, None))
        return await self._one(caller, call.conversation)

    async def add(self, caller: Caller, call: MemberCall) -> OneMember | Existing:
        """Add a contact to a group; 200 instead of 201 if they are already a member."""
        added = await self._database.write(
            AddContactToGroup(caller.user_id, call.conversation, call.user)
        )
        one = _one_member(added)
        return one if added.new else Existing(one)

    async def set_role(self, caller: Caller, call: ChangeRoleCall) -> OneMember:
        """Give a member a role; `owner` transfers ownership."""
        command = SetMemberRole(
            actor=caller.user_id,
            conversation=call.conversation,
            user_id=call.user,
            role=Role(call.role),
        )
        return _one_member(await self._database.write(command))

    async def remove(self, caller: Caller, call: RemoveCall) -> None:
        """Remove a member, optionally with their recent messages, and optionally ban them."""
        await self._database.write(
            RemoveFromGroup(caller.user_id, call.conversation, call.user, call.removal())
        )

    async def banned(self, caller: Caller, call: ConversationCall) -> Bans:
        """List people banned from a group, for its owner and admins."""
        found = await self._database.read(list_bans, caller.user_id, call.conversation)
        return Bans([BanShape(one.user, one.ban.banned_at, one.ban.banned_by) for one in found])

    async def lift_ban(self, caller: Caller, call: MemberCall) -> None:
        """Unban a user, so that they can be added or join again."""
        await self._database.write(LiftBan(caller.user_id, call.conversation, call.user))

    async def leave(self, caller: Caller, call: MemberCall) -> None:
        """Remove a member from a group, or leave it."""
        await self._database.write(RemoveMember(caller.user_id, call.conversation, call.user))

    async def _one(self, caller: Caller, conversation: str) -> OneConversation:
        found = await self._database.read(get_conversation, caller.user_id, conversation)
        return OneConversation(conversation_shape(found))


def _change_rates(call: ChangeConversationCall) -> Sequence[Rate]:
    """Limit only changes that are sent to others, not those of one's own settings."""
    return (CHANGE_RATE,) if call.shared() else ()


def _one_member(found: MemberWithProfile) -> OneMember:
    return OneMember(member_shape(found.member, found.user))
