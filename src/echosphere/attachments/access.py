"""The only place where the right to see a file is checked: it follows the right to see its message."""

from echosphere.attachments import store
from echosphere.attachments.attachment import StoredFile
from echosphere.conversations import access_conversation, sees_message
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot

UNKNOWN = "Attachment not found."


def access_attachment(snapshot: Snapshot, viewer: str, attachment: str) -> StoredFile:
    """Return a file that the viewer may see.

    Before a message uses it, only its uploader may; afterwards, those who may see the message.

    Raises:
        NotFound: It does not exist, or the viewer may not see it.
    """
    file = store.find(snapshot, attachment)
    if file is None or not _may_see(snapshot, viewer, file):
        raise NotFound(UNKNOWN)
    return file


def _may_see(snapshot: Snapshot, viewer: str, file: StoredFile) -> bool:
    if file.conversation is None or file.seq is None:
        return file.owner == viewer
    try:
        access = access_conversation(snapshot, viewer, file.conversation)
    except NotFound:
        return False
    return sees_message(snapshot, access, file.seq)
