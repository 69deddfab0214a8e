"""The bots of a group: which there are, and what each of them sees."""

from typing import NamedTuple

from echosphere.accounts import Bot, bots_by_id, bots_of
from echosphere.bots.bot import UNKNOWN
from echosphere.conversations import (
    access_conversation,
    access_for_update,
    bot_members,
    set_bot_sight,
)
from echosphere.core.errors import NotFound
from echosphere.database import Command, Snapshot, Transaction
from echosphere.memberships import require_can_edit_group
from echosphere.messages import post_system_message


class GroupBot(NamedTuple):
    """A bot in a group, and whether it sees all messages or only those that are meant for it."""

    bot: Bot
    sees_all: bool


class BotsOfGroup(NamedTuple):
    """The bots of a group, and those of the viewer that are not in it."""

    bots: list[GroupBot]
    own: list[Bot]


class SetBotSight(Command[None], lane="conversation"):
    """Let a bot see all messages of a group, or only those that are meant for it; tell the members.

    Raises:
        NotFound: The actor is not a member, or the group has no such bot.
        Conflict: It is not a group.
        Forbidden: The actor is neither owner nor admin.
    """

    actor: str
    conversation: str
    bot: str
    sees_all: bool

    def run(self, transaction: Transaction) -> None:
        """Store it."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_can_edit_group(access)
        here = bot_members(transaction, self.conversation)
        found = next((one for one in here if one.member.user == self.bot), None)
        if found is None:
            raise NotFound(UNKNOWN)
        if found.sees_all == self.sees_all:
            return
        set_bot_sight(transaction, self.conversation, self.bot, sees_all=self.sees_all)
        sees = "all" if self.sees_all else "addressed"
        line = {"type": "bot_sees", "user": self.bot, "sees": sees}
        post_system_message(transaction, access.conversation, self.actor, line)


def list_group_bots(snapshot: Snapshot, viewer: str, conversation: str) -> BotsOfGroup:
    """Return the bots of a group, and the viewer's own that can be added.

    All members may know who reads what they write.

    Raises:
        NotFound: The viewer is not a member.
    """
    access_conversation(snapshot, viewer, conversation)
    here = bot_members(snapshot, conversation)
    known = bots_by_id(snapshot, [one.member.user for one in here])
    bots = [
        GroupBot(known[one.member.user], one.sees_all) for one in here if one.member.user in known
    ]
    own = [bot for bot in bots_of(snapshot, viewer) if bot.id not in known and not bot.disabled_at]
    return BotsOfGroup(bots, own)
