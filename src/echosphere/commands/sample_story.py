"""Reads the story of `echosphere sample` from `sample_story.toml`."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from echosphere.core.clock import MINUTE

_MOMENT = re.compile(r"(\d+) days ago, (\d\d):(\d\d)|(\d+) minutes ago")


class Moment:
    """A time: "6 days ago, 08:42" or "20 minutes ago".

    A number of minutes must be small enough to be later than yesterday evening, even after midnight.

    Raises:
        ValueError: The text is neither.
    """

    def __init__(self, text: str) -> None:
        match = _MOMENT.fullmatch(text)
        if match is None:
            raise ValueError(f"not a time of the story: {text!r}")
        numbers = (int(number or 0) for number in match.groups())
        self.days, self.hour, self.minute, self.minutes = numbers

    def before(self, now: int) -> int:
        """Return the time in milliseconds as seen from `now`, in the time zone of this machine."""
        if not self.days:
            return now - self.minutes * MINUTE
        today = datetime.fromtimestamp(now / 1000, tz=UTC).astimezone()
        day = today - timedelta(days=self.days)
        at = day.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return int(at.timestamp() * 1000)


class Person(msgspec.Struct, frozen=True):
    """A member of the team.

    Attributes:
        status: An emoji and a few words.
        avatar: The name of a picture of `sample_files`.
    """

    email: str
    name: str
    about: str
    status: tuple[str, str] | None = None
    avatar: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the story.

    Attributes:
        files: The names of files of `sample_files`.
        mark: A name by which later messages reply to this one.
        reply_to: The `mark` of an earlier message of the same conversation.
        reactions: The people by emoji.
        original_text: The text before it was edited.
        pinned: Whether the first member has pinned it.
    """

    author: str
    at: Moment
    text: str
    files: tuple[str, ...] = ()
    mark: str | None = None
    reply_to: str | None = None
    reactions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    original_text: str | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """A direct conversation, or a group with a title.

    Attributes:
        members: The first one started it.
        unread: The number of unread messages of each member, if any.
        settings: What members keep about it: pinned, muted, a draft.
        picture: The name of a file of `sample_files` for a group.
    """

    members: tuple[str, ...]
    messages: tuple[Message, ...]
    title: str | None = None
    unread: dict[str, int] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    picture: str | None = None


class Story(msgspec.Struct, frozen=True):
    """The whole story; `contacts` and `pending_requests` are pairs of who asked and who was asked."""

    start: Moment
    password: str
    contacts: tuple[tuple[str, str], ...]
    pending_requests: tuple[tuple[str, str], ...]
    people: dict[str, Person]
    conversations: tuple[Conversation, ...]


def _load() -> Story:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Story, dec_hook=lambda kind, value: kind(value))


STORY = _load()
PASSWORD, PEOPLE, CONVERSATIONS = STORY.password, STORY.people, STORY.conversations
