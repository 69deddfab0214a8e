"""Reads a conversation's messages in pages."""

from collections.abc import Sequence
from operator import attrgetter

import msgspec

from echosphere.attachments import Attachment, attachments_of_messages
from echosphere.conversations import Access, access_conversation
from echosphere.core.errors import Invalid
from echosphere.database import Snapshot, run_on_loop
from echosphere.messages import store
from echosphere.messages.message import Message
from echosphere.messages.parts import json_size

MAX_PAGE = 100
DEFAULT_PAGE = 50
MAX_BYTES = 384 * 1024
"""Of a page: it must fit into the send buffer of a slow client."""

MAX_ESCAPE = 6
"""Bytes of the longest JSON escape of one character."""

NO_BOUND = 2**62
"""Larger than any seq."""


class PageRequest(msgspec.Struct, frozen=True):
    """Which page to read: the latest, or the one before, after or around a seq."""

    before: int | None = None
    after: int | None = None
    around: int | None = None
    limit: int = DEFAULT_PAGE


class Page(msgspec.Struct, frozen=True):
    """Messages ascending by number.

    Attributes:
        attachments: By message number.
        version: The conversation's version at which the page was read.
        more: Whether there are further messages in that direction (newer ones if `after` was
            given, otherwise older ones).
    """

    messages: Sequence[Message]
    attachments: dict[int, list[Attachment]]
    version: int
    more: bool


@run_on_loop
def history_page(snapshot: Snapshot, viewer: str, conversation: str, request: PageRequest) -> Page:
    """Return a page of the messages that the viewer may see.

    Raises:
        NotFound: The viewer is not a member.
        Invalid: More than one of before, after and around was given.
    """
    if sum(place is not None for place in (request.before, request.after, request.around)) > 1:
        raise Invalid("Give only one of 'before', 'after' and 'around'.")
    access = access_conversation(snapshot, viewer, conversation)
    found, more = _find(snapshot, access, request)
    files = attachments_of_page(snapshot, conversation, found)
    return Page(found, files, access.conversation.version, more)


def latest_page(snapshot: Snapshot, access: Access, limit: int) -> Sequence[Message]:
    """Return the newest messages that this member may see, ascending."""
    found = store.page_before(snapshot, access, NO_BOUND, limit)
    return _fit_last_to_size(found)


def wire_size(message: Message) -> int:
    """Return the approximate size of a message on the wire, in bytes."""
    return _size_without_bodies([message]) + len(msgspec.json.encode(message.body))


def max_wire_size(messages: Sequence[Message]) -> int:
    """Return an upper bound of the sizes of messages, without encoding their bodies."""
    letters = sum(map(len, map(_body_of, messages)))
    return _size_without_bodies(messages) + MAX_ESCAPE * letters + len('""') * len(messages)


def _size_without_bodies(messages: Sequence[Message]) -> int:
    # A page is measured at every reading of one: no function of ours runs for each message.
    files: int = sum(map(_files_of, messages))
    return 500 * len(messages) + 1_000 * files + json_size(messages)


_body_of, _files_of = attrgetter("body"), attrgetter("files")


def fit_to_size(messages: Sequence[Message], max_bytes: int = MAX_BYTES) -> Sequence[Message]:
    """Return the first messages that fit into a page, at least one."""
    if max_wire_size(messages) <= max_bytes:
        return messages
    kept: list[Message] = []
    for message in messages:
        max_bytes -= wire_size(message)
        if max_bytes < 0 and kept:
            break
        kept.append(message)
    return kept


def _fit_last_to_size(messages: Sequence[Message], max_bytes: int = MAX_BYTES) -> Sequence[Message]:
    return fit_to_size(messages[::-1], max_bytes)[::-1]


def attachments_of_page(
    snapshot: Snapshot, conversation: str, found: Sequence[Message]
) -> dict[int, list[Attachment]]:
    """Return the attachments of messages by their numbers; asks only if there are any."""
    seqs = [message.seq for message in found if message.files]
    return attachments_of_messages(snapshot, conversation, seqs) if seqs else {}


def _find(
    snapshot: Snapshot, access: Access, request: PageRequest
) -> tuple[Sequence[Message], bool]:
    if request.after is not None:
        found = store.page_after(snapshot, access, request.after, request.limit + 1)
        kept = fit_to_size(found[: request.limit])
        return kept, len(found) > len(kept)
    if request.around is not None:
        return _around(snapshot, access, request.around, request.limit)
    before = NO_BOUND if request.before is None else request.before
    found = store.page_before(snapshot, access, before, request.limit + 1)
    kept = _fit_last_to_size(found[-request.limit :])
    return kept, len(found) > len(kept)


def _around(
    snapshot: Snapshot, access: Access, seq: int, limit: int
) -> tuple[Sequence[Message], bool]:
    """Return the message with this seq and its neighbours on both sides."""
    later = store.page_after(snapshot, access, seq - 1, limit - limit // 2)
    earlier = store.page_before(snapshot, access, seq, limit - len(later))
    half = MAX_BYTES // 2
    found = [*_fit_last_to_size(earlier, half), *fit_to_size(later, half)]
    first = found[0].seq if found else seq
    return found, store.exists_before(snapshot, access, first)
