"""Changes a group's title, description, picture, and what its members see and may do."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from echosphere.avatars import replace_group_avatar
from echosphere.contacts import is_blocked_between
from echosphere.conversations import (
    Access,
    Conversation,
    History,
    Kind,
    MemberScope,
    access_conversation,
    access_for_update,
    clean_description,
    clean_title,
    set_conversation_fields,
)
from echosphere.core.errors import Forbidden
from echosphere.database import Command, Snapshot, Transaction
from echosphere.memberships.groups import system_messages
from echosphere.memberships.groups.events import GroupChanged
from echosphere.memberships.groups.permissions import (
    require_can_edit_group,
    require_can_set_retention,
)
from echosphere.memberships.groups.versions import next_version
from echosphere.memberships.inbox.member_settings import change_member_settings


class SharedChanges(msgspec.Struct, frozen=True):
    """Changes that all members of a group see; None for what stays.

    Attributes:
        description: "" removes it.
        posting: Who may post.
        reacting: Who may react.
        slow_seconds: How long a member waits between two messages; 0 turns slow mode off.
        retention_days: After how many days messages are deleted; 0 for never.
        expire_seconds: After how long new messages disappear; 0 for never. Also of direct
            conversations.
    """

    title: str | None = None
    history: History | None = None
    description: str | None = None
    posting: MemberScope | None = None
    reacting: MemberScope | None = None
    slow_seconds: int | None = None
    retention_days: int | None = None
    expire_seconds: int | None = None

    def __bool__(self) -> bool:
        return self != SharedChanges()


class FieldChange(NamedTuple):
    """A field of a group, its new value, and what the system message about it says."""

    name: str
    value: Any
    said: dict[str, str | int]


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
    group = _access_to_change(transaction, user_id, conversation, changes).conversation
    for name, value, said in list(_field_changes(changes)):
        if value == getattr(group, name):
            continue
        stored = value.value if isinstance(value, StrEnum) else value
        set_conversation_fields(transaction, conversation, **{name: stored})
        group = _announce(transaction, group._replace(**{name: value}))
        group = system_messages.post(transaction, group, user_id, name, **said)


def _field_changes(changes: SharedChanges) -> Iterator[FieldChange]:
    if changes.title is not None:
        title = clean_title(changes.title)
        yield FieldChange("title", title, {"title": title})
    if changes.description is not None:
        yield FieldChange("description", clean_description(changes.description), {})
    for name in ("history", "posting", "reacting"):
        value = getattr(changes, name)
        if value is not None:
            yield FieldChange(name, value, {name: value.value})
    if changes.slow_seconds is not None:
        seconds = changes.slow_seconds
        yield FieldChange("slow_seconds", seconds, {"seconds": seconds})
    if changes.retention_days is not None:
        days = changes.retention_days
        yield FieldChange("retention_days", days, {"days": days})
    if changes.expire_seconds is not None:
        seconds = changes.expire_seconds
        yield FieldChange("expire_seconds", seconds, {"seconds": seconds})


def _access_to_change(
    transaction: Transaction, user_id: str, conversation: str, changes: SharedChanges
) -> Access:
    """Return the access of who may make these changes; in a direct conversation either may choose
    when messages disappear."""
    access = access_for_update(transaction, user_id, conversation)
    only_expiry = changes == SharedChanges(expire_seconds=changes.expire_seconds)
    if access.conversation.kind is Kind.GROUP or not only_expiry:
        require_can_edit_group(access)
    elif access.partner and is_blocked_between(transaction, user_id, access.partner):
        raise Forbidden("You cannot write to this person.")
    if changes.retention_days is not None:
        require_can_set_retention(access)
    return access


def _access_for_edit(transaction: Transaction, user_id: str, conversation: str) -> Access:
    access = access_for_update(transaction, user_id, conversation)
    require_can_edit_group(access)
    return access


def _announce(transaction: Transaction, conversation: Conversation) -> Conversation:
    after = next_version(transaction, conversation)
    transaction.announce(GroupChanged(after))
    return after
