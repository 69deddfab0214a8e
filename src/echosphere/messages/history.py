"""Reads a conversation's messages in pages."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from echosphere.attachments import Attachment, attachments_of_messages
from echosphere.conversations import Access, access_conversation
from echosphere.core.errors import Invalid
from echosphere.database import Snapshot, quick
from echosphere.messages import store
from echosphere.messages.message import Message

MAX_PAGE = 100
DEFAULT_PAGE = 50
MAX_BYTES = 384 * 1024
"""Of a page: an answer must fit into what the server keeps for a client that reads slowly."""

LONGEST_ESCAPE = 6
"""Bytes that one character takes at most in JSON."""

END = 2**62
"""Larger than any number of a message."""


@dataclass(frozen=True, slots=True)
class Where:
    """Which page is wanted: the latest, or the one before, after or around a number."""

    before: int | None = None
    after: int | None = None
    around: int | None = None
    limit: int = DEFAULT_PAGE


@dataclass(frozen=True, slots=True)
class Page:
    """Messages ascending by number.

    Attributes:
        attachments: By message number.
        version: The conversation's version at which the page was read.
        more: Whether there are further ones in the direction that was asked for (older ones
            unless `after` was given).
    """

    messages: Sequence[Message]
    attachments: dict[int, list[Attachment]]
    version: int
    more: bool


@quick
def history_page(snapshot: Snapshot, viewer: str, conversation: str, where: Where) -> Page:
    """Return a page of the messages that this person may see.

    Raises:
        NotFound: The person is not a member.
        Invalid: More than one place was named.
    """
    if sum(place is not None for place in (where.before, where.after, where.around)) > 1:
        raise Invalid("Give one of 'before', 'after' and 'around', not several.")
    access = access_conversation(snapshot, viewer, conversation)
    found, more = _find(snapshot, access, where)
    files = attachments_of_page(snapshot, conversation, found)
    return Page(found, files, access.conversation.version, more)


def latest_page(snapshot: Snapshot, access: Access, limit: int) -> Sequence[Message]:
    """Return the newest messages that this member may see, ascending."""
    found = store.page_before(snapshot, access, END, limit)
    return _last_that_fit(found)


def bytes_of(message: Message) -> int:
    """Return about how many bytes a message has on the wire."""
    return _bytes_beside_body(message) + len(msgspec.json.encode(message.body))


def most_bytes_of(message: Message) -> int:
    """Return what `bytes_of` returns at most, without writing the body as JSON for it."""
    return _bytes_beside_body(message) + LONGEST_ESCAPE * len(message.body) + len('""')


def _bytes_beside_body(message: Message) -> int:
    size = 500 + 1_000 * message.files
    if message.mentions is not None:
        size += len(message.mentions)
    if message.reactions is not None:
        size += len(message.reactions)
    if message.preview is not None:
        size += len(message.preview)
    return size


def first_that_fit(messages: Sequence[Message], room: int = MAX_BYTES) -> Sequence[Message]:
    """Return the first messages that have room on a page, at least one."""
    if sum(map(most_bytes_of, messages)) <= room:
        return messages
    fitting: list[Message] = []
    for message in messages:
        room -= bytes_of(message)
        if room < 0 and fitting:
            break
        fitting.append(message)
    return fitting


def _last_that_fit(messages: Sequence[Message], room: int = MAX_BYTES) -> Sequence[Message]:
    return first_that_fit(messages[::-1], room)[::-1]


def attachments_of_page(
    snapshot: Snapshot, conversation: str, found: Sequence[Message]
) -> dict[int, list[Attachment]]:
    """Return the attachments of messages by their numbers; asks only if there are any."""
    seqs = [message.seq for message in found if message.files]
    return attachments_of_messages(snapshot, conversation, seqs) if seqs else {}


def _find(snapshot: Snapshot, access: Access, where: Where) -> tuple[Sequence[Message], bool]:
    if where.after is not None:
        found = store.page_after(snapshot, access, where.after, where.limit + 1)
        kept = first_that_fit(found[: where.limit])
        return kept, len(found) > len(kept)
    if where.around is not None:
        return _around(snapshot, access, where.around, where.limit)
    before = END if where.before is None else where.before
    found = store.page_before(snapshot, access, before, where.limit + 1)
    kept = _last_that_fit(found[-where.limit :])
    return kept, len(found) > len(kept)


def _around(
    snapshot: Snapshot, access: Access, seq: int, limit: int
) -> tuple[Sequence[Message], bool]:
    """Return the message with this number in the middle, as far as there are neighbours."""
    later = store.page_after(snapshot, access, seq - 1, limit - limit // 2)
    earlier = store.page_before(snapshot, access, seq, limit - len(later))
    half = MAX_BYTES // 2
    found = [*_last_that_fit(earlier, half), *first_that_fit(later, half)]
    first = found[0].seq if found else seq
    return found, store.exists_before(snapshot, access, first)
