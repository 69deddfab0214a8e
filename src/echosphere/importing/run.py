"""Runs an import: reads a source in a thread, and stores it in batches while the server serves."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice
from time import monotonic
from typing import TypeVar

import msgspec

from echosphere.core.clock import DAY
from echosphere.database import Database
from echosphere.importing.conversations import (
    BeginConversation,
    Begun,
    FinishConversation,
    find_begun,
    roles_of,
)
from echosphere.importing.files import SourceFiles
from echosphere.importing.fitting import FittedMessage, Fitter
from echosphere.importing.format import ConversationRecord, MessageRecord, Person
from echosphere.importing.messages import ImportMessages, NewMessage, known_ids
from echosphere.importing.people import (
    IdentifyPeople,
    Identity,
    SetPlaceholderAvatar,
    recognize_people,
)
from echosphere.importing.report import Counts, Report, report_of
from echosphere.importing.source import Source
from echosphere.settings import LiveSettings

T = TypeVar("T")

PEOPLE_AT_ONCE = 200
MESSAGES_AT_ONCE = 50
"""In one transaction, in which nobody else writes on SQLite."""

REST = 0.5
"""Pause after a batch, as a multiple of its duration: others write meanwhile."""

PROGRESS_SECONDS = 1.0

AGED = "messages older than this server keeps"
CONTINUED = "messages of conversations that have been continued here"
OWN = "messages of conversations that are already here: this server exported them"
NO_REPLY = "replies to messages that are not in the export; they become ordinary messages"
TOO_FAR_AHEAD = "messages with a time in the future, which get the current time"


class Progress(msgspec.Struct, frozen=True):
    """How far an import has come."""

    conversations: int
    messages: int
    files: int
    title: str


class Importer:
    """Imports one source, or only says what would become of it.

    Args:
        database: Takes the messages.
        files: Takes the files.
        live: How long messages are kept.
        source: What is imported.
        dry_run: Whether nothing is stored.
    """

    def __init__(
        self,
        database: Database,
        files: SourceFiles,
        live: LiveSettings,
        source: Source,
        *,
        dry_run: bool,
    ) -> None:
        self._database = database
        self._files = files
        self._source = source
        self._dry_run = dry_run
        self._keep_for = live.current.retention_days * DAY
        self._identities: dict[str, tuple[str, bool]] = {}
        self._persons: dict[str, str] = {}  # of placeholders, by their ids here
        self._counts = Counts()
        self._told_at = -PROGRESS_SECONDS  # the first messages are told at once

    async def run(self) -> AsyncIterator[Progress | Report]:
        """Import everything; give progress now and then, and the report at the end.

        What was stored stays if this is not read to its end: the next run goes on there.
        """
        source = self._source
        await self._identify_people()
        async for conversation in _in_thread(source.conversations(), 1):
            for record in conversation:
                async for progress in self._conversation(record):
                    yield progress
        losses = +source.losses
        yield report_of(source.manifest.source, self._counts, losses, dry_run=self._dry_run)

    async def _identify_people(self) -> None:
        name = self._source.manifest.source
        async for people in _in_thread(self._source.people(), PEOPLE_AT_ONCE):
            if self._dry_run:
                found = await self._database.read(recognize_people, name, people)
            else:
                found = await self._database.write(IdentifyPeople(name, people))
            for person, identity in zip(people, found, strict=True):
                self._identities[person.id] = identity.user_id, identity.matched
                if not identity.matched:
                    self._persons[identity.user_id] = person.id
                self._counts.matched += identity.matched
                await self._set_avatar(person, identity)
            self._counts.people += len(people)

    async def _set_avatar(self, person: Person, identity: Identity) -> None:
        if person.avatar is None or not identity.new:
            return
        avatar = await self._files.store_avatar(self._source, person.avatar)
        if avatar is not None:
            await self._database.write(SetPlaceholderAvatar(identity.user_id, avatar))

    async def _conversation(self, record: ConversationRecord) -> AsyncIterator[Progress]:
        begun = await self._begin(record)
        self._counts.conversations += 1
        fitter = Fitter(self._identities, self._source.losses)
        closed = OWN if begun.own else ""
        async for records in _in_thread(self._source.messages(record), MESSAGES_AT_ONCE):
            fitted = [one for message in records for one in fitter.fit(self._in_time(message))]
            kept = self._without_aged(fitted)
            if closed:
                self._source.losses[closed] += len(kept)
                continue
            if not await self._store(begun.conversation, kept):
                closed = CONTINUED
            if monotonic() - self._told_at > PROGRESS_SECONDS:
                self._told_at = monotonic()
                counts = self._counts
                yield Progress(
                    counts.conversations, counts.messages, counts.files, record.title[:100]
                )
        if not (begun.own or begun.finished or self._dry_run):
            await self._finish(begun.conversation, record)

    async def _begin(self, record: ConversationRecord) -> Begun:
        name = self._source.manifest.source
        if not self._dry_run:
            return await self._database.write(BeginConversation(name, record))
        found = await self._database.read(find_begun, name, record.id)
        return found or Begun("")

    async def _finish(self, conversation: str, record: ConversationRecord) -> None:
        avatar = None
        if record.avatar is not None:
            avatar = await self._files.store_avatar(self._source, record.avatar)
        members, waiting = roles_of(record, self._identities)
        placeholders = self._placeholders(waiting)
        await self._database.write(
            FinishConversation(conversation, members, waiting, avatar, placeholders)
        )

    def _placeholders(self, user_ids: Iterable[str]) -> dict[str, str]:
        """Return the ids of those who have no account as far as we know, by those of the source."""
        persons = self._persons
        return {persons[user_id]: user_id for user_id in user_ids if user_id in persons}

    def _note_claims(self, claimed: dict[str, str]) -> None:
        """Go on with the accounts of those whom somebody has claimed meanwhile."""
        for placeholder, account in claimed.items():
            self._identities[self._persons.pop(placeholder)] = account, True

    def _in_time(self, message: MessageRecord) -> MessageRecord:
        """Return a message that is not from the future, which would stay the newest for ever."""
        now = self._database.clock()
        if message.at <= now:
            return message
        self._source.losses[TOO_FAR_AHEAD] += 1
        return msgspec.structs.replace(message, at=now)

    def _without_aged(self, messages: list[FittedMessage]) -> list[FittedMessage]:
        if not self._keep_for:
            return messages
        oldest = self._database.clock() - self._keep_for
        kept = [one for one in messages if one.origin.created_at >= oldest]
        self._source.losses[AGED] += len(messages) - len(kept)
        return kept

    async def _store(self, conversation: str, messages: list[FittedMessage]) -> bool:
        """Store a batch; return False if nothing more goes into the conversation."""
        ids = [one.id for one in messages]
        known = (
            set(await self._database.read(known_ids, conversation, ids)) if conversation else set()
        )
        self._counts.known += len(known)
        new = [one for one in messages if one.id not in known]
        if self._dry_run:
            self._count(new)
            return True
        batch = [await self._with_files(one) for one in new]
        batch = [one for one in batch if one.body or one.files]
        if not batch:
            return True
        began = monotonic()
        placeholders = self._placeholders(
            {who for one in batch for who in (one.author, *one.people)}
        )
        result = await self._database.write(ImportMessages(conversation, batch, placeholders))
        self._note_claims(result.claimed)
        await self._files.discard(result.unused)
        losses = self._source.losses
        losses[NO_REPLY] += result.lost_replies
        losses.update(result.refused)
        if result.continued:
            losses[CONTINUED] += len(batch)
            return False
        self._counts.messages += result.stored
        unused = set(result.unused)
        files = [file for one in batch for file in one.files if file.id not in unused]
        self._counts.files += len(files)
        self._counts.bytes += sum(file.size for file in files)
        await asyncio.sleep((monotonic() - began) * REST)
        return True

    def _count(self, messages: list[FittedMessage]) -> None:
        """Count what would be stored."""
        for one in messages:
            fitting = [file for file in one.files if self._files.fits(self._source, file)]
            if one.body or fitting:
                self._counts.messages += 1
                self._counts.files += len(fitting)
                self._counts.bytes += sum(self._source.size(file.path) or 0 for file in fitting)

    async def _with_files(self, message: FittedMessage) -> NewMessage:
        stored = [
            await self._files.store(self._source, file, message.author) for file in message.files
        ]
        return NewMessage(
            id=message.id,
            author=message.author,
            body=message.body,
            origin=message.origin,
            people=message.people,
            reply_to=message.reply_to,
            files=[file for file in stored if file is not None],
            automated=message.automated,
            actions=message.actions,
        )


async def _in_thread(rows: Iterator[T], count: int) -> AsyncIterator[list[T]]:
    """Give rows some at a time; they are read in a thread, where parsing holds up nobody for long."""
    while some := await asyncio.to_thread(_take, rows, count):
        yield some


def _take(rows: Iterator[T], count: int) -> list[T]:
    return list(islice(rows, count))
