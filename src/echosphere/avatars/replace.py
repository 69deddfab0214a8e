"""Puts one avatar in the place of another; the stored picture of the old one goes by a job."""

from collections.abc import Iterable

from echosphere.accounts import AccountClosed, OwnUser, change_avatar
from echosphere.avatars import store
from echosphere.avatars.avatar import Avatar, address_of
from echosphere.database import Transaction

REMOVE_PICTURE = "avatars.remove"
"""The kind of job that removes a stored picture; its payload is `{id}`."""


def replace_own_avatar(transaction: Transaction, user_id: str, avatar: str | None) -> OwnUser:
    """Give a person another picture, or none, and return the account as it is now.

    Args:
        transaction: Where to.
        user_id: Whose picture it is.
        avatar: The id under which the new one is stored.
    """
    _leave_jobs(transaction, store.remove_of_user(transaction, user_id))
    if avatar is not None:
        store.add(transaction, Avatar(avatar, user_id, None))
    address = None if avatar is None else address_of(avatar)
    return change_avatar(transaction, user_id, address)


def replace_group_avatar(
    transaction: Transaction, conversation: str, avatar: str | None
) -> str | None:
    """Enter another picture of a group, or none; return its address for the group's row."""
    _leave_jobs(transaction, store.remove_of_conversation(transaction, conversation))
    if avatar is None:
        return None
    store.add(transaction, Avatar(avatar, None, conversation))
    return address_of(avatar)


def forget_avatar(transaction: Transaction, event: AccountClosed) -> None:
    """Remove the picture of somebody whose account is being closed."""
    _leave_jobs(transaction, store.remove_of_user(transaction, event.user_id))


def _leave_jobs(transaction: Transaction, ids: Iterable[str]) -> None:
    for avatar in ids:
        transaction.enqueue(REMOVE_PICTURE, {"id": avatar})
