"""Finds users by name, without those who do not want to be listed."""

from collections.abc import Callable
from typing import NamedTuple

from echosphere.accounts import User, limited_profile, users_by_id
from echosphere.core.errors import Invalid
from echosphere.database import Snapshot
from echosphere.directory import store
from echosphere.directory.names import query_terms
from echosphere.directory.store import PageEnd
from echosphere.settings import LiveSettings


class DirectoryQuery(NamedTuple):
    """A page of the users whose names have a word that starts with each word of `text`; "" for all."""

    text: str
    after: PageEnd | None
    limit: int


class DirectoryPage(NamedTuple):
    """Users by name, with name and picture; `next` is None on the last page."""

    users: list[User]
    next: PageEnd | None


def search_directory(snapshot: Snapshot, viewer: str, query: DirectoryQuery) -> DirectoryPage:
    """Return a page of the users whom the viewer finds.

    The viewer, unlisted users, closed accounts and users across a block are left out.
    """
    terms = query_terms(query.text)
    found = store.find_page(snapshot, viewer, terms, query.after, query.limit + 1)
    shown = found[: query.limit]
    users = users_by_id(snapshot, [one.user_id for one in shown])
    limited = [limited_profile(users[one.user_id]) for one in shown]
    return DirectoryPage(limited, shown[-1] if len(found) > len(shown) else None)


def finder(live: LiveSettings) -> Callable[[Snapshot, str, str], bool]:
    """Return the function that says whether a viewer finds a user in the directory at this moment."""

    def finds_in_directory(snapshot: Snapshot, viewer: str, user_id: str) -> bool:
        return live.current.directory and store.is_visible(snapshot, viewer, user_id)

    return finds_in_directory


def to_cursor(after: PageEnd) -> str:
    """Return the cursor of the next page; all in it was on the page."""
    # There is no space in an id, nor in a word.
    return f"{after.user_id} {after.word} {after.name}"


def from_cursor(cursor: str) -> PageEnd:
    """Return where the page with this cursor begins.

    Raises:
        Invalid: It is malformed.
    """
    parts = cursor.split(" ", 2)
    if len(parts) < 3:
        problem = "did not come from a search; search again without it"
        raise Invalid(f"The cursor {problem}.", fields={"cursor": problem})
    user_id, word, name = parts
    return PageEnd(word, name, user_id)
