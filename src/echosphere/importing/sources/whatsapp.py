"""Reads an exported chat of WhatsApp: a text with a line a message, and the media beside it.

https://faq.whatsapp.com/1180414079177245 says how one is made. The text is written as the phone writes
dates, in the language of the phone: which of day and month comes first is found out from all lines.
It has no ids, and neither replies nor reactions. Times are those of the phone's zone, which it does not tell.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from echosphere.importing.container import Container, read_lines
from echosphere.importing.errors import UnreadableSource
from echosphere.importing.format import (
    ConversationRecord,
    FileRecord,
    Membership,
    MessageRecord,
    Person,
)
from echosphere.importing.local_time import LocalClock
from echosphere.importing.reading import text_of
from echosphere.importing.source import NO_FILE, CollectedSource

NOTICES = "system messages, such as who joined"
OMITTED = "files that the export left out"

_INVISIBLE = re.compile("[\0\u200e\u200f\u202a-\u202e\ufeff]")
_HEAD = re.compile(
    r"\[?(?P<a>\d{1,4})[./\-](?P<b>\d{1,2})[./\-](?P<c>\d{2,4}),?\s+(?:\w+\s+)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?:\s*(?P<half>[AaPp])\.?\s?[Mm]\.?)?\]?(?:\s-)?\s(?P<rest>.*)",
    re.DOTALL,
)
_ATTACHED = re.compile(
    r"<[^<>:]{3,30}:\s*(?P<ios>[^<>/\\]+\.\w{1,8})>|(?P<android>[^\n/\\]+\.\w{1,8}) \([^()\n]{3,40}\)"
)
_OMITTED = re.compile(
    r"<[^<>\n]*(?:omitted|weggelassen|ausgeschlossen)>|\w+ (?:omitted|weggelassen)"
)
MAX_NAME = 100
IPHONE = "_chat.txt"
"""The text of every chat that an iPhone exports; only the archive has its name."""

CHAT = "chat"
YEAR = 4


class _Line(NamedTuple):
    """A message as it was written."""

    numbers: tuple[int, int, int]
    time: tuple[int, int, int]
    author: str
    text: str


class WhatsAppSource(CollectedSource):
    """An exported chat of WhatsApp."""

    system = "whatsapp"

    @staticmethod
    def recognizes(container: Container) -> bool:
        """Whether this is one: there is one text whose first line has a time."""
        return _find_text(container) is not None

    def collect(self) -> None:
        """Read the text twice: first how its dates are meant, then what they said."""
        name = _find_text(self.container)
        if name is None:
            raise UnreadableSource("It contains no text that looks like a WhatsApp chat.")
        title = _title(self.container.name if name == IPHONE else name)
        order = _date_order(line.numbers for line in self._lines(name))
        self.identify(self._beginning(name, order))
        people: dict[str, None] = {}
        clock = LocalClock(self.zone)
        times: dict[tuple[datetime, str, str], int] = {}
        for line in self._lines(name):
            if not line.author:
                self.losses[NOTICES] += 1
                continue
            with self.one_message():
                local = _local_time(line, order)
                people[line.author] = None
                self.add_person(Person(id=line.author, name=line.author))
                place = local, line.author, line.text
                times[place] = times.get(place, 0) + 1
                self._add(line, local, clock.moment(local), times[place])
        self.add_conversation(
            ConversationRecord(
                id=CHAT,
                kind="direct" if len(people) == 2 else "group",
                title=title,
                members=[Membership(one) for one in people],
                messages=NO_FILE,
            )
        )

    def _beginning(self, name: str, order: str) -> str:
        """Return what tells this chat from others with the same name: how it begins.

        The chats of two people with a third one have the same name, and those of iPhones have none.
        """
        lines = self._lines(name)
        beginning = [next(lines, None), next((one for one in lines if one.author), None)]
        parts = [_stamp(one, order) for one in beginning if one is not None]
        parts.append("" if name == IPHONE else name)
        return sha256("\0".join(parts).encode()).hexdigest()[:24]

    def _lines(self, name: str) -> Iterator[_Line]:
        held: re.Match[str] | None = None
        shape: tuple[object, ...] = ()
        more: list[str] = []
        for raw in read_lines(self.container, name):
            line = _INVISIBLE.sub("", raw.decode("utf-8", "replace")).rstrip("\r\n")
            found = _HEAD.fullmatch(line)
            # Somebody may have pasted lines that begin with another date.
            if found is None or (shape and _shape(found) != shape):
                more.append(line)
                continue
            if held is not None:
                yield _line_of(held, more)
            held, more, shape = found, [], _shape(found)
        if held is not None:
            yield _line_of(held, more)

    def _add(self, line: _Line, local: datetime, at: int, number: int) -> None:
        text, files = line.text, []
        found = _ATTACHED.search(text)
        if found is not None and self.container.has(
            file := (found["ios"] or found["android"]).strip()
        ):
            files = [FileRecord(path=file, name=file)]
            text = (text[: found.start()] + text[found.end() :]).strip()
        elif _OMITTED.fullmatch(text):
            self.losses[OMITTED] += 1
        # The same in whichever zone the times are taken to be: a second import adds nothing.
        there = int(local.replace(tzinfo=UTC).timestamp() * 1000)
        digest = sha256(f"{line.author}\0{line.text}\0{number}".encode()).hexdigest()[:24]
        self.add_message(
            CHAT,
            MessageRecord(
                id=f"{there}-{digest}",
                author=line.author,
                at=at,
                text=text,
                files=files,
            ),
        )


def _shape(head: re.Match[str]) -> tuple[object, ...]:
    """Return how a line says when it was written: one phone writes all of them in the same way."""
    line = head.string
    return (
        line.startswith("["),
        line[head.end("a")],
        len(head["a"]) == YEAR,
        len(head["c"]) == YEAR,
        "," in line[head.end("c") : head.start("hour")],
        head["second"] is None,
        head["half"] is None,
    )


def _find_text(container: Container) -> str | None:
    texts = [name for name in container.names() if name.endswith(".txt") and "/" not in name]
    known = [name for name in texts if name == IPHONE or "WhatsApp" in name]
    for name in known or (texts if len(texts) == 1 else ()):
        first = next(read_lines(container, name), b"").decode("utf-8", "replace")
        if _HEAD.match(_INVISIBLE.sub("", first)):
            return name
    return None


def _stamp(line: _Line, order: str) -> str:
    """Return when a line was written, and what by whom; a notice is in the language of the phone."""
    said = f"{line.author}\0{line.text}" if line.author else ""
    try:
        return f"{_local_time(line, order).isoformat()}\0{said}"
    except ValueError:  # there is no such day
        return said


def _title(name: str) -> str:
    stem = name.removesuffix(".txt")
    for beginning in (
        "WhatsApp Chat with ",
        "WhatsApp-Chat mit ",
        "WhatsApp Chat - ",
        "WhatsApp-Chat - ",
    ):
        stem = stem.removeprefix(beginning)
    return text_of(stem)[:150] or "WhatsApp"


def _line_of(head: re.Match[str], more: list[str]) -> _Line:
    author, colon, text = head["rest"].partition(": ")
    if not colon and head["rest"].endswith(":"):
        author, colon = head["rest"][:-1], ":"
    is_person = bool(colon) and len(author) <= MAX_NAME and "\n" not in author
    body = "\n".join([text, *more]) if is_person else head["rest"]
    hour = int(head["hour"])
    if head["half"]:
        hour = hour % 12 + (12 if head["half"] in "Pp" else 0)
    return _Line(
        (int(head["a"]), int(head["b"]), int(head["c"])),
        (hour, int(head["minute"]), int(head["second"] or 0)),
        author.strip("~ \u202f\xa0") if is_person else "",
        body.strip(),
    )


def _date_order(dates: Iterator[tuple[int, int, int]]) -> str:
    """Return whether the day, the month or the year comes first: a month is never above 12."""
    order = "day"
    for first, second, _ in dates:
        if first > 31:
            return "year"
        if first > 12:
            return "day"
        if second > 12:
            order = "month"
    return order


def _local_time(line: _Line, order: str) -> datetime:
    one, two, three = line.numbers
    day, month, year = {
        "day": (one, two, three),
        "month": (two, one, three),
        "year": (three, two, one),
    }[order]
    year += 2000 if year < 100 else 0
    return datetime(year, month, day, *line.time)  # noqa: DTZ001 - without a zone, as it stands there
