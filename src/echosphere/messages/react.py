"""Puts an emoji under a message, or takes it away."""

from typing import NamedTuple

import msgspec

from echosphere.core.emoji import find_emoji
from echosphere.core.errors import Invalid
from echosphere.database import Transaction
from echosphere.messages.access import access_message_to_change, require_not_blocked
from echosphere.messages.change import announce_changed, change_message, files_of
from echosphere.messages.message import require_living
from echosphere.messages.post import Posted

MAX_DIFFERENT = 20
"""Emoji under one message."""

MAX_REACTIONS = 1_000
"""Of all people together: every change of a message is sent whole to all members."""

Reactions = list[dict[str, object]]


class Reaction(NamedTuple):
    """An emoji for a message; `on` says whether it is put there or taken away."""

    conversation: str
    seq: int
    emoji: str
    on: bool


def react(transaction: Transaction, person: str, reaction: Reaction) -> Posted:
    """Add or remove a person's reaction; what is so already changes nothing.

    Raises:
        NotFound: The person cannot see such a message.
        Gone: It was deleted.
        Forbidden: A system line, or one of two people has blocked the other.
        Invalid: Not one emoji, or one too many.
    """
    conversation, seq, emoji, on = reaction
    access, message = access_message_to_change(transaction, person, conversation, seq)
    chosen = one_emoji(emoji)
    require_living(message)
    if on:
        require_not_blocked(transaction, access)
    before = _decoded(message.reactions)
    after = _with(before, chosen, person) if on else _without(before, chosen, person)
    if after == before:
        return Posted(message, files_of(transaction, message), new=False)
    kept = msgspec.json.encode(_encodable(after)).decode() if after else None
    changed = change_message(transaction, access, message, reactions=kept)
    return Posted(changed, announce_changed(transaction, access, changed), new=True)


def one_emoji(given: str) -> str:
    """Return the one spelling of an emoji, with all its variation selectors.

    Raises:
        Invalid: It is not exactly one emoji that Unicode recommends.
    """
    found = find_emoji(given)
    if found is None:
        problem = "must be one emoji"
        raise Invalid(f"The reaction {problem}.", fields={"emoji": problem})
    return found


def _decoded(kept: str | None) -> dict[str, list[str]]:
    if kept is None:
        return {}
    return {one["emoji"]: one["users"] for one in msgspec.json.decode(kept)}


def _encodable(reactions: dict[str, list[str]]) -> Reactions:
    return [{"emoji": emoji, "users": users} for emoji, users in reactions.items()]


def _with(before: dict[str, list[str]], emoji: str, person: str) -> dict[str, list[str]]:
    users = before.get(emoji, [])
    if person in users:
        return before
    if not users and len(before) >= MAX_DIFFERENT:
        problem = f"has {MAX_DIFFERENT} different reactions, which is the most"
        raise Invalid(f"The message {problem}.", fields={"emoji": problem})
    if sum(map(len, before.values())) >= MAX_REACTIONS:
        problem = f"has {MAX_REACTIONS} reactions, which is the most"
        raise Invalid(f"The message {problem}.", fields={"emoji": problem})
    return before | {emoji: [*users, person]}


def _without(before: dict[str, list[str]], emoji: str, person: str) -> dict[str, list[str]]:
    if person not in before.get(emoji, ()):
        return before
    left = before | {emoji: [user for user in before[emoji] if user != person]}
    return {one: users for one, users in left.items() if users}
