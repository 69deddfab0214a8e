"""The shapes of the directory on the wire."""

from typing import Annotated

from msgspec import Meta

from echosphere.accounts import User
from echosphere.directory.find import Page, Wanted, from_cursor, to_cursor
from echosphere.wire import Request, Shape

DEFAULT_PAGE, MAX_PAGE = 30, 50


class DirectoryCall(Request, frozen=True, kw_only=True):
    """Whom to find, by the beginnings of words of the name; everybody for "".

    `cursor` is that of the page before.
    """

    q: Annotated[str, Meta(max_length=100)] = ""
    cursor: Annotated[str, Meta(max_length=400)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE

    def wanted(self) -> Wanted:
        """Return the page that is wanted.

        Raises:
            Invalid: The cursor is none.
        """
        after = None if self.cursor is None else from_cursor(self.cursor)
        return Wanted(self.q, after, self.limit)


class DirectoryAnswer(Shape, frozen=True):
    """Faces of people, by name; the cursor leads to the next page, null to none."""

    people: list[User]
    cursor: str | None


def directory_answer(page: Page) -> DirectoryAnswer:
    """Return a page as it crosses the wire."""
    return DirectoryAnswer(page.people, None if page.next is None else to_cursor(page.next))
