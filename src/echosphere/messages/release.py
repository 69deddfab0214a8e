"""Posts a held message at the end of its conversation, as its author's."""

from echosphere.accounts import find_active_user
from echosphere.attachments import require_unused
from echosphere.conversations import Access, access_conversation
from echosphere.core.errors import Gone, Invalid, NotFound
from echosphere.database import Command, Transaction
from echosphere.messages import store
from echosphere.messages.edit import apply_edit
from echosphere.messages.held import Held
from echosphere.messages.hold import access_held, tell
from echosphere.messages.post import Posted, PostMessage, store_post
from echosphere.messages.reply import check_reply

AUTHOR_GONE = "The author is no longer a member."
FILES_GONE = "Its files no longer exist. Reject it, so that the author knows."
MESSAGE_GONE = "This message was deleted."


class ReleaseHeld(Command[Posted], lane="conversation"):
    """Post a held message now, or change the words of the one it was for.

    Raises:
        NotFound: The actor is not a member, or there is no such held message.
        Forbidden: The actor is neither owner nor admin.
        Conflict: It was refused.
        Gone: Its author left, its files were given up, or the message it was for was deleted.
    """

    actor: str
    conversation: str
    held: str

    def run(self, transaction: Transaction) -> Posted:
        """Post it."""
        found = access_held(transaction, self.actor, self.conversation, self.held)
        access = _access_of_author(transaction, found)
        store.delete_held(transaction, self.held)
        done = (
            _post(transaction, access, found)
            if found.edits is None
            else _edit(transaction, access, found, found.edits)
        )
        tell(transaction, found)
        return done


def _access_of_author(transaction: Transaction, held: Held) -> Access:
    try:
        access = access_conversation(transaction, held.author, held.conversation)
        if access.is_bot or find_active_user(transaction, held.author) is not None:
            return access
    except NotFound:
        pass
    raise Gone(AUTHOR_GONE)


def _post(transaction: Transaction, access: Access, held: Held) -> Posted:
    try:
        require_unused(transaction, held.author, held.files)
    except Invalid:
        raise Gone(FILES_GONE) from None
    reply_to = held.reply_to
    try:
        check_reply(transaction, access, reply_to)
    except Invalid:  # what it answers was deleted meanwhile
        reply_to = None
    said = held.conversation, held.author, held.key, held.body, reply_to, held.files
    command = PostMessage(*said, parts=held.parts)
    return store_post(transaction, access, command, held.body)


def _edit(transaction: Transaction, access: Access, held: Held, seq: int) -> Posted:
    message = store.find(transaction, held.conversation, seq)
    if message is None or message.deleted:
        raise Gone(MESSAGE_GONE)
    return apply_edit(transaction, access, message, held.body)
