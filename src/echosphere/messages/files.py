"""Lists the files of a conversation."""

from typing import NamedTuple

from echosphere.attachments import Attachment, FilesWanted, files_before
from echosphere.conversations import Access, access_conversation
from echosphere.database import Snapshot
from echosphere.messages import store


class SharedFile(NamedTuple):
    """A file and its message."""

    seq: int
    author: str
    created_at: int
    attachment: Attachment


class FilesPage(NamedTuple):
    """The files of some messages, the newest message first; whether there are older ones."""

    files: list[SharedFile]
    more: bool


def files_page(
    snapshot: Snapshot, viewer: str, conversation: str, wanted: FilesWanted
) -> FilesPage:
    """Return a page of a conversation's files.

    Raises:
        NotFound: The viewer is not a member.
    """
    access = access_conversation(snapshot, viewer, conversation)
    while True:
        found, more = files_before(snapshot, conversation, access.sees_after, wanted)
        files = _visible_files(snapshot, access, found)
        if files or not more:
            return FilesPage(files, more)
        wanted = wanted._replace(before=min(found))  # the viewer hid all of them


def _visible_files(
    snapshot: Snapshot, access: Access, found: dict[int, list[Attachment]]
) -> list[SharedFile]:
    messages = store.visible_messages(snapshot, access, list(found))
    return [
        SharedFile(seq, messages[seq].author, messages[seq].created_at, attachment)
        for seq, attachments in found.items()
        if seq in messages
        for attachment in attachments
    ]
