"""Shapes of searches on the wire."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from msgspec import Meta, field

from echosphere.accounts import User
from echosphere.core.errors import Invalid
from echosphere.messages import MessageShape, message_shape
from echosphere.search.cursor import Cursors
from echosphere.search.find import Asked, Found, Hit
from echosphere.search.known import Places
from echosphere.search.question import Has, moment, read_question
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
    has: Has | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE
    cursor: Annotated[str, Meta(max_length=64)] | None = None

    def to_asked(self, cursors: Cursors) -> Asked:
        """Return what the use case is asked.

        Raises:
            Invalid: Nothing is asked for, or something that makes no sense.
        """
        question = read_question(self.q)
        if self.before is not None:
            until = min(question.until, moment(self.before, "before"))
            question = replace(question, until=until)
        if self.after is not None:
            question = replace(question, since=max(question.since, moment(self.after, "after")))
        if self.has is not None:
            question = replace(question, has=question.has | {self.has})
        if not (question.terms or question.filtered or self.conversation or self.author):
            problem = "is empty: type a part of a word, or a filter such as 'has:image'"
            raise Invalid(f"The search {problem}.", fields={"q": problem})
        before = None if self.cursor is None else cursors.open(self.cursor)
        return Asked(question, self.conversation, self.author, self.limit, before)


class FileHit(Shape, frozen=True):
    """A file that was found by its name; ranges are offsets in code points."""

    id: str
    highlights: Sequence[Range]


class Part(Shape, frozen=True):
    """Some text of a message without markup; `highlights` are offsets in it, in code points."""

    text: str
    highlights: Sequence[Range]


class Result(Shape, frozen=True):
    """A message that was found; `highlights` are offsets in its body, in code points."""

    message: MessageShape
    highlights: Sequence[Range]
    excerpt: Part
    files: list[FileHit]


class ConversationHit(Shape, frozen=True):
    """A conversation found by its title or its partner's name."""

    id: str
    highlights: Sequence[Range]


class SearchAnswer(Shape, frozen=True):
    """A page of what was found, the newest message first."""

    results: list[Result]
    people: list[User]
    conversations: list[ConversationHit]
    cursor: str | None


def search_answer(found: Found, cursors: Cursors) -> SearchAnswer:
    """Return what was found as it crosses the wire."""
    return SearchAnswer(
        results=[_result(hit) for hit in found.hits],
        people=found.people,
        conversations=[ConversationHit(one, places) for one, places in found.conversations],
        cursor=None if found.rest is None else cursors.seal(found.rest),
    )


def _result(hit: Hit) -> Result:
    message = message_shape(hit.message, hit.attachments)
    return Result(message, hit.places, Part(*hit.excerpt), _files(hit.files))


def _files(files: list[tuple[str, Places]]) -> list[FileHit]:
    return [FileHit(file, places) for file, places in files]
