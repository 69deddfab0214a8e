"""Changes what all members see of a group: title, description, history setting, picture."""

from dataclasses import dataclass
from typing import Any

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
from echosphere.database import Snapshot, Transaction
from echosphere.memberships.groups.events import GroupChanged
from echosphere.memberships.groups.permissions import require_right
from echosphere.memberships.groups.system_messages import next_version, say
from echosphere.memberships.inbox.member_settings import change_own


@dataclass(frozen=True, slots=True)
class SharedChanges:
    """What everybody in a group would see changed; None for what stays.

    Attributes:
        description: "" takes it away.
    """

    title: str | None = None
    history: History | None = None
    description: str | None = None

    def __bool__(self) -> bool:
        return any(one is not None for one in (self.title, self.history, self.description))


def change_conversation(
    transaction: Transaction,
    person: str,
    conversation: str,
    shared: SharedChanges,
    own: dict[str, Any],
) -> None:
    """Change what is given: of the group, and what the person alone keeps about it.

    Raises:
        NotFound: The person is no member.
        Conflict: It is no group.
        Forbidden: The person has not the right to change the group.
        Invalid: The title or the description breaks a rule.
    """
    if shared:
        _change_group(transaction, person, conversation, shared)
    change_own(transaction, person, conversation, own)


def require_may_change(snapshot: Snapshot, person: str, conversation: str) -> None:
    """Refuse those who may not change the group, before more is asked of the server.

    Raises:
        NotFound: The person is no member.
        Conflict: It is no group.
        Forbidden: The person has not the right.
    """
    require_right(access_conversation(snapshot, person, conversation))


def change_group_avatar(
    transaction: Transaction, person: str, conversation: str, avatar: str | None
) -> None:
    """Give a group the picture that is stored under an id, or none.

    Raises:
        As `require_may_change`.
    """
    access = _access(transaction, person, conversation)
    address = replace_group_avatar(transaction, conversation, avatar)
    if address == access.conversation.avatar:
        return
    set_conversation_fields(transaction, conversation, avatar=address)
    changed = access.conversation._replace(avatar=address)
    say(transaction, _announced(transaction, changed), person, "avatar")


def _change_group(
    transaction: Transaction, person: str, conversation: str, changes: SharedChanges
) -> None:
    group = _access(transaction, person, conversation).conversation
    title = group.title if changes.title is None else clean_title(changes.title)
    description = group.description
    if changes.description is not None:
        description = clean_description(changes.description)
    history = changes.history or group.history
    if title != group.title:
        set_conversation_fields(transaction, conversation, title=title)
        group = _announced(transaction, group._replace(title=title))
        group = say(transaction, group, person, "title", title=title or "")
    if description != group.description:
        set_conversation_fields(transaction, conversation, description=description)
        group = _announced(transaction, group._replace(description=description))
        group = say(transaction, group, person, "description")
    if history is not group.history:
        set_conversation_fields(transaction, conversation, history=history.value)
        group = _announced(transaction, group._replace(history=history))
        say(transaction, group, person, "history", history=history.value)


def _access(transaction: Transaction, person: str, conversation: str) -> Access:
    access = access_for_update(transaction, person, conversation)
    require_right(access)
    return access


def _announced(transaction: Transaction, conversation: Conversation) -> Conversation:
    after = next_version(transaction, conversation)
    transaction.announce(GroupChanged(after))
    return after
