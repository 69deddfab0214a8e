"""Posts what a webhook was sent, by the same use case as a person's message."""

from collections.abc import Sequence

from echosphere.accounts import is_suspended
from echosphere.conversations import Access, Role, get_conversation_for_update
from echosphere.core.errors import Forbidden, Gone, NotFound
from echosphere.database import Command, Snapshot, Transaction, run_on_loop
from echosphere.messages import Posted, PostMessage, post_with_access
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


class PostByWebhook(Command[Posted], lane="conversation", run_on_loop=True):
    """Store and announce a message of a webhook, once per key.

    A webhook was set up by those who run the group, so its rules for members do not hold it up: it
    posts where only admins do, without slow mode, and unread by the filter. It sees nothing.

    Raises:
        NotFound: There is no such webhook.
        Gone: It was revoked.
        Forbidden: Whoever made it is suspended.
        Invalid: The message is empty, or an attachment is not valid.
    """

    conversation: str
    token_hash: str
    key: str
    body: str
    attachments: Sequence[str] = ()

    def run(self, transaction: Transaction) -> Posted:
        """Post it."""
        group = get_conversation_for_update(transaction, self.conversation)
        webhook = get_webhook(transaction, self.token_hash)
        access = Access(group, webhook.id, Role.ADMIN, group.last_seq, None)
        command = PostMessage(
            conversation=group.id,
            author=webhook.id,
            key=self.key,
            body=self.body,
            attachments=self.attachments,
            automated=True,
        )
        posted = post_with_access(transaction, access, command)
        assert isinstance(posted, Posted)  # noqa: S101 - no filter reads it
        if webhook.needs_touch(transaction.now):
            store.touch(transaction, webhook.id)
        return posted
