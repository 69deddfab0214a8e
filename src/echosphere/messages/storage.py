"""Shows a person what their files take, and the largest with the messages that carry them."""

from collections import defaultdict
from typing import NamedTuple

from echosphere.attachments import PostedFile, Quota, Usage, largest_posted_files, usage_of
from echosphere.conversations import access_conversation
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.messages import store
from echosphere.messages.message import Message

SHOWN = 10
"""Of the largest files."""

LOOKED_AT = 50
"""So many are looked at for those: some messages their author does not see any more."""


class SentFile(NamedTuple):
    """A file, and the message by which it was sent."""

    conversation: str
    message: Message
    file: PostedFile


class OwnStorage(NamedTuple):
    """What a person's files take, and the largest that they can find again."""

    usage: Usage
    largest: list[SentFile]


def storage_of(snapshot: Snapshot, viewer: str, quota: Quota) -> OwnStorage:
    """Return what a person's files take, and the largest of them, the largest first."""
    files = largest_posted_files(snapshot, viewer, LOOKED_AT)
    shown = _shown(snapshot, viewer, files)
    largest = [
        SentFile(file.conversation, shown[file.conversation, file.seq], file)
        for file in files
        if (file.conversation, file.seq) in shown
    ]
    return OwnStorage(usage_of(snapshot, viewer, quota), largest[:SHOWN])


def _shown(
    snapshot: Snapshot, viewer: str, files: list[PostedFile]
) -> dict[tuple[str, int], Message]:
    """Return those messages of the files that their author still sees."""
    places: dict[str, list[int]] = defaultdict(list)
    for file in files:
        places[file.conversation].append(file.seq)
    found = {}
    for conversation, seqs in places.items():
        try:
            access = access_conversation(snapshot, viewer, conversation)
        except NotFound:  # they left
            continue
        for seq, message in store.visible_messages(snapshot, access, seqs).items():
            found[conversation, seq] = message
    return found
