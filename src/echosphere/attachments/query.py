"""Loads the attachments of messages, as they are sent to clients."""

from collections.abc import Iterable, Sequence

from echosphere.attachments import store
from echosphere.attachments.attachment import FilesWanted, MessageId, StoredFile
from echosphere.attachments.wire import Attachment, attachment_shape
from echosphere.database import Snapshot


def attachments_in_range(
    snapshot: Snapshot, conversation: str, first_seq: int, last_seq: int
) -> dict[int, list[Attachment]]:
    """Return the attachments of the messages from one `seq` to another, inclusive, by `seq`."""
    return _by_message(store.in_range(snapshot, conversation, first_seq, last_seq))


def attachments_of_messages(
    snapshot: Snapshot, conversation: str, seqs: Sequence[int]
) -> dict[int, list[Attachment]]:
    """Return the attachments of these messages by `seq`, without messages that have none."""
    if not seqs:
        return {}
    return _by_message(store.of_messages(snapshot, conversation, seqs))


def stored_files_of_messages(
    snapshot: Snapshot, conversation: str, seqs: Sequence[int]
) -> dict[int, list[StoredFile]]:
    """Return the stored files of messages by `seq`, in their order."""
    found: dict[int, list[StoredFile]] = {}
    for file in store.of_messages(snapshot, conversation, seqs) if seqs else ():
        found.setdefault(file.seq or 0, []).append(file)
    return found


def file_names_of_messages(
    snapshot: Snapshot, messages: Iterable[MessageId]
) -> dict[MessageId, list[str]]:
    """Return the names of the files of messages, which may be in several conversations."""
    by_conversation: dict[str, list[int]] = {}
    for conversation, seq in messages:
        by_conversation.setdefault(conversation, []).append(seq)
    found: dict[MessageId, list[str]] = {}
    for conversation, seqs in by_conversation.items():
        for seq, name in store.names(snapshot, conversation, seqs):
            found.setdefault((conversation, seq), []).append(name)
    return found


def names_of_unused(snapshot: Snapshot, owner: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the names by id of those of these uploads that are a user's and in no message yet."""
    files = (store.find_unused(snapshot, owner, one) for one in ids)
    return {file.id: file.name for file in files if file is not None}


def files_before(
    snapshot: Snapshot, conversation: str, after: int, wanted: FilesWanted
) -> tuple[dict[int, list[Attachment]], bool]:
    """Return a page of a conversation's files by message, newest first.

    The second value says whether there are older ones. The caller removes those that the viewer hid.
    """
    found, more = store.before(snapshot, conversation, after, wanted)
    return _by_message(found), more


def _by_message(files: Iterable[StoredFile]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    for file in files:
        assert file.seq is not None  # noqa: S101 - selected by it
        found.setdefault(file.seq, []).append(attachment_shape(file))
    return found
