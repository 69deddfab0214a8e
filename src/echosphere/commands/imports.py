"""`echosphere import`: imports conversations from other systems."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta

from echosphere import audit
from echosphere.accounts import UserKind, actor_of, names_by_id, users_by_id
from echosphere.app import Application
from echosphere.commands.users import find_id
from echosphere.core.caller import Caller
from echosphere.core.errors import Invalid
from echosphere.database import Command, Snapshot, Transaction
from echosphere.importing import (
    SOURCES,
    Importer,
    LinkPlaceholder,
    Losses,
    Progress,
    Report,
    open_source,
    placeholders,
)
from echosphere.wire import Id, Request, Shape

MAX_LISTED = 10_000


class ImportCall(Request, frozen=True):
    """What to import."""

    path: Annotated[str, Meta(max_length=4_096)]
    format: str | None = None
    dry_run: bool = False
    timezone: Annotated[str, Meta(max_length=100)] | None = None
    source: Annotated[str, Meta(min_length=1, max_length=100)] | None = None


class ListPlaceholdersCall(Request, frozen=True):
    """No arguments."""


class LinkCall(Request, frozen=True):
    """Whose messages are given to which account."""

    placeholder: Id
    user: Annotated[str, Meta(max_length=1_100)]


class ProgressPart(Shape, frozen=True):
    """How far it has come."""

    progress: Progress


class ReportPart(Shape, frozen=True):
    """What was done, or would be."""

    report: Report


class Placeholder(Shape, frozen=True):
    """Someone who wrote elsewhere and has no account here."""

    id: str
    source: str
    person: str
    name: str
    email: str | None


class PlaceholdersAnswer(Shape, frozen=True):
    """All of them."""

    placeholders: list[Placeholder]


class LinkedAnswer(Shape, frozen=True):
    """The name of the account."""

    linked: str


class RecordImport(Command[None]):
    """Note in the audit log that something was imported."""

    operator: Caller
    source: str
    messages: int
    conversations: int

    def run(self, transaction: Transaction) -> None:
        """Note it."""
        audit.record(
            transaction,
            actor_of(self.operator),
            "import.finished",
            None,
            source=self.source.partition(":")[0],
            messages=self.messages,
            conversations=self.conversations,
        )


async def run_import(
    application: Application, operator: Caller, call: ImportCall
) -> AsyncIterator[ProgressPart | ReportPart]:
    """Import what a path has; give progress now and then, and the report at the end."""
    if call.format is not None and call.format not in SOURCES:
        raise Invalid(f"This server does not support the format {call.format!r}.")
    zone = None if call.timezone is None else _zone_of(call.timezone)
    source = await asyncio.to_thread(
        open_source, Path(call.path), call.format, Losses(), zone, call.source
    )
    try:
        importer = Importer(
            application.database,
            application.source_files,
            application.live_settings,
            source,
            dry_run=call.dry_run,
        )
        async with aclosing(importer.run()) as parts:  # type: ignore[type-var]
            async for part in parts:
                if isinstance(part, Progress):
                    yield ProgressPart(part)
                    continue
                if not call.dry_run:
                    await application.database.write(
                        RecordImport(operator, part.source, part.messages, part.conversations)
                    )
                yield ReportPart(part)
    finally:
        await asyncio.to_thread(source.close)


async def list_placeholders(
    application: Application, _operator: Caller, _call: ListPlaceholdersCall
) -> PlaceholdersAnswer:
    """Return those who wrote what was imported and have no account here."""
    return PlaceholdersAnswer(await application.database.read(_placeholders))


async def link(application: Application, operator: Caller, call: LinkCall) -> LinkedAnswer:
    """Give an account the messages of a placeholder."""
    account = await application.database.read(find_id, call.user)
    await application.database.write(LinkPlaceholder(call.placeholder, account, operator))
    return LinkedAnswer(await application.database.read(_name, account))


def _zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"There is no time zone {name!r}. An example is Europe/Berlin.") from None


def _placeholders(snapshot: Snapshot) -> list[Placeholder]:
    found = placeholders(snapshot, MAX_LISTED)
    users = users_by_id(snapshot, {one.user_id for one in found})
    return [
        Placeholder(one.user_id, one.source, one.person, users[one.user_id].name, one.email)
        for one in found
        if users[one.user_id].kind == UserKind.PERSON  # no one gets the messages of a program
    ]


def _name(snapshot: Snapshot, user_id: str) -> str:
    return names_by_id(snapshot, [user_id])[user_id]
