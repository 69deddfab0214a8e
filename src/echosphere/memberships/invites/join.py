"""Shows and accepts invites."""

from echosphere.accounts import InviteAllowance, find_user
from echosphere.contacts import are_contacts
from echosphere.conversations import (
    MAX_MEMBERS,
    Conversation,
    count_members,
    find_conversation,
    find_member,
    get_conversation_for_update,
)
from echosphere.core.errors import Forbidden, Gone
from echosphere.core.ids import token_hash
from echosphere.database import Command, Snapshot, Transaction
from echosphere.memberships.groups import system_messages
from echosphere.memberships.groups.members import add_member
from echosphere.memberships.groups.removal import REMOVED_FROM_GROUP
from echosphere.memberships.invites.group_invites import find_inviter
from echosphere.memberships.invites.invite import (
    INVITE_NOT_VALID,
    MAX_REGISTRATIONS,
    Invite,
    InviteCard,
    is_usable,
)
from echosphere.memberships.invites.personal_invites import (
    accept_personal_invite,
    require_usable_personal_invite,
)
from echosphere.memberships.store import invites as invite_store
from echosphere.memberships.store import removals


def find_invited_group(snapshot: Snapshot, token: str) -> str | None:
    """Return the group of an invite that was not revoked; None for a personal one.

    Raises:
        Gone: There is no such invite, or it was revoked.
    """
    return _find_unrevoked(snapshot, token).conversation


def find_allowance(snapshot: Snapshot, token: str) -> InviteAllowance | None:
    """Return how many users may register by an invite; None if it is not valid."""
    try:
        invite = _find_unrevoked(snapshot, token)
        _require_usable(snapshot, invite)
    except Gone:
        return None
    return InviteAllowance(invite.id, min(invite.max_uses or MAX_MEMBERS, MAX_REGISTRATIONS))


def get_invite_card(snapshot: Snapshot, token: str, holder: str | None) -> InviteCard:
    """Return what a user with the token sees before joining.

    Args:
        snapshot: The state to read.
        token: The secret in the link.
        holder: The signed-in user, if any.

    Raises:
        Gone: It is unknown or revoked; or it is expired or used up and the holder has not joined.
    """
    invite = _find_unrevoked(snapshot, token)
    joined = holder is not None and _has_joined(snapshot, invite, holder)
    if not joined:
        _require_usable(snapshot, invite)
    inviter = find_user(snapshot, invite.created_by)
    assert inviter is not None  # noqa: S101 - the invite's row refers to them
    if invite.conversation is None:
        return InviteCard(None, 0, inviter.name, joined)
    conversation = find_conversation(snapshot, invite.conversation)
    members = count_members(snapshot, invite.conversation)
    return InviteCard(conversation, members, inviter.name, joined)


class AcceptInvite(Command[tuple[str, bool]], lane="conversation"):
    """Accept an invite; return the id of the conversation, and whether the user is new to it.

    Attributes:
        conversation: The group to which it leads; empty for a personal invite.

    Raises:
        Gone: The invite is unknown, revoked, expired or used up.
        Forbidden: The user was removed from the group.
        Conflict: The group is full, or it is the user's own invite.
    """

    user_id: str
    token: str
    conversation: str = ""

    def run(self, transaction: Transaction) -> tuple[str, bool]:
        """Accept it."""
        invite = _find_unrevoked(transaction, self.token)
        if invite.conversation is None:
            return accept_personal_invite(transaction, self.user_id, invite)
        group, new = join_group(transaction, self.user_id, self.token, invite.conversation)
        return group.id, new


def join_group(
    transaction: Transaction, user_id: str, token: str, conversation: str
) -> tuple[Conversation, bool]:
    """Add the holder of a token to the group; return it, and whether they are new.

    A user who is already a member does not use up the invite.

    Raises:
        Gone: The invite is unknown, revoked, expired or used up.
        Forbidden: The user was removed from the group.
        Conflict: The group is full.
    """
    group = get_conversation_for_update(transaction, conversation)
    if _is_member(transaction, group.id, user_id):
        return group, False
    invite = _find_unrevoked(transaction, token)  # read again under the lock
    _require_usable(transaction, invite)
    if removals.was_removed(transaction, group.id, user_id):
        raise Forbidden(REMOVED_FROM_GROUP)
    group, _ = add_member(transaction, group, user_id)
    if not invite_store.use_invite(transaction, invite.id):
        raise Gone(INVITE_NOT_VALID)
    return system_messages.post(
        transaction, group, user_id, "joined", user=user_id, invite=True
    ), True


def _find_unrevoked(snapshot: Snapshot, token: str) -> Invite:
    invite = invite_store.find_invite(snapshot, token_hash(token))
    if invite is None:
        raise Gone(INVITE_NOT_VALID)
    return invite


def _require_usable(snapshot: Snapshot, invite: Invite) -> None:
    if invite.conversation is None:
        require_usable_personal_invite(snapshot, invite)
        return
    inviter = find_inviter(snapshot, invite.conversation, invite.created_by)
    if not is_usable(invite, inviter, snapshot.now):
        raise Gone(INVITE_NOT_VALID)


def _has_joined(snapshot: Snapshot, invite: Invite, holder: str) -> bool:
    if invite.conversation is None:
        return are_contacts(snapshot, holder, invite.created_by)
    return _is_member(snapshot, invite.conversation, holder)


def _is_member(snapshot: Snapshot, conversation: str, user_id: str) -> bool:
    member = find_member(snapshot, conversation, user_id)
    return member is not None and not member.left
