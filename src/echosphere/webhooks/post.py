"""Posts what a webhook was sent, by the same use case as a person's message."""

from collections.abc import Sequence

from echosphere.accounts import is_suspended
from echosphere.attachments import Quota, StoredFile, add_for_message
from echosphere.conversations import (
    Access,
    Conversation,
    Role,
    get_conversation_for_update,
)
from echosphere.core.errors import Forbidden, Gone, NotFound
from echosphere.database import Command, Snapshot, Transaction, run_on_loop
from echosphere.messages import Posted, PostMessage, find_posted, post_with_access
from echosphere.webhooks import store
from echosphere.webhooks.webhook import MAKER_SUSPENDED, REVOKED, UNKNOWN, Webhook


@run_on_loop
def get_webhook(snapshot: Snapshot, hashed: str) -> Webhook:
    """Return the webhook with this hash of its token.

    Raises:
        NotFound: There is none.
        Gone: It was revoked.
        Forbidden: Whoever made it is suspended, and knows the address.
    """
    webhook = store.find_webhook(snapshot, hashed)
    if webhook is None:
        raise NotFound(UNKNOWN)
    if webhook.revoked_at is not None:
        raise Gone(REVOKED)
    if is_suspended(snapshot, webhook.created_by):
        raise Forbidden(MAKER_SUSPENDED)
    return webhook


def find_posted_by(snapshot: Snapshot, webhook: Webhook, key: str) -> Posted | None:
    """Return what a webhook posted with a key, or None."""
    return find_posted(snapshot, webhook.id, webhook.conversation, key)


class PostByWebhook(Command[Posted], lane="conversation", run_on_loop=True):
    """Store and announce a message of a webhook, once per key.

    A webhook was set up by those who run the group, so its rules for members do not hold it up: it
    posts where only admins do, without slow mode, and unread by the filter. It sees nothing.

    Raises:
        NotFound: There is no such webhook.
        Gone: It was revoked.
        Forbidden: Whoever made it is suspended.
        Invalid: The message is empty.
    """

    conversation: str
    token_hash: str
    key: str
    body: str

    def run(self, transaction: Transaction) -> Posted:
        """Post it."""
        group = get_conversation_for_update(transaction, self.conversation)
        webhook = get_webhook(transaction, self.token_hash)
        return _post(transaction, group, webhook, _message(webhook, self.key, self.body))


class PostFilesByWebhook(Command[Posted], lane="conversation"):
    """Post as `PostByWebhook`, with files that are stored already and whose rows are added with it.

    A message that is there already stays as it is: its files are those of the first time.

    Raises:
        QuotaExceeded: There is no room for the files in the storage of whoever made the webhook.
    """

    conversation: str
    token_hash: str
    key: str
    body: str
    files: Sequence[StoredFile]
    quota: Quota

    def run(self, transaction: Transaction) -> Posted:
        """Post it."""
        group = get_conversation_for_update(transaction, self.conversation)
        webhook = get_webhook(transaction, self.token_hash)
        if (known := find_posted(transaction, webhook.id, group.id, self.key)) is not None:
            return known
        add_for_message(transaction, self.files, webhook.created_by, self.quota)
        files = [file.id for file in self.files]
        return _post(transaction, group, webhook, _message(webhook, self.key, self.body, files))


def _message(webhook: Webhook, key: str, body: str, attachments: Sequence[str] = ()) -> PostMessage:
    return PostMessage(
        conversation=webhook.conversation,
        author=webhook.id,
        key=key,
        body=body,
        attachments=attachments,
        automated=True,
    )


def _post(
    transaction: Transaction, group: Conversation, webhook: Webhook, message: PostMessage
) -> Posted:
    access = Access(group, webhook.id, Role.ADMIN, group.last_seq, None)
    posted = post_with_access(transaction, access, message)
    assert isinstance(posted, Posted)  # noqa: S101 - no filter reads it
    if webhook.needs_touch(transaction.now):
        store.touch(transaction, webhook.id)
    return posted
