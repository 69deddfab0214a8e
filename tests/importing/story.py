"""What people said elsewhere: the same story is written in every format, and compared afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO

from PIL import Image

BEGIN = 1_700_000_000_000
"""Milliseconds since 1970 UTC: the story begins in November 2023."""

STEP = 61_000
"""Milliseconds between two messages: no two have the same minute, which WhatsApp tells only."""


@dataclass(frozen=True)
class Author:
    """Somebody who has written."""

    id: str
    name: str
    email: str


ADA = Author("U0ADA", "Ada Example", "ada@example.org")
BEN = Author("U0BEN", "Ben Beispiel", "ben@example.org")
CLEO = Author("U0CLEO", "Cléo Müller", "cleo@example.org")
PEOPLE = (ADA, BEN, CLEO)


@dataclass(frozen=True)
class Said:
    """A message; `number` counts in its room from 0."""

    number: int
    author: Author
    at: int
    text: str
    before: str | None = None
    edited_at: int | None = None
    reply_to: int | None = None
    mentions: Author | None = None
    reactions: tuple[tuple[str, tuple[Author, ...]], ...] = ()
    pinned: bool = False
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class Room:
    """Where they wrote."""

    id: str
    title: str
    members: tuple[Author, ...]
    messages: list[Said] = field(default_factory=list)
    direct: bool = False


class Story:
    """Rooms with messages: two groups, and one of two people.

    Args:
        count: How many messages there are altogether.
    """

    def __init__(self, count: int) -> None:
        self.count = count

    @cached_property
    def rooms(self) -> list[Room]:
        """All rooms."""
        rooms = [
            Room("C0GENERAL", "general", PEOPLE),
            Room("C0TEA", "tea-kitchen", PEOPLE),
            Room("D0ADABEN", "", (ADA, BEN), direct=True),
        ]
        for number in range(self.count):
            room = rooms[number % 3]
            room.messages.append(_said(room, len(room.messages), number))
        return rooms

    def messages(self) -> Iterator[tuple[Room, Said]]:
        """Return all messages in the order of time."""
        found = ((room, said) for room in self.rooms for said in room.messages)
        return iter(sorted(found, key=lambda one: one[1].at))


def _said(room: Room, number: int, overall: int) -> Said:
    members = room.members
    author = members[number % len(members)]
    at = BEGIN + overall * STEP
    other = members[(number + 1) % len(members)]
    text = f"Message {number} about the kettle — Grüße 🫖"
    if number % 10 == 4:
        text = f"@{other.name} have you seen {number}?"
    edited = number % 13 == 5
    return Said(
        number=number,
        author=author,
        at=at,
        text=text,
        before=f"Before {number}" if edited else None,
        edited_at=at + 5_000 if edited else None,
        reply_to=number - 3 if number % 7 == 6 else None,
        mentions=other if number % 10 == 4 else None,
        reactions=(("👍", (members[0], members[1])),) if number % 11 == 2 else (),
        pinned=number == 8,
        file=_file(number, overall),
    )


def _file(number: int, overall: int) -> tuple[str, bytes] | None:
    if number % 20 == 3:
        return f"notes-{overall}.txt", f"Notes of {overall}\n".encode() * 50
    if number == 10:
        return f"picture-{overall}.png", picture(overall)
    return None


def picture(number: int) -> bytes:
    """Return a small picture."""
    out = BytesIO()
    Image.new("RGB", (32, 24), (number % 256, 120, 200)).save(out, "PNG")
    return out.getvalue()
