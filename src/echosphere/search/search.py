"""Finds messages, people and conversations that a viewer may see."""

from collections.abc import Sequence

import msgspec

from echosphere.accounts import User
from echosphere.attachments import Attachment, attachments_of_messages
from echosphere.conversations import access_conversation
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.messages import Message, fit_to_size
from echosphere.search import store
from echosphere.search.excerpt import Excerpt, excerpt_of
from echosphere.search.folding import find_spans
from echosphere.search.query import ContentKind, ParsedQuery
from echosphere.search.scan import SearchScan
from echosphere.search.store import Scope
from echosphere.search.visible_names import (
    Spans,
    VisibleNames,
    find_conversations,
    find_people,
    load_visible_names,
    resolve_authors,
    resolve_conversations,
)

NO_BOUND = 2**62
"""Larger than any row id of a message."""


class SearchRequest(msgspec.Struct, frozen=True):
    """A search: the typed query and further filters.

    Attributes:
        conversation: Only messages of this conversation.
        author: Only messages of this user.
        before: Only messages with a smaller row id; None for the first page.
    """

    query: ParsedQuery
    conversation: str | None
    author: str | None
    limit: int
    before: int | None


class Hit(msgspec.Struct, frozen=True):
    """A message that was found.

    Attributes:
        spans: Where the terms occur in its body, as it was typed.
        files: Ids of files whose names contain terms, and where.
    """

    message: Message
    attachments: Sequence[Attachment]
    spans: Spans
    excerpt: Excerpt
    files: list[tuple[str, Spans]]


class SearchPage(msgspec.Struct, frozen=True):
    """A page of results, the newest message first.

    Attributes:
        conversations: Ids, and where the terms occur in their names.
        next_before: `before` of the next page; None for the last page.
    """

    hits: list[Hit]
    people: list[User]
    conversations: list[tuple[str, Spans]]
    next_before: int | None


def search(snapshot: Snapshot, viewer: str, request: SearchRequest) -> SearchPage:
    """Return a page of results.

    Raises:
        NotFound: The viewer cannot see the conversation or the author.
        Invalid: A typed name matches nothing that the viewer can see.
    """
    if request.conversation is not None:
        access_conversation(snapshot, viewer, request.conversation)
    visible, query = load_visible_names(snapshot, viewer), request.query
    if request.author is not None and request.author not in visible.users:
        raise NotFound("Person not found.")
    found, next_before = _page(snapshot, visible, request)
    hits = _hits(snapshot, found, query)
    if request.before is not None or not query.terms:
        return SearchPage(hits, [], [], next_before)
    people = find_people(snapshot, visible, query)
    return SearchPage(hits, people, find_conversations(visible, query), next_before)


def _page(
    snapshot: Snapshot, visible: VisibleNames, request: SearchRequest
) -> tuple[Sequence[Message], int | None]:
    before = NO_BOUND if request.before is None else request.before
    scan = SearchScan(
        snapshot=snapshot,
        scope=_scope(visible, request),
        query=request.query,
        conversations=visible.conversations,
        before=before,
        wanted=request.limit + 1,  # one more tells whether there is a next page
    )
    scan.run()
    numbers = scan.found[: request.limit]
    found = store.messages_by_id(snapshot, numbers)
    fitting = fit_to_size(found)
    if len(fitting) < len(scan.found):
        return fitting, numbers[len(fitting) - 1]
    return fitting, None if scan.complete else scan.before


def _scope(visible: VisibleNames, request: SearchRequest) -> Scope:
    query = request.query
    conversations = resolve_conversations(visible, query.conversations)
    if request.conversation is not None:
        conversations = _narrow(conversations, request.conversation)
    authors = resolve_authors(visible, query.authors)
    if request.author is not None:
        authors = _narrow(authors, request.author)
    media = frozenset(kind.value for kind in query.has if kind is not ContentKind.LINK)
    return Scope(visible.viewer, conversations, authors, query.since, query.until, media)


def _narrow(some: frozenset[str] | None, chosen: str) -> frozenset[str]:
    return frozenset((chosen,)) if some is None else some & {chosen}


def _hits(snapshot: Snapshot, found: Sequence[Message], query: ParsedQuery) -> list[Hit]:
    with_files: dict[str, list[int]] = {}
    for message in found:
        if message.files:
            with_files.setdefault(message.conversation, []).append(message.seq)
    files = {
        (conversation, seq): some
        for conversation, seqs in with_files.items()
        for seq, some in attachments_of_messages(snapshot, conversation, seqs).items()
    }
    return [
        _hit(message, files.get((message.conversation, message.seq), []), query)
        for message in found
    ]


def _hit(message: Message, files: list[Attachment], query: ParsedQuery) -> Hit:
    named = [(file.id, find_spans(file.name, query.highlight_terms)) for file in files]
    return Hit(
        message,
        files,
        find_spans(message.body, query.highlight_terms),
        excerpt_of(message.body, query.highlight_terms),
        [(file, spans) for file, spans in named if spans],
    )
