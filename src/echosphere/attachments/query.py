"""Loads the attachments of messages, as they are sent to clients."""

from collections.abc import Iterable, Sequence

from echosphere.attachments import store
from echosphere.attachments.attachment import FilesWanted, StoredFile
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
