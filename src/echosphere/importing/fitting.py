"""Makes the messages of a source fit the rules here, and counts what is lost by that."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from echosphere.attachments import MAX_IN_MESSAGE
from echosphere.core.emoji import find_emoji
from echosphere.core.errors import Invalid
from echosphere.core.text import has_visible_text
from echosphere.importing.format import FileRecord, MessageRecord
from echosphere.importing.report import Losses
from echosphere.messages import (
    MAX_BODY,
    Action,
    EarlierText,
    ImportOrigin,
    SentActions,
    clean_actions,
)

MAX_EMOJI = 20
MAX_REACTIONS = 1_000
MAX_EARLIER = 100

SPLIT = "messages that are too long or have too many files, and are split"
EMPTY = "messages without text or files, such as calls and system notices"
EMOJI = "reactions with a custom emoji of the other system"
TOO_MANY_REACTIONS = "reactions beyond the limit for one message here"
LONG_EARLIER = "earlier versions that are too long or too many"
BUTTONS = "buttons that are not allowed here"
UNKNOWN_PEOPLE = "mentions and reactions of people whom the export does not name"

Identities = Mapping[str, tuple[str, bool]]
"""User ids here, and whether they are accounts, by the ids of the source."""


class FittedMessage(msgspec.Struct, frozen=True):
    """A message as it can be stored, with files that are still in the source."""

    id: str
    author: str
    body: str
    origin: ImportOrigin
    people: Sequence[str]
    reply_to: str | None
    files: Sequence[FileRecord]
    automated: bool
    actions: list[list[Action]] = []


class Fitter:
    """Turns messages of a source into such as can be stored here.

    Args:
        identities: Who is who.
        losses: Is told what cannot be kept.
    """

    def __init__(self, identities: Identities, losses: Losses) -> None:
        self._identities = identities
        self._losses = losses

    def fit(self, message: MessageRecord) -> Iterator[FittedMessage]:
        """Return what becomes of a message: one, none, or several."""
        author = self._identities.get(message.author)
        text = message.text if has_visible_text(message.text) else ""
        if author is None or not (text or message.files):
            self._losses[EMPTY] += 1
            return
        texts = list(pieces(text, MAX_BODY)) or [""]
        files = [
            message.files[at : at + MAX_IN_MESSAGE]
            for at in range(0, len(message.files), MAX_IN_MESSAGE)
        ]
        count = max(len(texts), len(files))
        self._losses[SPLIT] += count > 1
        people: set[str] = set()
        origin = self._origin(message, people)
        for number in range(count):
            yield FittedMessage(
                id=message.id if not number else f"{message.id[:180]}#{number + 1}",
                author=author[0],
                body=texts[number] if number < len(texts) else "",
                origin=origin if not number else ImportOrigin(message.at),
                people=sorted(people) if not number else (),
                reply_to=message.reply_to if not number else None,
                files=files[number] if number < len(files) else (),
                automated=message.automated,
                actions=[] if number else self._actions(message),
            )

    def _origin(self, message: MessageRecord, people: set[str]) -> ImportOrigin:
        pinned = message.pinned
        pinned_by = None if pinned is None else self._user(pinned.person, people)
        mentions = self._mentions(message, people)
        return ImportOrigin(
            created_at=message.at,
            edited_at=message.edited_at,
            earlier=self._earlier(message),
            mentions=_as_json(mentions),
            mentions_all=any(one["user"] is None for one in mentions),
            reactions=_as_json(self._reactions(message, people)),
            pinned_at=None if pinned is None else pinned.at,
            pinned_by=pinned_by or (self._identities[message.author][0] if pinned else None),
            forwarded=message.forwarded,
        )

    def _actions(self, message: MessageRecord) -> list[list[Action]]:
        """Return the rows of buttons, if they obey the rules for those of bots."""
        if not message.actions:
            return []
        try:
            sent = msgspec.convert(msgspec.to_builtins(message.actions), SentActions)
            return clean_actions(sent)
        except (msgspec.ValidationError, Invalid):
            self._losses[BUTTONS] += sum(map(len, message.actions))
            return []

    def _user(self, person: str | None, people: set[str]) -> str | None:
        found = None if person is None else self._identities.get(person)
        if found is None:
            self._losses[UNKNOWN_PEOPLE] += person is not None
            return None
        people.add(found[0])
        return found[0]

    def _earlier(self, message: MessageRecord) -> list[EarlierText]:
        fitting = [one for one in message.earlier if len(one.text) <= MAX_BODY][-MAX_EARLIER:]
        self._losses[LONG_EARLIER] += len(message.earlier) - len(fitting)
        return [EarlierText(one.text, one.at) for one in fitting]

    def _mentions(self, message: MessageRecord, people: set[str]) -> list[dict[str, str | None]]:
        found = []
        for one in message.mentions:
            user = self._user(one.person, people)
            if user is not None or one.person is None:
                found.append({"user": user, "text": one.text})
        return found

    def _reactions(self, message: MessageRecord, people: set[str]) -> list[dict[str, object]]:
        merged: dict[str, dict[str, None]] = {}
        left = MAX_REACTIONS
        for one in message.reactions:
            emoji = find_emoji(one.emoji)
            users = [user for person in one.people if (user := self._user(person, people))]
            if emoji is None:
                self._losses[EMOJI] += len(one.people)
                continue
            if emoji not in merged and len(merged) >= MAX_EMOJI:
                self._losses[TOO_MANY_REACTIONS] += len(users)
                continue
            kept = users[:left]
            left -= len(kept)
            self._losses[TOO_MANY_REACTIONS] += len(users) - len(kept)
            if kept:
                merged.setdefault(emoji, {}).update(dict.fromkeys(kept))
        return [{"emoji": emoji, "users": list(users)} for emoji, users in merged.items()]


def pieces(text: str, limit: int) -> Iterator[str]:
    """Cut a text into pieces, between lines or words where that is possible."""
    while len(text) > limit:
        head = text[:limit]
        cut = max(head.rfind("\n"), head.rfind(" ")) + 1
        cut = cut if cut > limit // 2 else limit
        yield text[:cut].rstrip()
        text = text[cut:]
    if has_visible_text(text):
        yield text


def _as_json(values: Sequence[object]) -> str | None:
    return msgspec.json.encode(values).decode() if values else None
