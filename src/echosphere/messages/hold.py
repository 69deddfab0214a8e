"""Holds messages that the filter of a group found, until someone who runs it has decided."""

from collections.abc import Sequence

import msgspec

from echosphere.attachments import names_of_unused
from echosphere.contacts import blocked_user_ids
from echosphere.conversations import (
    Access,
    Conversation,
    Kind,
    access_conversation,
    access_for_update,
    find_member,
    members_of,
    profiles_for,
    set_conversation_fields,
)
from echosphere.core.errors import Conflict, Forbidden, Invalid, NotFound
from echosphere.core.ids import new_id
from echosphere.database import Command, Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.events import HeldChanged
from echosphere.messages.held import MAX_HELD, PAGE, Held, HeldPage
from echosphere.messages.message import Message
from echosphere.messages.posting_rules import expiry_of
from echosphere.messages.word_filter import clean_words, decode_words, matches

NO_SUCH_HELD = "Held message not found."
ONLY_ADMINS_DECIDE = "Only the group's owner and admins can review held messages."
ALREADY_REFUSED = "This message has already been rejected."
MAX_DIGITS = 16
NOT_A_GROUP = "Only groups have a word filter."


def hold_post(transaction: Transaction, access: Access, held: Held) -> Held:
    """Hold a new message; a key that is held already returns what was held with it."""
    known = store.find_held_by_key(transaction, access, held.key)
    return _hold(transaction, access, held) if known is None else known


def hold_edit(transaction: Transaction, access: Access, message: Message, body: str) -> Held:
    """Hold other words for a message, in the place of earlier ones that wait."""
    _delete_held_edit(transaction, access, message.seq)
    waiting = new_held(transaction, access, _edit_key(message.seq), body)
    return _hold(
        transaction, access, waiting._replace(edits=message.seq, expires_at=message.expires_at)
    )


def find_same_edit(snapshot: Snapshot, access: Access, seq: int, body: str) -> Held | None:
    """Return these other words if they wait for a message already: the edit is a repeated one."""
    if access.conversation.kind is not Kind.GROUP:
        return None
    known = store.find_held_by_key(snapshot, access, _edit_key(seq))
    same = known is not None and known.body == body and known.reason is None
    return known if same else None


def withdraw_held_edit(transaction: Transaction, access: Access, seq: int) -> None:
    """Delete other words that wait for a message, since its author has said something else."""
    if access.conversation.kind is not Kind.GROUP:
        return
    deleted = _delete_held_edit(transaction, access, seq)
    if deleted is not None:
        tell(transaction, deleted)


def delete_held_edits(transaction: Transaction, conversation: Conversation, seq: int) -> None:
    """Delete other words that wait for a message, which is being deleted itself."""
    if conversation.kind is not Kind.GROUP:
        return
    for held in store.delete_held_edits(transaction, conversation.id, seq):
        tell(transaction, held)


def _delete_held_edit(transaction: Transaction, access: Access, seq: int) -> Held | None:
    known = store.find_held_by_key(transaction, access, _edit_key(seq))
    if known is not None:
        store.delete_held(transaction, known.id)
    return known


def _edit_key(seq: int) -> str:
    return f"edit-of-{seq:08d}"


def new_held(transaction: Transaction, access: Access, key: str, body: str) -> Held:
    """Return what the viewer says, to be held; it disappears when it would have, had it been posted."""
    here, now = access.conversation.id, transaction.now
    held = Held(new_id(), here, access.viewer, key, body, None, as_json(()), None, now)
    return held._replace(expires_at=expiry_of(access, now))


def as_json(texts: Sequence[str]) -> str:
    """Return ids or words as a JSON list."""
    return msgspec.json.encode(list(texts)).decode()


def _hold(transaction: Transaction, access: Access, held: Held) -> Held:
    if store.count_held(transaction, access) >= MAX_HELD:
        raise Conflict(
            f"{MAX_HELD} of your messages are already held in this group. Withdraw some first."
        )
    store.insert_held(transaction, held)
    tell(transaction, held)
    return held


def list_held(snapshot: Snapshot, viewer: str, conversation: str, after: str) -> HeldPage:
    """Return a page of the viewer's own held messages, and to who runs the group of all that wait.

    Args:
        snapshot: The state to read.
        viewer: Who looks.
        conversation: The group.
        after: The position from the page before; empty for the first one.

    Raises:
        NotFound: The viewer is not a member.
        Invalid: There is no such position.
    """
    access = access_conversation(snapshot, viewer, conversation)
    found = store.held_page(snapshot, access, _position(after), PAGE + 1)
    shown = found[:PAGE]
    authors = [find_member(snapshot, conversation, one) for one in {held.author for held in shown}]
    members = [member for member in authors if member is not None]
    users = profiles_for(snapshot, viewer, members, blocked_user_ids(snapshot, viewer))
    is_last = len(found) <= PAGE
    names: dict[str, str] = {}
    for held in shown:
        names |= names_of_unused(snapshot, held.author, held.files)
    position = None if is_last else f"{shown[-1].created_at}:{shown[-1].id}"
    return HeldPage(shown, users, names, position)


