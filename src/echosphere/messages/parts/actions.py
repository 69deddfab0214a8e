"""Actions: the buttons under a message of a bot, which `bots` hears of when they are pressed."""

from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, Meta, UnsetType

from echosphere.core.errors import Invalid
from echosphere.core.text import strip_invisible
from echosphere.database import Snapshot
from echosphere.messages.message import Message
from echosphere.messages.parts.part import MessageText, Part, SearchLines
from echosphere.wire import Id, Request, Shape

MAX_ROWS = 5
MAX_IN_ROW = 5
MAX_LABEL = 60
MAX_CONFIRM = 200
MAX_VALUE = 200
MAX_URL = 1_000
MAX_STORED = 9_000
"""Characters of all buttons of a message as JSON: the parts of a message together have a limit."""

Style = Literal["primary", "danger"]


class Action(Shape, frozen=True, omit_defaults=True):
    """A button: a link, or one whose press the bot hears of, asked about first with `confirm`."""

    id: str
    label: str
    style: Style | None = None
    url: str | None = None
    value: str | None = None
    confirm: str | None = None


class SentAction(Request, frozen=True, kw_only=True):
    """A button as a bot sends it."""

    id: Id
    label: Annotated[str, Meta(max_length=4 * MAX_LABEL)]
    style: Style | None = None
    url: Annotated[str, Meta(max_length=MAX_URL)] | None = None
    value: Annotated[str, Meta(max_length=MAX_VALUE)] | None = None
    confirm: Annotated[str, Meta(max_length=4 * MAX_CONFIRM)] | None = None


ActionRows = Sequence[Sequence[Action]]
SentRow = Annotated[list[SentAction], Meta(min_length=1, max_length=MAX_IN_ROW)]
SentActions = Annotated[list[SentRow], Meta(max_length=MAX_ROWS)]


class Actions(Part):
    """The buttons of a message; those of a forwarded one would ask no one, so they stay behind."""

    name = "actions"
    content: ClassVar = list[list[Action]]
    has_own_field = True

    def search_lines(self, snapshot: Snapshot, messages: Iterable[MessageText]) -> SearchLines:
        """Return the labels."""
        shown = {(one.conversation, one.seq): labels_of(self.content_of(one)) for one in messages}
        return {message: labels for message, labels in shown.items() if labels}


class _Stored(Shape, frozen=True):
    """What the part keeps, among that of others."""

    actions: list[list[Action]] | UnsetType = UNSET


_decode = msgspec.json.Decoder(_Stored).decode


def decode_actions(parts: str) -> list[list[Action]] | UnsetType:
    """Return the buttons in the stored contents of a message."""
    return _decode(parts).actions


def actions_of(message: Message) -> list[list[Action]]:
    """Return the rows of buttons of a message; most have none."""
    return [] if message.parts is None else Actions().content_of(message) or []


def with_actions(message: Message, rows: ActionRows) -> Message:
    """Return a message with these rows of buttons instead of its own; not stored yet."""
    return Actions().with_content(message, rows or None)


def labels_of(rows: ActionRows | None) -> list[str]:
    """Return what is written on buttons."""
    return [action.label for row in rows or () for action in row]


def clean_actions(sent: Iterable[Iterable[SentAction]]) -> list[list[Action]]:
    """Return buttons as they are stored, their words in one line without invisible characters.

    Raises:
        Invalid: Two have one id, or one has no label, an address that is not https, or both an
            address and something to be heard of.
    """
    rows = [[_clean(one) for one in row] for row in sent]
    ids = [action.id for row in rows for action in row]
    if len(set(ids)) != len(ids):
        raise _refused("use an id twice")
    if len(msgspec.json.encode(rows).decode()) > MAX_STORED:
        raise _refused(f"must have at most {MAX_STORED} characters in total, as JSON")
    return rows


def _clean(sent: SentAction) -> Action:
    label = strip_invisible(sent.label)
    if not 1 <= len(label) <= MAX_LABEL:
        raise _refused(f"must have labels of 1 to {MAX_LABEL} visible characters")
    if sent.url is not None:
        if sent.value is not None or sent.confirm is not None:
            raise _refused("must have either 'url', or 'value' and 'confirm'")
        if not _is_https(sent.url):
            raise _refused(
                "can only lead to addresses that start with https:// and contain no spaces"
            )
    confirm = None if sent.confirm is None else strip_invisible(sent.confirm)
    if confirm is not None and not 1 <= len(confirm) <= MAX_CONFIRM:
        raise _refused(f"can have a 'confirm' of 1 to {MAX_CONFIRM} visible characters")
    return Action(sent.id, label, sent.style, sent.url, sent.value, confirm)


def _is_https(url: str) -> bool:
    """Whether a browser that opens an address goes to the server that one reads in it."""
    if not url.isascii() or not url.isprintable() or any(one in url for one in ' \\"<>'):
        return False
    try:
        parts = urlsplit(url)
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(name) and "@" not in parts.netloc


def _refused(problem: str) -> Invalid:
    return Invalid(f"The buttons {problem}.", fields={"actions": problem})
