"""Replaces avatars; a job deletes the file of the old one."""

from collections.abc import Iterable

from echosphere.accounts import (
    AccountClosed,
    OwnUser,
    change_avatar,
    set_placeholder_avatar,
    set_program_avatar,
)
from echosphere.avatars import store
from echosphere.avatars.avatar import Avatar, avatar_path
from echosphere.database import Command, Transaction

REMOVE_AVATAR = "avatars.remove"
"""The kind of job that deletes a stored avatar; its payload is `{id}`."""


class ReplaceOwnAvatar(Command[OwnUser]):
    """Set or remove a user's avatar, and return the changed account.

    Attributes:
        user_id: The user.
        avatar: The blob id of the new avatar; None for none.
    """

    user_id: str
    avatar: str | None

    def run(self, transaction: Transaction) -> OwnUser:
        """Set or remove it."""
        _enqueue_removals(transaction, store.remove_of_user(transaction, self.user_id))
        if self.avatar is not None:
            store.add(transaction, Avatar(self.avatar, self.user_id, None))
        path = None if self.avatar is None else avatar_path(self.avatar)
        return change_avatar(transaction, self.user_id, path)


def replace_group_avatar(
    transaction: Transaction, conversation: str, avatar: str | None
) -> str | None:
    """Set or remove a group's avatar, and return its path for the group's row."""
    _enqueue_removals(transaction, store.remove_of_conversation(transaction, conversation))
    if avatar is None:
        return None
    store.add(transaction, Avatar(avatar, None, conversation))
    return avatar_path(avatar)


def replace_program_avatar(
    transaction: Transaction, user_id: str, avatar: str | None
) -> str | None:
    """Set or remove the avatar of a program that has no account, and return its path.

    The caller tells who sees it.
    """
    _enqueue_removals(transaction, store.remove_of_user(transaction, user_id))
    if avatar is not None:
        store.add(transaction, Avatar(avatar, user_id, None))
    path = None if avatar is None else avatar_path(avatar)
    set_program_avatar(transaction, user_id, path)
    return path


def add_placeholder_avatar(transaction: Transaction, user_id: str, avatar: str) -> None:
    """Set the avatar of a user who has no account and no avatar yet."""
    store.add(transaction, Avatar(avatar, user_id, None))
    set_placeholder_avatar(transaction, user_id, avatar_path(avatar))


def delete_avatar(transaction: Transaction, event: AccountClosed) -> None:
    """Delete the avatar of a closed account."""
    _enqueue_removals(transaction, store.remove_of_user(transaction, event.user_id))


def _enqueue_removals(transaction: Transaction, ids: Iterable[str]) -> None:
    for avatar in ids:
        transaction.enqueue(REMOVE_AVATAR, {"id": avatar})
