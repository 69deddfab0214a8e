"""Personal invites: who accepts one becomes a contact of the inviter at once."""

from echosphere.accounts import AccountClosed, AccountRole, find_active_user
from echosphere.contacts import are_contacts, is_blocked_between, make_contacts
from echosphere.conversations import start_direct
from echosphere.core.errors import Conflict, Gone, NotFound
from echosphere.database import Command, CreateOnce, Snapshot, Transaction
from echosphere.memberships.invites.group_invites import create_invite
from echosphere.memberships.invites.invite import (
    INVITE_NOT_VALID,
    MAX_PERSONAL_INVITES,
    Invite,
    InviteTerms,
    NewInvite,
    is_current,
)
from echosphere.memberships.store import invites as invite_store

OWN_INVITE = "This is your own invitation. Send it to someone else."


class CreatePersonalInvite(CreateOnce):
    """Create a personal invite and return its id.

    Raises:
        Conflict: The inviter has `MAX_PERSONAL_INVITES` valid ones.
    """

    inviter: str
    terms: InviteTerms
    new: NewInvite

    def create(self, transaction: Transaction) -> str:
        """Create it."""
        if len(invite_store.personal_invites_of(transaction, self.inviter)) >= MAX_PERSONAL_INVITES:
            raise Conflict(
                f"You already have {MAX_PERSONAL_INVITES} invitations. Revoke some first."
            )
        return create_invite(transaction, self.inviter, None, self.terms, self.new)


def delete_with_account(transaction: Transaction, event: AccountClosed) -> None:
    """Delete the personal invites of a user who closed their account."""
    invite_store.delete_personal_invites(transaction, event.user_id)


class RevokePersonalInvite(Command[None]):
    """Revoke a personal invite.

    Raises:
        NotFound: The inviter has no such invite.
    """

    inviter: str
    invite: str

    def run(self, transaction: Transaction) -> None:
        """Revoke it."""
        if not invite_store.revoke_personal_invite(transaction, self.inviter, self.invite):
            raise NotFound("Invitation not found.")


def require_usable_personal_invite(snapshot: Snapshot, invite: Invite) -> None:
    """Refuse a personal invite that is not valid.

    Raises:
        Gone: It is expired or used up, or the inviter is a guest by now, suspended, or gone.
    """
    inviter = find_active_user(snapshot, invite.created_by)
    may_invite = inviter is not None and inviter.role != AccountRole.GUEST
    if not may_invite or not is_current(invite, snapshot.now):
        raise Gone(INVITE_NOT_VALID)


def accept_personal_invite(
    transaction: Transaction, user_id: str, invite: Invite
) -> tuple[str, bool]:
    """Make the user and the inviter contacts.

    A user who is already a contact does not use up the invite.

    Returns:
        Their direct conversation, and whether they are new contacts.

    Raises:
        Gone: It is not valid, or one has blocked the other, which must not be noticed.
        Conflict: It is the user's own invite.
    """
    inviter = invite.created_by
    if user_id == inviter:
        raise Conflict(OWN_INVITE)
    known = are_contacts(transaction, user_id, inviter)
    if not known:
        require_usable_personal_invite(transaction, invite)
        if is_blocked_between(transaction, user_id, inviter):
            raise Gone(INVITE_NOT_VALID)
        if not invite_store.use_invite(transaction, invite.id):
            raise Gone(INVITE_NOT_VALID)
        make_contacts(transaction, inviter, user_id, invited=True)
    conversation, _ = start_direct(transaction, inviter, user_id)
    return conversation, not known
