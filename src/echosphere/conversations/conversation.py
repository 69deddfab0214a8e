"""What a conversation is, who takes part in it, and what is allowed."""

import re
from enum import StrEnum
from typing import NamedTuple

from echosphere.core.errors import Invalid
from echosphere.core.text import strip_invisible

MAX_MEMBERS = 1_000
MAX_TITLE = 100
MAX_DESCRIPTION = 500

_EMPTY_LINES = re.compile(r"\n{3,}")


class Kind(StrEnum):
    """Between two people, once per pair; or among a group with a title."""

    DIRECT = "direct"
    GROUP = "group"


class Role(StrEnum):
    """What a member may do in a group."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class History(StrEnum):
    """What somebody who joins a group sees of the time before."""

    ALL = "all"
    JOINED = "joined"


class Notify(StrEnum):
    """What a member wants to be notified of; `default` is what the person's settings say."""

    DEFAULT = "default"
    ALL = "all"
    MENTIONS = "mentions"
    NONE = "none"


class Conversation(NamedTuple):
    """A conversation as all its members see it."""

    id: str
    kind: Kind
    title: str | None
    avatar: str | None
    version: int
    members_version: int
    last_seq: int
    created_at: int
    history: History = History.ALL
    description: str | None = None


class Member(NamedTuple):
    """A person's part in a conversation; positions only ever move forward.

    Attributes:
        read_seq: As far as the member has read; nobody else's business.
        delivered_seq: As far as the others are told that messages reached the member.
        seen_seq: As far as the others are told that the member has read.
    """

    conversation: str
    user: str
    role: Role
    left: bool
    version: int
    joined_seq: int
    read_seq: int
    delivered_seq: int
    seen_seq: int = 0


class OwnFields(NamedTuple):
    """What one member keeps about a conversation and nobody else sees.

    Attributes:
        muted_until: When a muted conversation speaks again; None for not by itself.
        marked_unread: The member wants to come back to it.
        longer_draft: On one of their devices is a draft that is too long to be kept here.
    """

    read_seq: int
    muted: bool
    pinned: bool
    archived: bool
    draft: str | None
    notify: Notify = Notify.DEFAULT
    muted_until: int | None = None
    marked_unread: bool = False
    longer_draft: bool = False


class Clearing(NamedTuple):
    """What a member removed from their own sight, up to a message.

    Attributes:
        seq: The message; 0 for nothing.
        before: What it was before, so that it can be undone.
        at: When it was done, in milliseconds; None where there is nothing to be undone.
        version: How often it changed.
        dropped: The member deleted the conversation: until more is said, it is in no list of theirs.
    """

    seq: int
    before: int
    at: int | None
    version: int
    dropped: bool


class Access(NamedTuple):
    """A conversation as one member may see it: proof that the right to see was checked.

    Attributes:
        viewer: The member.
        sees_after: The viewer sees messages with a higher `seq` only: what was said before they
            joined is not for them, and what they cleared for themselves is gone.
        partner: The other person of a direct conversation.
    """

    conversation: Conversation
    viewer: str
    role: Role
    sees_after: int
    partner: str | None


def pair_of(one: str, other: str) -> str:
    """Return the name of two people's direct conversation, whoever asks."""
    return ":".join(sorted((one, other)))


def partner_in(pair: str | None, viewer: str) -> str | None:
    """Return the other person of a pair; nobody where somebody talks to themselves."""
    if pair is None:
        return None
    one, _, other = pair.partition(":")
    if one == other:
        return None
    return other if one == viewer else one


def clean_title(title: str) -> str:
    """Return a title fit to be shown: one line, no control or direction-changing characters.

    Raises:
        Invalid: Nothing is left, or it is too long.
    """
    cleaned = strip_invisible(title)
    if not 1 <= len(cleaned) <= MAX_TITLE:
        problem = f"must have 1 to {MAX_TITLE} visible characters"
        raise Invalid(f"The title {problem}.", fields={"title": problem})
    return cleaned


def clean_description(description: str) -> str | None:
    """Return what a group is for, fit to be shown in several lines; None for nothing.

    Raises:
        Invalid: It is too long.
    """
    lines = "\n".join(strip_invisible(line) for line in description.splitlines()).strip()
    cleaned = _EMPTY_LINES.sub("\n\n", lines)
    if len(cleaned) > MAX_DESCRIPTION:
        problem = f"may have {MAX_DESCRIPTION} characters at most"
        raise Invalid(f"The description {problem}.", fields={"description": problem})
    return cleaned or None
