"""Makes, lists and revokes invites to a group."""

from collections.abc import Callable

from echosphere.conversations import access_conversation, access_for_update, find_member
from echosphere.core.errors import Conflict, NotFound
from echosphere.core.ids import new_id, token_hash
from echosphere.database import Snapshot, Transaction
from echosphere.memberships.groups.permissions import require_can_edit_group
from echosphere.memberships.invites.invite import MAX_INVITES, Invite, InviteTerms, is_usable
from echosphere.memberships.store import invites as invite_store


def create_group_invite(
    transaction: Transaction,
    inviter: str,
    conversation: str,
    terms: InviteTerms,
    token_of: Callable[[str], str],
) -> str:
    """Return the id of a new invite.

    Args:
        transaction: Where to.
        inviter: Who invites.
        conversation: Where to.
        terms: How long it holds.
        token_of: Returns the secret of the invite with an id; only its hash is kept.

    Raises:
        NotFound: The maker is no member.
        Conflict: It is no group, or there are too many invites.
        Forbidden: The maker has not the right.
    """
    require_can_edit_group(access_for_update(transaction, inviter, conversation))
    if len(_usable(transaction, conversation)) >= MAX_INVITES:
        raise Conflict(f"The group has {MAX_INVITES} invites already. Revoke some of them.")
    return create_invite(transaction, inviter, conversation, terms, token_of)


def create_invite(
    transaction: Transaction,
    inviter: str,
    conversation: str | None,
    terms: InviteTerms,
    token_of: Callable[[str], str],
) -> str:
    """Store an invite to a group, or of a person, and return its id."""
    now, invite = transaction.now, new_id()
    expires_at = None if terms.expires_in is None else now + terms.expires_in * 1000
    hashed = token_hash(token_of(invite))
    invite_store.insert_invite(
        transaction,
        Invite(invite, conversation, inviter, now, expires_at, terms.max_uses, 0, hashed),
    )
    return invite


def list_group_invites(snapshot: Snapshot, viewer: str, conversation: str) -> list[Invite]:
    """Return the invites that can be used, the newest first.

    Raises:
        NotFound: The viewer is no member.
        Conflict: It is no group.
        Forbidden: The viewer has not the right.
    """
    require_can_edit_group(access_conversation(snapshot, viewer, conversation))
    return _usable(snapshot, conversation)


def revoke_group_invite(
    transaction: Transaction, actor: str, conversation: str, invite: str
) -> None:
    """Make an invite worth nothing.

    Raises:
        NotFound: The actor is no member, or there is no such invite.
        Conflict: It is no group.
        Forbidden: The actor has not the right.
    """
    require_can_edit_group(access_for_update(transaction, actor, conversation))
    if not invite_store.revoke_invite(transaction, conversation, invite):
        raise NotFound("There is no such invite.")


def _usable(snapshot: Snapshot, conversation: str) -> list[Invite]:
    found = invite_store.invites_of(snapshot, conversation)
    inviters = {
        inviter: find_member(snapshot, conversation, inviter)
        for inviter in {invite.created_by for invite in found}
    }
    return [one for one in found if is_usable(one, inviters[one.created_by], snapshot.now)]
