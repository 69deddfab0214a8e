"""Shapes of searches on the wire."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, field

from echosphere.accounts import User
from echosphere.core.errors import Invalid
from echosphere.messages import MessageShape, message_shape
from echosphere.search.cursor import CursorCodec
from echosphere.search.query import ContentKind, parse_query, parse_time
from echosphere.search.search import Hit, SearchPage, SearchRequest
from echosphere.search.visible_names import Spans
from echosphere.wire import Id, Request, Shape

MAX_QUERY = 400
MAX_PAGE = 50
DEFAULT_PAGE = 20

Moment = Annotated[int, Meta(ge=0, le=2**53)] | Annotated[str, Meta(max_length=16)]
Range = tuple[int, int]


class SearchQuery(Request, frozen=True, kw_only=True):
    """The query of `GET /search`, and the argument of `search`."""

    q: Annotated[str, Meta(max_length=MAX_QUERY)] = ""
    conversation: Id | None = field(default=None, name="in")
    author: Id | None = field(default=None, name="from")
    before: Moment | None = None
    after: Moment | None = None
    has: ContentKind | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE
    cursor: Annotated[str, Meta(max_length=64)] | None = None

    def to_request(self, cursor_codec: CursorCodec) -> SearchRequest:
        """Return the request for the use case.

        Raises:
            Invalid: The query is empty or malformed.
        """
        query = parse_query(self.q)
        if self.before is not None:
            until = min(query.until, parse_time(self.before, "before"))
            query = msgspec.structs.replace(query, until=until)
        if self.after is not None:
            query = msgspec.structs.replace(
                query, since=max(query.since, parse_time(self.after, "after"))
            )
        if self.has is not None:
            query = msgspec.structs.replace(query, has=query.has | {self.has})
        if not (query.terms or query.has_filters or self.conversation or self.author):
            problem = "is empty: enter part of a word, or a filter such as 'has:image'"
            raise Invalid(f"The search {problem}.", fields={"q": problem})
        before = None if self.cursor is None else cursor_codec.decode(self.cursor)
        return SearchRequest(query, self.conversation, self.author, self.limit, before)


class FileHit(Shape, frozen=True):
    """A file that was found by its name; ranges are offsets in code points."""

    id: str
    highlights: Sequence[Range]


class ExcerptShape(Shape, frozen=True):
    """Some text of a message without markup; `highlights` are offsets in it, in code points."""

    text: str
    highlights: Sequence[Range]


class SearchResult(Shape, frozen=True):
    """A message that was found; `highlights` are offsets in its body, in code points."""

    message: MessageShape
    highlights: Sequence[Range]
    excerpt: ExcerptShape
    files: list[FileHit]


class ConversationHit(Shape, frozen=True):
    """A conversation found by its title or its partner's name."""

    id: str
    highlights: Sequence[Range]


class SearchAnswer(Shape, frozen=True):
    """A page of what was found, the newest message first."""

    results: list[SearchResult]
    people: list[User]
    conversations: list[ConversationHit]
    cursor: str | None


def search_answer(found: SearchPage, cursor_codec: CursorCodec) -> SearchAnswer:
    """Return a page of results as it crosses the wire."""
    return SearchAnswer(
        results=[_result(hit) for hit in found.hits],
        people=found.people,
        conversations=[ConversationHit(one, spans) for one, spans in found.conversations],
        cursor=None if found.next_before is None else cursor_codec.encode(found.next_before),
    )


def _result(hit: Hit) -> SearchResult:
    message = message_shape(hit.message, hit.attachments)
    return SearchResult(message, hit.spans, ExcerptShape(*hit.excerpt), _files(hit.files))


def _files(files: list[tuple[str, Spans]]) -> list[FileHit]:
    return [FileHit(file, spans) for file, spans in files]
