"""Says under which ids conversations, people and messages are exported.

What came from another EchoSphere keeps the ids that it had there, so that it is the same everywhere.
"""

from collections.abc import Sequence

import msgspec

from echosphere.accounts import find_own_user, has_confirmed_email, names_by_id
from echosphere.database import Snapshot
from echosphere.importing import store
from echosphere.importing.format import OWN_SOURCE


class ExportedConversation(msgspec.Struct, frozen=True):
    """How a conversation is exported.

    Attributes:
        kind: What it was where it came from; None if it was made here.
        waiting: The roles of placeholders, by their ids.
    """

    id: str
    kind: str | None
    waiting: dict[str, str]


class ExportedPerson(msgspec.Struct, frozen=True):
    """How a person is exported."""

    id: str
    name: str
    email: str | None


def exported_conversation(snapshot: Snapshot, conversation: str) -> ExportedConversation:
    """Return how a conversation is exported."""
    known = store.find_conversation_here(snapshot, conversation)
    if known is None:
        return ExportedConversation(conversation, None, {})
    name = known.conversation if known.source == OWN_SOURCE else conversation
    return ExportedConversation(name, known.kind, store.waiting_members(snapshot, conversation))


def exported_person(snapshot: Snapshot, user_id: str) -> ExportedPerson:
    """Return how a person is exported; an address only if it is known to be theirs, or came with them."""
    known = store.people_of_user(snapshot, user_id)
    own = sorted(one.person for one in known if one.source == OWN_SOURCE)
    user = find_own_user(snapshot, user_id)
    if user is not None:
        email = user.email if has_confirmed_email(snapshot, user_id) else None
    else:
        email = next((one.email for one in known if one.placeholder and one.email), None)
    name = names_by_id(snapshot, [user_id]).get(user_id, "")
    return ExportedPerson(own[0] if own else user_id, name, email)


def exported_ids(snapshot: Snapshot, conversation: str, seqs: Sequence[int]) -> dict[int, str]:
    """Return the ids under which messages are exported, by their seqs."""
    if not seqs:
        return {}
    known = store.find_conversation_here(snapshot, conversation)
    own = known is not None and known.source == OWN_SOURCE
    found = store.ids_of(snapshot, conversation, seqs) if own else {}
    return {seq: found.get(seq, f"{conversation}-{seq}") for seq in seqs}
