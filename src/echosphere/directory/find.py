"""Finds people of the instance by name, as far as they want to be found."""

from typing import NamedTuple

from echosphere.accounts import User, limited_profile, users_by_id
from echosphere.core.errors import Invalid
from echosphere.database import Snapshot
from echosphere.directory import store
from echosphere.directory.names import terms_of
from echosphere.directory.store import After


class Wanted(NamedTuple):
    """A page of those with a word in their name for each of a query, begun alike; "" for everybody."""

    query: str
    after: After | None
    limit: int


class Page(NamedTuple):
    """The faces of people by name, and where the next page begins; None for no further one."""

    people: list[User]
    next: After | None


def find_people(snapshot: Snapshot, viewer: str, wanted: Wanted) -> Page:
    """Return a page of the people whom a viewer finds: name and picture of each.

    Nobody finds themselves, who took themselves out, who closed their account, or anybody across
    a block.
    """
    terms = terms_of(wanted.query)
    found = store.page(snapshot, viewer, terms, wanted.after, wanted.limit + 1)
    shown = found[: wanted.limit]
    users = users_by_id(snapshot, [one.user for one in shown])
    people = [limited_profile(users[one.user]) for one in shown]
    return Page(people, shown[-1] if len(found) > len(shown) else None)


def is_found(snapshot: Snapshot, viewer: str, other: str) -> bool:
    """Whether a viewer finds somebody in the directory."""
    return store.is_found(snapshot, viewer, other)


def to_cursor(after: After) -> str:
    """Return where a page ended, as text: nothing in it is hidden from who saw the page."""
    # There is no space in an id, nor in a word.
    return f"{after.user} {after.word} {after.name}"


def from_cursor(cursor: str) -> After:
    """Return where a page ended.

    Raises:
        Invalid: It is no cursor.
    """
    parts = cursor.split(" ", 2)
    if len(parts) < 3:
        problem = "did not come from a search; search again without it"
        raise Invalid(f"The cursor {problem}.", fields={"cursor": problem})
    user, word, name = parts
    return After(word, name, user)
