"""Lists a user's storage usage, and the largest files with their messages."""

from collections import defaultdict
from typing import NamedTuple

from echosphere.attachments import PostedFile, Quota, Usage, largest_posted_files, usage_of
from echosphere.conversations import access_conversation
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.messages import store
from echosphere.messages.message import Message

MAX_LISTED = 10
"""Largest files that are returned."""

MAX_EXAMINED = 50
"""Largest files that are examined: the author may not see all of their messages any more."""


class SentFile(NamedTuple):
    """A file and the message that it was sent with."""

    conversation: str
    message: Message
    file: PostedFile


class OwnStorage(NamedTuple):
    """A user's storage usage, and the largest files whose messages the user can see."""

    usage: Usage
    largest: list[SentFile]


def own_storage(snapshot: Snapshot, viewer: str, quota: Quota) -> OwnStorage:
    """Return a user's storage usage and largest files, the largest first."""
    files = largest_posted_files(snapshot, viewer, MAX_EXAMINED)
    visible = _visible_messages(snapshot, viewer, files)
    largest = [
        SentFile(file.conversation, visible[file.conversation, file.seq], file)
        for file in files
        if (file.conversation, file.seq) in visible
    ]
    return OwnStorage(usage_of(snapshot, viewer, quota), largest[:MAX_LISTED])


def _visible_messages(
    snapshot: Snapshot, viewer: str, files: list[PostedFile]
) -> dict[tuple[str, int], Message]:
    """Return the messages of these files that the viewer can see, by conversation and seq."""
    seqs_by_conversation: dict[str, list[int]] = defaultdict(list)
    for file in files:
        seqs_by_conversation[file.conversation].append(file.seq)
    found = {}
    for conversation, seqs in seqs_by_conversation.items():
        try:
            access = access_conversation(snapshot, viewer, conversation)
        except NotFound:  # the viewer left
            continue
        for seq, message in store.visible_messages(snapshot, access, seqs).items():
            found[conversation, seq] = message
    return found
