"""Conversations, their members, and the rules for titles and descriptions."""

import re
from enum import StrEnum
from typing import NamedTuple

from echosphere.core.errors import Invalid
from echosphere.core.text import strip_invisible

MAX_MEMBERS = 1_000
"""People in a group; bots are counted apart."""

MAX_BOTS = 20
"""Bots in a group."""

ONLY_ADDRESSED = 2**53 - 1
"""What a bot that sees only what is meant for it has cleared: all messages, also those to come.

So every query that knows nothing of bots shows it nothing; few ask what is meant for it besides.
"""
MAX_TITLE = 100
MAX_DESCRIPTION = 500

_EMPTY_LINES = re.compile(r"\n{3,}")


class Kind(StrEnum):
    """Direct, once per pair of users, or a group with a title."""

    DIRECT = "direct"
    GROUP = "group"


class Role(StrEnum):
    """What a member may do in a group."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class History(StrEnum):
    """Whether new members of a group see earlier messages."""

    ALL = "all"
    JOINED = "joined"


class MemberScope(StrEnum):
    """Which members may do something in a group: all, or only its owner and admins."""

    ALL = "all"
    ADMINS = "admins"


class Notify(StrEnum):
    """What a member is notified of; `default` follows the user's settings."""

    DEFAULT = "default"
    ALL = "all"
    MENTIONS = "mentions"
    NONE = "none"


class Conversation(NamedTuple):
    """What all members see of a conversation.

    Attributes:
        posting: Who may post in the group.
        reacting: Who may react to its messages.
        slow_seconds: Slow mode: how long a member waits between two messages; 0 for not at all.
        retention_days: After how many days messages of the group are deleted; 0 for never.
        expire_seconds: After how long new messages disappear; 0 for never.
        filter_words: The words and phrases that hold a message of the group, as a JSON list; only
            its owner and admins are told.
        bots: How many bots are members.
    """

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
    posting: MemberScope = MemberScope.ALL
    reacting: MemberScope = MemberScope.ALL
    slow_seconds: int = 0
    retention_days: int = 0
    expire_seconds: int = 0
    filter_words: str | None = None
    bots: int = 0


class Member(NamedTuple):
    """A user in a conversation; positions only move forward.

    Attributes:
        read_seq: As far as the member has read; never shown to others.
        delivered_seq: As far as messages have reached the member, as shown to others.
        seen_seq: As far as the member has read, as shown to others.
        bot: Whether it is a bot: it reads nothing as people do, and can run no group.
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
    bot: bool = False

    @property
    def runs_group(self) -> bool:
        """Whether the member is the group's owner or one of its admins."""
        return self.role is not Role.MEMBER


class MemberSettings(NamedTuple):
    """A member's own settings and draft in a conversation, invisible to others.

    Attributes:
        muted_until: When muting ends, in milliseconds; None for never.
        marked_unread: The member marked the conversation as unread.
        longer_draft: One of the member's devices has a draft that is too long for the server.
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


class ClearedHistory(NamedTuple):
    """How far a member cleared the history for themselves.

    Attributes:
        seq: The last cleared message; 0 for none.
        before: The seq before the last change, to undo it.
        at: When it was changed, in milliseconds; None if nothing can be undone.
        version: The number of changes.
        dropped: The member deleted the conversation: their list omits it until the next message.
    """

    seq: int
    before: int
    at: int | None
    version: int
    dropped: bool


class Access(NamedTuple):
    """A conversation as one member may see it; proof that access was checked.

    Attributes:
        viewer: The member.
        sees_after: The viewer sees messages with a higher `seq` only: not those from before they
            joined, nor those that they cleared.
        partner: The id of the other user of a direct conversation.
        posted_at: When the viewer last posted in slow mode, in milliseconds.
        is_bot: Whether the viewer is a bot.
    """

    conversation: Conversation
    viewer: str
    role: Role
    sees_after: int
    partner: str | None
    posted_at: int | None = None
    is_bot: bool = False

    @property
    def sees_only_addressed(self) -> bool:
        """Whether the viewer is a bot that sees only its own messages and those meant for it."""
        return self.sees_after >= ONLY_ADDRESSED

    @property
    def runs_group(self) -> bool:
        """Whether the viewer is the group's owner or one of its admins."""
        return self.role is not Role.MEMBER


def pair_key(one: str, other: str) -> str:
    """Return the key of the direct conversation of two users, in either order."""
    return ":".join(sorted((one, other)))


def partner_in(pair: str | None, viewer: str) -> str | None:
    """Return the other user of a pair; None in notes to self."""
    if pair is None:
        return None
    one, _, other = pair.partition(":")
    if one == other:
        return None
    return other if one == viewer else one


def clean_title(title: str) -> str:
    """Return a title without line breaks, control and direction-changing characters.

    Raises:
        Invalid: It is empty or too long.
    """
    cleaned = strip_invisible(title)
    if not 1 <= len(cleaned) <= MAX_TITLE:
        problem = f"must have 1 to {MAX_TITLE} visible characters"
        raise Invalid(f"The title {problem}.", fields={"title": problem})
    return cleaned


def clean_description(description: str) -> str | None:
    """Return a description of several lines without control characters; None if it is empty.

    Raises:
        Invalid: It is too long.
    """
    lines = "\n".join(strip_invisible(line) for line in description.splitlines()).strip()
    cleaned = _EMPTY_LINES.sub("\n\n", lines)
    if len(cleaned) > MAX_DESCRIPTION:
        problem = f"must have at most {MAX_DESCRIPTION} characters"
        raise Invalid(f"The description {problem}.", fields={"description": problem})
    return cleaned or None
