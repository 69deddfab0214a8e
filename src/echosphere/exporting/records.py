"""Reads conversations as the format has them, whoever may see them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from echosphere.accounts import users_by_id
from echosphere.attachments import StoredFile, stored_files_of_messages
from echosphere.conversations import Conversation, Kind, find_conversation, members_of
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.importing import (
    ActionRecord,
    EarlierRecord,
    Membership,
    MentionRecord,
    MessageRecord,
    PinRecord,
    ReactionRecord,
    exported_conversation,
    exported_ids,
)
from echosphere.messages import Action, Message, actions_of, undeleted, versions_of

PAGE = 200
"""Messages that are read at a time."""

ROLES: dict[str, Literal["owner", "admin", "member"]] = {
    "owner": "owner",
    "admin": "admin",
    "member": "member",
}
UNKNOWN = "Conversation not found."

decode_mentions = msgspec.json.Decoder(list[dict[str, Any]]).decode


class Head(msgspec.Struct, frozen=True):
    """A conversation without its messages.

    Attributes:
        id: Under which it is exported.
        members: User ids here, with roles.
    """

    id: str
    conversation: Conversation
    kind: str
    members: Sequence[tuple[str, str]]


class Page(msgspec.Struct, frozen=True):
    """Some messages in their order, the ids under which they are exported, and their files."""

    messages: Sequence[Message]
    ids: Mapping[int, str]
    files: Mapping[int, Sequence[StoredFile]]
    earlier: Mapping[int, Sequence[tuple[str, int]]]
    last_seq: int


def read_head(snapshot: Snapshot, conversation: str) -> Head:
    """Return a conversation.

    Raises:
        NotFound: There is none.
    """
    found = find_conversation(snapshot, conversation)
    if found is None:
        raise NotFound(UNKNOWN)
    exported = exported_conversation(snapshot, conversation)
    roles = {one.user: one.role.value for one in members_of(snapshot, conversation) if not one.left}
    members = sorted((roles | exported.waiting).items())
    was_direct = exported.kind == Kind.DIRECT.value and not roles
    kind = exported.kind if was_direct and exported.kind else found.kind.value
    return Head(exported.id, found, kind, members)


def read_page(snapshot: Snapshot, conversation: str, after: int) -> Page | None:
    """Return the next messages after a `seq` that do not disappear; None at the end."""
    rows = undeleted(snapshot, conversation, after, PAGE)
    if not rows:
        return None
    kept = [one for one in rows if one.expires_at is None]
    seqs = [one.seq for one in kept]
    replies = [one.reply_to for one in kept if one.reply_to]
    ids = exported_ids(snapshot, conversation, [*seqs, *replies])
    files = stored_files_of_messages(snapshot, conversation, [one.seq for one in kept if one.files])
    earlier = {
        one.seq: versions_of(snapshot, conversation, one.seq) for one in kept if one.edited_at
    }
    return Page(kept, ids, files, earlier, rows[-1].seq)


def message_record(
    message: Message, page: Page, person: Mapping[str, str], written: set[int]
) -> MessageRecord:
    """Return a message without its files.

    Args:
        message: One of the page.
        page: The page.
        person: The ids under which people are exported, by their ids here.
        written: The seqs of the messages before it, to which it may reply.
    """
    mentions = decode_mentions(message.mentions) if message.mentions else []
    reactions = msgspec.json.decode(message.reactions) if message.reactions else []
    pinned_by = None if message.pinned_by is None else person.get(message.pinned_by)
    return MessageRecord(
        id=page.ids[message.seq],
        author=person[message.author],
        at=message.created_at,
        text=message.body,
        edited_at=message.edited_at,
        earlier=[EarlierRecord(*one) for one in page.earlier.get(message.seq, ())],
        reply_to=page.ids[message.reply_to] if message.reply_to in written else None,
        mentions=[MentionRecord(one["text"], person.get(one["user"])) for one in mentions],
        reactions=[
            ReactionRecord(one["emoji"], [person[user] for user in one["users"]])
            for one in reactions
        ],
        pinned=None if message.pinned_at is None else PinRecord(message.pinned_at, pinned_by),
        forwarded=bool(message.forwarded),  # SQLite has numbers
        automated=bool(message.automated),
        actions=tuple([_button(one) for one in row] for row in actions_of(message)),
    )


def _button(action: Action) -> ActionRecord:
    return ActionRecord(**msgspec.structs.asdict(action))


def people_in(page: Page) -> set[str]:
    """Return the ids of all whom messages name."""
    found: set[str] = set()
    for one in page.messages:
        found.add(one.author)
        if one.pinned_by:
            found.add(one.pinned_by)
        for mention in decode_mentions(one.mentions) if one.mentions else ():
            found |= {mention["user"]} - {None}
        for reaction in msgspec.json.decode(one.reactions) if one.reactions else ():
            found |= set(reaction["users"])
    return found


def kinds_of(snapshot: Snapshot, user_ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """Return what users are, and the paths of their pictures, by their ids."""
    found = users_by_id(snapshot, set(user_ids))
    return {user_id: (user.kind, user.avatar_url) for user_id, user in found.items()}


def memberships(head: Head, person: Mapping[str, str]) -> list[Membership]:
    """Return the members of a conversation as they are exported."""
    found = [(person[user_id], role) for user_id, role in head.members]
    # What is the default is left out when it is written, if it is the same object.
    return [Membership(one, ROLES[role]) for one, role in sorted(found)]
