"""Invites of a person: whoever opens the link becomes a contact at once."""

from collections.abc import Callable

from echosphere.accounts import find_own_user
from echosphere.contacts import are_contacts, is_blocked_between, make_contacts
from echosphere.conversations import start_direct
from echosphere.core.errors import Conflict, Gone, NotFound
from echosphere.database import Snapshot, Transaction
from echosphere.memberships.invites.group_invites import insert_invite
from echosphere.memberships.invites.invite import (
    MAX_PERSONAL_INVITES,
    NO_LONGER,
    Invite,
    InviteTerms,
    lasts,
)
from echosphere.memberships.store import invites as store

OWN = "This is your own invitation. Send it to somebody else."


def make_personal_invite(
    transaction: Transaction, maker: str, terms: InviteTerms, token_of: Callable[[str], str]
) -> str:
    """Return the id of a new invite of a person.

    Raises:
        Conflict: There are too many.
    """
    if len(store.personal_invites_of(transaction, maker)) >= MAX_PERSONAL_INVITES:
        raise Conflict(f"You have {MAX_PERSONAL_INVITES} invites already. Revoke some of them.")
    return insert_invite(transaction, maker, None, terms, token_of)


def revoke_personal_invite(transaction: Transaction, maker: str, invite: str) -> None:
    """Make an invite of a person worth nothing.

    Raises:
        NotFound: They have no such invite.
    """
    if not store.revoke_personal_invite(transaction, maker, invite):
        raise NotFound("There is no such invite.")


def require_maker(snapshot: Snapshot, invite: Invite) -> None:
    """Refuse a personal invite whose time or uses are up, or whose maker is gone.

    Raises:
        Gone: It is worth nothing (any more).
    """
    if not lasts(invite, snapshot.now) or find_own_user(snapshot, invite.created_by) is None:
        raise Gone(NO_LONGER)


def become_contact(transaction: Transaction, person: str, invite: Invite) -> tuple[str, bool]:
    """Make the holder of an invite and its maker contacts.

    Returns:
        Their direct conversation, and whether they are contacts only now. Who is one already uses
        nothing up.

    Raises:
        Gone: It is worth nothing (any more); also across a block, of which nobody is told.
        Conflict: It is the holder's own.
    """
    maker = invite.created_by
    if person == maker:
        raise Conflict(OWN)
    known = are_contacts(transaction, person, maker)
    if not known:
        require_maker(transaction, invite)
        if is_blocked_between(transaction, person, maker):
            raise Gone(NO_LONGER)
        if not store.use_invite(transaction, invite.id):
            raise Gone(NO_LONGER)
        make_contacts(transaction, maker, person, invited=True)
    conversation, _ = start_direct(transaction, maker, person)
    return conversation, not known
