"""Changes a group's title, description, history setting and picture."""

from dataclasses import dataclass

from echosphere.avatars import replace_group_avatar
from echosphere.conversations import (
    Access,
    Conversation,
    History,
    access_conversation,
    access_for_update,
    clean_description,
    clean_title,
    set_conversation_fields,
)
from echosphere.database import Command, Snapshot, Transaction
from echosphere.memberships.groups import system_messages
from echosphere.memberships.groups.events import GroupChanged
from echosphere.memberships.groups.permissions import require_can_edit_group
from echosphere.memberships.groups.versions import next_version
from echosphere.memberships.inbox.member_settings import change_member_settings


@dataclass(frozen=True, slots=True)
class SharedChanges:
    """Changes that all members of a group see; None for what stays.

    Attributes:
        description: "" removes it.
    """

    title: str | None = None
    history: History | None = None
    description: str | None = None

    def __bool__(self) -> bool:
        return any(one is not None for one in (self.title, self.history, self.description))


class ChangeConversation(Command[None], lane="conversation"):
    """Change the group, and the user's own settings for it.

    Raises:
        NotFound: The user is not a member.
        Conflict: It is not a group, and `shared` has changes.
        Forbidden: The user may not edit the group, and `shared` has changes.
        Invalid: The title or the description is not valid.
    """

    user_id: str
    conversation: str
    shared: SharedChanges
    member_settings: dict[str, bool | int | str | None]

    def run(self, transaction: Transaction) -> None:
        """Change it."""
        if self.shared:
            _change_group(transaction, self.user_id, self.conversation, self.shared)
        change_member_settings(transaction, self.user_id, self.conversation, self.member_settings)


def require_group_editor(snapshot: Snapshot, user_id: str, conversation: str) -> None:
    """Require that the user may edit the group, before an upload is received.

    Raises:
        NotFound: The user is not a member.
        Conflict: It is not a group.
        Forbidden: The user is neither owner nor admin.
    """
    require_can_edit_group(access_conversation(snapshot, user_id, conversation))


class ChangeGroupAvatar(Command[None], lane="conversation"):
    """Set a group's picture by the id under which it is stored; None removes it.

    Raises:
        As `require_group_editor`.
    """

    user_id: str
    conversation: str
    avatar: str | None

    def run(self, transaction: Transaction) -> None:
        """Set or remove it."""
        access = _access_for_edit(transaction, self.user_id, self.conversation)
        address = replace_group_avatar(transaction, self.conversation, self.avatar)
        if address == access.conversation.avatar:
            return
        set_conversation_fields(transaction, self.conversation, avatar=address)
        changed = access.conversation._replace(avatar=address)
        system_messages.post(transaction, _announce(transaction, changed), self.user_id, "avatar")


def _change_group(
    transaction: Transaction, user_id: str, conversation: str, changes: SharedChanges
) -> None:
    group = _access_for_edit(transaction, user_id, conversation).conversation
    title = group.title if changes.title is None else clean_title(changes.title)
    description = group.description
    if changes.description is not None:
        description = clean_description(changes.description)
    history = changes.history or group.history
    if title != group.title:
        set_conversation_fields(transaction, conversation, title=title)
        group = _announce(transaction, group._replace(title=title))
        group = system_messages.post(transaction, group, user_id, "title", title=title or "")
    if description != group.description:
        set_conversation_fields(transaction, conversation, description=description)
        group = _announce(transaction, group._replace(description=description))
        group = system_messages.post(transaction, group, user_id, "description")
    if history is not group.history:
        set_conversation_fields(transaction, conversation, history=history.value)
        group = _announce(transaction, group._replace(history=history))
        system_messages.post(transaction, group, user_id, "history", history=history.value)


def _access_for_edit(transaction: Transaction, user_id: str, conversation: str) -> Access:
    access = access_for_update(transaction, user_id, conversation)
    require_can_edit_group(access)
    return access


def _announce(transaction: Transaction, conversation: Conversation) -> Conversation:
    after = next_version(transaction, conversation)
    transaction.announce(GroupChanged(after))
    return after
