"""Adds or removes a reaction."""

import msgspec

from echosphere.core.emoji import find_emoji
from echosphere.core.errors import Invalid
from echosphere.database import Command, Transaction
from echosphere.messages.access import access_message_for_update, require_not_blocked
from echosphere.messages.change import announce_change, attachments_of_message, change_message
from echosphere.messages.events import ReactionSet
from echosphere.messages.message import require_not_deleted
from echosphere.messages.post import Posted
from echosphere.messages.posting_rules import require_may_react

MAX_DISTINCT_EMOJI = 20
"""Distinct emoji of one message."""

MAX_REACTIONS = 1_000
"""Reactions of one message: every change is sent to all members with all reactions."""

StoredReactions = list[dict[str, object]]


class SetReaction(Command[Posted], lane="conversation"):
    """Add the actor's reaction, or remove it if it is not `on`; idempotent.

    Raises:
        NotFound: The actor cannot see the message.
        Gone: It was deleted.
        Forbidden: It is a system message, one of two users has blocked the other, or only the
            group's admins react.
        Invalid: It is not one emoji, or there are too many reactions.
    """

    conversation: str
    seq: int
    actor: str
    emoji: str
    on: bool

    def run(self, transaction: Transaction) -> Posted:
        """Add or remove it."""
        access, message = access_message_for_update(
            transaction, self.actor, self.conversation, self.seq
        )
        chosen = normalize_emoji(self.emoji)
        require_not_deleted(message)
        if self.on:
            require_not_blocked(transaction, access)
            require_may_react(access)
        before = _decode(message.reactions)
        after = _add(before, chosen, self.actor) if self.on else _remove(before, chosen, self.actor)
        if after == before:
            return Posted(message, attachments_of_message(transaction, message), new=False)
        stored = msgspec.json.encode(_to_json(after)).decode() if after else None
        changed = change_message(transaction, access, message, reactions=stored)
        if access.conversation.bots:
            transaction.announce(ReactionSet(changed, self.actor, chosen, self.on))
        return Posted(changed, announce_change(transaction, access, changed), new=True)


def normalize_emoji(given: str) -> str:
    """Return an emoji in its canonical form, with all variation selectors.

    Raises:
        Invalid: It is not exactly one emoji that Unicode recommends.
    """
    found = find_emoji(given)
    if found is None:
        problem = "must be one emoji"
        raise Invalid(f"The reaction {problem}.", fields={"emoji": problem})
    return found


def _decode(stored: str | None) -> dict[str, list[str]]:
    if stored is None:
        return {}
    return {one["emoji"]: one["users"] for one in msgspec.json.decode(stored)}


def _to_json(reactions: dict[str, list[str]]) -> StoredReactions:
    return [{"emoji": emoji, "users": users} for emoji, users in reactions.items()]


def _add(before: dict[str, list[str]], emoji: str, actor: str) -> dict[str, list[str]]:
    users = before.get(emoji, [])
    if actor in users:
        return before
    if not users and len(before) >= MAX_DISTINCT_EMOJI:
        problem = f"already has {MAX_DISTINCT_EMOJI} different reactions, the maximum"
        raise Invalid(f"The message {problem}.", fields={"emoji": problem})
    if sum(map(len, before.values())) >= MAX_REACTIONS:
        problem = f"already has {MAX_REACTIONS} reactions, the maximum"
        raise Invalid(f"The message {problem}.", fields={"emoji": problem})
    return before | {emoji: [*users, actor]}


def _remove(before: dict[str, list[str]], emoji: str, actor: str) -> dict[str, list[str]]:
    if actor not in before.get(emoji, ()):
        return before
    left = before | {emoji: [user for user in before[emoji] if user != actor]}
    return {one: users for one, users in left.items() if users}
