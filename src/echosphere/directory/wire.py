"""The shapes of the directory on the wire."""

from typing import Annotated

from msgspec import Meta

from echosphere.accounts import User
from echosphere.directory.search import DirectoryPage, DirectoryQuery, from_cursor, to_cursor
from echosphere.wire import Request, Shape

DEFAULT_PAGE, MAX_PAGE = 30, 50


class DirectoryCall(Request, frozen=True, kw_only=True):
    """The word starts in `q` to look for; "" finds all. `cursor` is that of the previous page."""

    q: Annotated[str, Meta(max_length=100)] = ""
    cursor: Annotated[str, Meta(max_length=400)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE

    def query(self) -> DirectoryQuery:
        """Return the query.

        Raises:
            Invalid: The cursor is malformed.
        """
        after = None if self.cursor is None else from_cursor(self.cursor)
        return DirectoryQuery(self.q, after, self.limit)


class DirectoryAnswer(Shape, frozen=True):
    """Users by name, with name and picture; `cursor` is null on the last page."""

    people: list[User]
    cursor: str | None


def directory_answer(page: DirectoryPage) -> DirectoryAnswer:
    """Return the answer with a page."""
    return DirectoryAnswer(page.users, None if page.next is None else to_cursor(page.next))
