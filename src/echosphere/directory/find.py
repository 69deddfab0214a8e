"""Finds people of the instance by name, as far as they want to be found."""

from typing import NamedTuple

from echosphere.accounts import User, face_of, users_by_id
from echosphere.database import Snapshot
from echosphere.directory import store
from echosphere.directory.store import After
from echosphere.errors import Invalid
from echosphere.search import folded


class Wanted(NamedTuple):
    """A page of those whose name holds all words of a query; "" for everybody."""

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
    terms = sorted(set(folded(wanted.query).split()))
    found = store.page(snapshot, viewer, terms, wanted.after, wanted.limit + 1)
    shown = found[: wanted.limit]
    users = users_by_id(snapshot, [one.user for one in shown])
    people = [face_of(users[one.user]) for one in shown]
    return Page(people, shown[-1] if len(found) > len(shown) else None)


def is_found(snapshot: Snapshot, viewer: str, other: str) -> bool:
    """Whether a viewer finds somebody in the directory."""
    return store.is_found(snapshot, viewer, other)


def to_cursor(after: After) -> str:
    """Return where a page ended, as text: nothing in it is hidden from who saw the page."""
    return f"{after.user}:{after.name}"


def from_cursor(cursor: str) -> After:
    """Return where a page ended.

    Raises:
        Invalid: It is no cursor.
    """
    user, mark, name = cursor.partition(":")
    if not mark:
        problem = "did not come from a search; search again without it"
        raise Invalid(f"The cursor {problem}.", fields={"cursor": problem})
    return After(name, user)
