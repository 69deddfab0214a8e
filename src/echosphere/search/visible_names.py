"""The people and conversations whose names a viewer can search for and use in filters."""

from collections.abc import Sequence

import msgspec

from echosphere.accounts import User, users_by_id
from echosphere.core.errors import Invalid
from echosphere.database import Snapshot
from echosphere.search import store
from echosphere.search.folding import find_spans, fold
from echosphere.search.query import ParsedQuery, match_names
from echosphere.search.store import SearchableConversation

MAX_RESULTS = 20
"""People, and conversations, in one answer."""

NO_PERSON = "You know no one called {}. Change the name after 'from:'."
NO_CONVERSATION = "You have no conversation called {}. Change the name after 'in:'."

Names = list[tuple[str, str]]
"""Ids with names."""

Spans = list[tuple[int, int]]


class VisibleNames(msgspec.Struct, frozen=True):
    """What a viewer can see by name.

    Attributes:
        conversations: The viewer's conversations, the last changed first.
        connected: By user id of contacts and (former) fellow members, whether they are one now.
        users: These users and the viewer, by id.
    """

    viewer: str
    conversations: list[SearchableConversation]
    connected: dict[str, bool]
    users: dict[str, User]


def load_visible_names(snapshot: Snapshot, viewer: str) -> VisibleNames:
    """Load what a viewer can see by name."""
    connected = store.connected_users(snapshot, viewer)
    users = users_by_id(snapshot, {*connected, viewer})
    return VisibleNames(viewer, store.conversations_of(snapshot, viewer), connected, users)


def resolve_authors(visible: VisibleNames, wanted: Sequence[str]) -> frozenset[str] | None:
    """Return the user ids that typed names (or `me`) match; None when none were typed.

    Raises:
        Invalid: A name matches no user.
    """
    names = [(user.id, user.name) for user in visible.users.values()]
    return _resolve(wanted, [(visible.viewer, "me"), *names], NO_PERSON)


def resolve_conversations(visible: VisibleNames, wanted: Sequence[str]) -> frozenset[str] | None:
    """Return the ids of conversations that typed names match; None when none were typed.

    Raises:
        Invalid: A name matches no conversation.
    """
    return _resolve(wanted, _conversation_names(visible), NO_CONVERSATION)


def find_people(snapshot: Snapshot, visible: VisibleNames, query: ParsedQuery) -> list[User]:
    """Return the people whose name contains all terms, sorted by name."""
    hidden = store.blocked_user_ids(snapshot, visible.viewer) | {visible.viewer}
    found = [
        user
        for one, user in visible.users.items()
        if visible.connected.get(one) and one not in hidden and _matches_name(user.name, query)
    ]
    found.sort(key=lambda user: (fold(user.name), user.id))
    return found[:MAX_RESULTS]


def find_conversations(visible: VisibleNames, query: ParsedQuery) -> list[tuple[str, Spans]]:
    """Return the conversations whose name contains all terms, and where."""
    found = [
        (one, find_spans(name, query.highlight_terms))
        for one, name in _conversation_names(visible)
        if _matches_name(name, query)
    ]
    return found[:MAX_RESULTS]


def _conversation_names(visible: VisibleNames) -> Names:
    return [
        (conversation.id, _display_name(visible, conversation))
        for conversation in visible.conversations
    ]


def _display_name(visible: VisibleNames, conversation: SearchableConversation) -> str:
    """Return the title, or the partner's name (one's own for notes to self)."""
    if conversation.title is not None:
        return conversation.title
    user = visible.users.get(conversation.partner or visible.viewer)
    return "" if user is None else user.name


def _matches_name(name: str, query: ParsedQuery) -> bool:
    words = fold(name)
    return all(term in words for term in query.terms)


def _resolve(wanted: Sequence[str], names: Names, unknown: str) -> frozenset[str] | None:
    if not wanted:
        return None
    meant: set[str] = set()
    for name in wanted:
        some = match_names(name, names)
        if not some:
            problem = unknown.format(repr(name))
            raise Invalid(problem, fields={"q": problem})
        meant |= some
    return frozenset(meant)
