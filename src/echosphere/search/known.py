"""Whom and what a person knows by name: to find them, and to understand typed names."""

from collections.abc import Sequence
from dataclasses import dataclass

from echosphere.accounts import User, users_by_id
from echosphere.core.errors import Invalid
from echosphere.database import Snapshot
from echosphere.search import store
from echosphere.search.folding import folded, places_of
from echosphere.search.question import Question, names_meant
from echosphere.search.store import Place

MAX_NAMES = 20
"""People, and conversations, of an answer at most."""

NO_PERSON = "You know nobody called {}. Change what comes after 'from:'."
NO_CONVERSATION = "You have no conversation called {}. Change what comes after 'in:'."

Names = list[tuple[str, str]]
"""Ids with names."""

Places = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Known:
    """The people and conversations around somebody.

    Attributes:
        places: Their conversations, the last changed first.
        around: Contacts and members of their conversations; whether they are there now.
        users: These and the viewer, by id.
    """

    viewer: str
    places: list[Place]
    around: dict[str, bool]
    users: dict[str, User]


def known_to(snapshot: Snapshot, viewer: str) -> Known:
    """Return whom and what a person knows."""
    around = store.people_around(snapshot, viewer)
    users = users_by_id(snapshot, {*around, viewer})
    return Known(viewer, store.places_of(snapshot, viewer), around, users)


def authors_meant(known: Known, wanted: Sequence[str]) -> frozenset[str] | None:
    """Return who is meant by typed names, `me` included; None when none were typed.

    Raises:
        Invalid: Nobody whom the viewer knows.
    """
    names = [(user.id, user.name) for user in known.users.values()]
    return _meant(wanted, [(known.viewer, "me"), *names], NO_PERSON)


def places_meant(known: Known, wanted: Sequence[str]) -> frozenset[str] | None:
    """Return which conversations are meant by typed names; None when none were typed.

    Raises:
        Invalid: None that the viewer is a member of.
    """
    return _meant(wanted, _places(known), NO_CONVERSATION)


def people_named(snapshot: Snapshot, known: Known, question: Question) -> list[User]:
    """Return the people whose name holds all terms, by name."""
    hidden = store.blocked_either_way(snapshot, known.viewer) | {known.viewer}
    found = [
        user
        for one, user in known.users.items()
        if known.around.get(one) and one not in hidden and _is_named(user.name, question)
    ]
    found.sort(key=lambda user: (folded(user.name), user.id))
    return found[:MAX_NAMES]


def places_named(known: Known, question: Question) -> list[tuple[str, Places]]:
    """Return the conversations whose name holds all terms, and where in it."""
    found = [
        (one, places_of(name, question.marked))
        for one, name in _places(known)
        if _is_named(name, question)
    ]
    return found[:MAX_NAMES]


def _places(known: Known) -> Names:
    return [(place.id, _name_of(known, place)) for place in known.places]


def _name_of(known: Known, place: Place) -> str:
    """Return the title, or the partner's name; one's own for one's notes."""
    if place.title is not None:
        return place.title
    user = known.users.get(place.partner or known.viewer)
    return "" if user is None else user.name


def _is_named(name: str, question: Question) -> bool:
    words = folded(name)
    return all(term in words for term in question.terms)


def _meant(wanted: Sequence[str], names: Names, unknown: str) -> frozenset[str] | None:
    if not wanted:
        return None
    meant: set[str] = set()
    for name in wanted:
        some = names_meant(name, names)
        if not some:
            problem = unknown.format(repr(name))
            raise Invalid(problem, fields={"q": problem})
        meant |= some
    return frozenset(meant)
