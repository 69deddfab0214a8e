"""Creates, lists and revokes the webhooks of a group."""

from dataclasses import replace

import msgspec

from echosphere.accounts import create_hook_user
from echosphere.avatars import replace_program_avatar
from echosphere.conversations import access_conversation, access_for_update, count_members
from echosphere.core.errors import Conflict, NotFound
from echosphere.core.ids import derive_token, token_hash
from echosphere.database import Command, CreateOnce, Provided, Snapshot, Transaction
from echosphere.memberships import (
    MemberLeft,
    MemberRemoved,
    announce_author,
    introduce_author,
    require_can_edit_group,
)
from echosphere.messages import post_system_message
from echosphere.webhooks import store
from echosphere.webhooks.webhook import MAX_WEBHOOKS, TOO_MANY, UNKNOWN, Webhook


class WebhookTokens(msgspec.Struct, frozen=True):
    """Derives the tokens of webhooks from the server's secret, so that only hashes are stored."""

    secret: str

    def token_of(self, webhook: str) -> str:
        """Return the token of a webhook, as it was told once."""
        return derive_token(self.secret, "webhook", webhook, "")


TOKENS: Provided[WebhookTokens] = Provided("the tokens of webhooks")


class CreateWebhook(CreateOnce, lane="conversation"):
    """Create a webhook and its author, and tell the members; return its id.

    Raises:
        NotFound: The actor is not a member.
        Conflict: It is not a group, or it has `MAX_WEBHOOKS`.
        Forbidden: The actor is neither owner nor admin.
        Invalid: The name breaks a rule for names.
    """

    actor: str
    conversation: str
    name: str

    def create(self, transaction: Transaction) -> str:
        """Create it."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_can_edit_group(access)
        if len(store.webhooks_of(transaction, self.conversation)) >= MAX_WEBHOOKS:
            raise Conflict(TOO_MANY)
        made = create_hook_user(transaction, self.name)
        hashed = token_hash(TOKENS.of(transaction).token_of(made))
        now = transaction.now
        store.insert_webhook(
            transaction,
            Webhook(made, self.conversation, self.name, self.actor, now, None, None, hashed),
        )
        group = introduce_author(transaction, access, made)
        line = {"type": "webhook_added", "user": made}
        post_system_message(transaction, group, self.actor, line)
        return made


class RevokeWebhook(Command[None], lane="conversation"):
    """Revoke a webhook and tell the members; what it posted stays.

    Raises:
        NotFound: The actor is not a member, or the group has no such webhook.
        Conflict: It is not a group.
        Forbidden: The actor is neither owner nor admin.
    """

    actor: str
    conversation: str
    webhook: str

    def run(self, transaction: Transaction) -> None:
        """Revoke it."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_can_edit_group(access)
        if not store.revoke(transaction, self.conversation, self.webhook):
            raise NotFound(UNKNOWN)
        line = {"type": "webhook_revoked", "user": self.webhook}
        post_system_message(transaction, access.conversation, self.actor, line)


class ChangeWebhookAvatar(Command[Webhook], lane="conversation"):
    """Set or remove the picture beside what a webhook posts; return the webhook.

    Attributes:
        avatar: The blob id of the new avatar; None for none.

    Raises:
        NotFound: The actor is not a member, or the group has no such webhook.
        Conflict: It is not a group.
        Forbidden: The actor is neither owner nor admin.
    """

    actor: str
    conversation: str
    webhook: str
    avatar: str | None

    def run(self, transaction: Transaction) -> Webhook:
        """Set or remove it."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_can_edit_group(access)
        found = _get_usable(transaction, self.conversation, self.webhook)
        path = replace_program_avatar(transaction, self.webhook, self.avatar)
        announce_author(transaction, access, self.webhook)
        return replace(found, avatar=path)


def require_webhook_editor(
    snapshot: Snapshot, viewer: str, conversation: str, webhook: str
) -> None:
    """Refuse whoever may not change a webhook, before anything is uploaded.

    Raises:
        NotFound: The viewer is not a member, or the group has no such webhook.
        Conflict: It is not a group.
        Forbidden: The viewer is neither owner nor admin.
    """
    require_can_edit_group(access_conversation(snapshot, viewer, conversation))
    _get_usable(snapshot, conversation, webhook)


def _get_usable(snapshot: Snapshot, conversation: str, webhook: str) -> Webhook:
    for one in store.webhooks_of(snapshot, conversation):
        if one.id == webhook:
            return one
    raise NotFound(UNKNOWN)


def list_webhooks(snapshot: Snapshot, viewer: str, conversation: str) -> list[Webhook]:
    """Return the webhooks of a group that can be used, the newest first.

    Raises:
        NotFound: The viewer is not a member.
        Conflict: It is not a group.
        Forbidden: The viewer is neither owner nor admin.
    """
    require_can_edit_group(access_conversation(snapshot, viewer, conversation))
    return store.webhooks_of(snapshot, conversation)


def revoke_of_removed_member(transaction: Transaction, event: MemberRemoved) -> None:
    """Revoke what a removed member made: they know the addresses. A banned webhook goes as well."""
    store.revoke_of(transaction, event.conversation, event.user_id)


def revoke_of_empty_group(transaction: Transaction, event: MemberLeft) -> None:
    """Revoke the webhooks of a group that nobody is in any more."""
    if not count_members(transaction, event.conversation.id):
        store.revoke_all(transaction, event.conversation.id)
