"""`echosphere export`: writes conversations into an archive."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from echosphere import audit
from echosphere.accounts import actor_of
from echosphere.app import Application
from echosphere.core.caller import Caller
from echosphere.database import Command, Transaction
from echosphere.exporting import Exported, Exporter
from echosphere.wire import Id, Request, Shape

ServerPath = Annotated[str, Meta(max_length=4_096)]


class ExportAllCall(Request, frozen=True):
    """Where to write everything, and whether as pages, too."""

    path: ServerPath
    html: bool = False


class ExportOneCall(Request, frozen=True):
    """Which conversation to write where, and whether as pages, too."""

    conversation: Id
    path: ServerPath
    html: bool = False


class ExportPart(Shape, frozen=True):
    """How far it has come; `size` is that of the archive once it is complete."""

    exported: Exported


class RecordExport(Command[None]):
    """Note in the audit log that conversations were exported."""

    operator: Caller
    conversation: str | None
    messages: int

    def run(self, transaction: Transaction) -> None:
        """Note it."""
        actor = actor_of(self.operator)
        audit.record(
            transaction, actor, "export.finished", self.conversation, messages=self.messages
        )


async def export_all(
    application: Application, operator: Caller, call: ExportAllCall
) -> AsyncIterator[ExportPart]:
    """Export all conversations."""
    async for part in _export(application, operator, call.path, None, html=call.html):
        yield part


async def export_one(
    application: Application, operator: Caller, call: ExportOneCall
) -> AsyncIterator[ExportPart]:
    """Export one conversation."""
    async for part in _export(application, operator, call.path, call.conversation, html=call.html):
        yield part


async def _export(
    application: Application, operator: Caller, path: str, conversation: str | None, *, html: bool
) -> AsyncIterator[ExportPart]:
    exporter = Exporter(application.database, application.storage, Path(path), html=html)
    async with aclosing(exporter.run(conversation)) as parts:  # type: ignore[type-var]
        async for part in parts:
            if part.size:
                command = RecordExport(operator, conversation, part.messages)
                await application.database.write(command)
            yield ExportPart(part)
