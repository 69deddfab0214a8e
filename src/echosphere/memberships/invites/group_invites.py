"""Creates, lists and revokes invites to a group."""

from echosphere.accounts import find_active_user
from echosphere.conversations import Member, access_conversation, access_for_update, find_member
from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Command, CreateOnce, Snapshot, Transaction
from echosphere.memberships.groups.permissions import require_can_edit_group
from echosphere.memberships.invites.invite import (
    MAX_INVITES,
    Invite,
    InviteTerms,
    NewInvite,
    is_usable,
)
from echosphere.memberships.store import invites as invite_store


class CreateGroupInvite(CreateOnce, lane="conversation"):
    """Create an invite to a group, for the users of a link.

    Attributes:
        terms: Lifetime and number of uses.
        new: Its id and the hash of its token.

    Raises:
        NotFound: The inviter is not a member.
        Conflict: It is not a group, or it has `MAX_INVITES` valid invites.
        Forbidden: The inviter is neither owner nor admin.
    """

    inviter: str
    conversation: str
    terms: InviteTerms
    new: NewInvite

    def create(self, transaction: Transaction) -> str:
        """Create it."""
        require_can_edit_group(access_for_update(transaction, self.inviter, self.conversation))
        if len(_usable(transaction, self.conversation)) >= MAX_INVITES:
            raise Conflict(f"The group already has {MAX_INVITES} invitations. Revoke some first.")
        return create_invite(transaction, self.inviter, self.conversation, self.terms, self.new)


def create_invite(
    transaction: Transaction,
    inviter: str,
    conversation: str | None,
    terms: InviteTerms,
    new: NewInvite,
) -> str:
    """Store an invite and return its id; without a conversation it is a personal one."""
    now = transaction.now
    expires_at = None if terms.expires_in is None else now + terms.expires_in * 1000
    invite_store.insert_invite(
        transaction,
        Invite(new.id, conversation, inviter, now, expires_at, terms.max_uses, 0, new.token_hash),
    )
    return new.id


def find_inviter(snapshot: Snapshot, conversation: str, maker: str) -> Member | None:
    """Return the membership of who made an invite; None also while their account is suspended."""
    if find_active_user(snapshot, maker) is None:
        return None
    return find_member(snapshot, conversation, maker)


def list_group_invites(snapshot: Snapshot, viewer: str, conversation: str) -> list[Invite]:
    """Return a group's valid invites, newest first.

    Raises:
        NotFound: The viewer is not a member.
        Conflict: It is not a group.
        Forbidden: The viewer is neither owner nor admin.
    """
    require_can_edit_group(access_conversation(snapshot, viewer, conversation))
    return _usable(snapshot, conversation)


class RevokeGroupInvite(Command[None], lane="conversation"):
    """Revoke an invite to a group.

    Raises:
        NotFound: The actor is not a member, or the group has no such invite.
        Conflict: It is not a group.
        Forbidden: The actor is neither owner nor admin.
    """

    actor: str
    conversation: str
    invite: str

    def run(self, transaction: Transaction) -> None:
        """Revoke it."""
        require_can_edit_group(access_for_update(transaction, self.actor, self.conversation))
        if not invite_store.revoke_invite(transaction, self.conversation, self.invite):
            raise NotFound("Invitation not found.")


def _usable(snapshot: Snapshot, conversation: str) -> list[Invite]:
    found = invite_store.invites_of(snapshot, conversation)
    makers = {invite.created_by for invite in found}
    inviters = {maker: find_inviter(snapshot, conversation, maker) for maker in makers}
    return [one for one in found if is_usable(one, inviters[one.created_by], snapshot.now)]