def _position(after: str) -> tuple[int, str]:
    time, _, held = (after or "0:").partition(":")
    if not time.isdecimal() or not time.isascii() or len(time) > MAX_DIGITS:
        raise Invalid("Page not found.", fields={"after": "Page not found."})
    return int(time), held


class WithdrawHeld(Command[None], lane="conversation"):
    """Take back a held message of one's own, or put away one that was refused.

    Raises:
        NotFound: There is none.
    """

    author: str
    conversation: str
    held: str

    def run(self, transaction: Transaction) -> None:
        """Take it back."""
        access_for_update(transaction, self.author, self.conversation)
        found = store.find_held(transaction, self.conversation, self.held)
        if found is None or found.author != self.author:
            raise NotFound(NO_SUCH_HELD)
        store.delete_held(transaction, self.held)
        tell(transaction, found)


class RefuseHeld(Command[None], lane="conversation"):
    """Refuse a held message; its author reads why.

    Raises:
        NotFound: The actor is not a member, or there is no such message.
        Forbidden: The actor is neither owner nor admin.
        Conflict: It was refused before.
        Invalid: The reason is empty.
    """

    actor: str
    conversation: str
    held: str
    reason: str

    def run(self, transaction: Transaction) -> None:
        """Refuse it."""
        found = access_held(transaction, self.actor, self.conversation, self.held)
        reason = self.reason.strip()
        if not reason:
            problem = "must not be empty"
            raise Invalid(f"The reason {problem}.", fields={"reason": problem})
        store.set_reason(transaction, self.held, reason)
        tell(transaction, found)


def access_held(transaction: Transaction, actor: str, conversation: str, held: str) -> Held:
    """Return a held message for who decides on it, behind the lock of the group.

    Raises:
        NotFound: The actor is not a member, or there is no such message.
        Forbidden: The actor is neither owner nor admin.
        Conflict: It was refused before.
    """
    _require_runs_group(access_for_update(transaction, actor, conversation))
    found = store.find_held(transaction, conversation, held)
    if found is None:
        raise NotFound(NO_SUCH_HELD)
    if found.reason is not None:
        raise Conflict(ALREADY_REFUSED)
    return found


def delete_held_of(transaction: Transaction, author: str, conversation: str) -> None:
    """Delete what an author has waiting in a group that they left."""
    for held in store.held_of(transaction, conversation, author):
        store.delete_held(transaction, held.id)
        tell(transaction, held)


def delete_aged_held(transaction: Transaction, conversation: str, keep: int, limit: int) -> bool:
    """Delete what waits longer than messages are kept; return whether there may be more.

    Args:
        transaction: The transaction, which holds the lock of the conversation.
        conversation: The group.
        keep: For how many milliseconds messages are kept; 0 for ever.
        limit: How many are deleted at once.
    """
    before = transaction.now - keep if keep else -1
    found = store.aged_held(transaction, conversation, before, limit)
    for held in found:
        store.delete_held(transaction, held.id)
        tell(transaction, held)
    return len(found) == limit


def show_filter(snapshot: Snapshot, viewer: str, conversation: str) -> list[str]:
    """Return the words of a group's filter.

    Raises:
        NotFound: The viewer is not a member.
        Conflict: It is not a group.
        Forbidden: The viewer is neither owner nor admin.
    """
    access = access_conversation(snapshot, viewer, conversation)
    _require_runs_group(access)
    return decode_words(access.conversation.filter_words)


class SetFilter(Command[list[str]], lane="conversation"):
    """Set the words of a group's filter; what waits goes on waiting.

    Raises:
        NotFound: The actor is not a member.
        Conflict: It is not a group.
        Forbidden: The actor is neither owner nor admin.
        Invalid: There are too many, or one is too long or empty.
    """

    actor: str
    conversation: str
    words: Sequence[str]

    def run(self, transaction: Transaction) -> list[str]:
        """Set and return them, folded."""
        access = access_for_update(transaction, self.actor, self.conversation)
        _require_runs_group(access)
        cleaned = clean_words(self.words)
        stored = as_json(cleaned) if cleaned else None
        if stored is not None:
            matches(stored, "")  # prepares it here, and not where the next message is posted
        set_conversation_fields(transaction, self.conversation, filter_words=stored)
        deciders = _deciders(transaction, self.conversation)
        transaction.announce(HeldChanged(self.conversation, frozenset(deciders), bool(cleaned)))
        return cleaned


def tell(transaction: Transaction, held: Held) -> None:
    """Announce that what waits changed, to its author and those who run the group."""
    present = {one.user for one in members_of(transaction, held.conversation) if not one.left}
    told = {*_deciders(transaction, held.conversation), held.author} & present
    transaction.announce(HeldChanged(held.conversation, frozenset(told)))


def _deciders(snapshot: Snapshot, conversation: str) -> set[str]:
    """Return who runs a group."""
    present = members_of(snapshot, conversation)
    return {one.user for one in present if one.runs_group and not one.left}


def _require_runs_group(access: Access) -> None:
    if access.conversation.kind is not Kind.GROUP:
        raise Conflict(NOT_A_GROUP)
    if not access.runs_group:
        raise Forbidden(ONLY_ADMINS_DECIDE)
