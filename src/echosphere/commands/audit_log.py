"""`echosphere audit`: reads, verifies and exports the audit log."""

from collections.abc import AsyncIterator
from typing import Annotated

from msgspec import Meta

from echosphere.administration import AuditAnswer, AuditCall, AuditEntry, show_log
from echosphere.app import Application
from echosphere.audit import EntryHead, TamperedError, export_lines, find_head, verify_log
from echosphere.commands.users import find_id
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Invalid
from echosphere.wire import Request, Shape

LINES = 500
"""Entries that are exported at a time."""


class ListCall(Request, frozen=True):
    """Which entries, and how many."""

    limit: Annotated[int, Meta(ge=1, le=100_000)] = 50
    before: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 2**53 - 1
    user: Annotated[str, Meta(max_length=1_100)] | None = None


class NothingCall(Request, frozen=True):
    """No arguments."""


class VerifyCall(Request, frozen=True):
    """A head that was noted down earlier."""

    head: Annotated[str, Meta(max_length=100)] | None = None


class Lines(Shape, frozen=True):
    """Entries as lines of JSON."""

    lines: list[str]


class HeadAnswer(Shape, frozen=True):
    """The last entry's number, and its number and hash."""

    number: int
    head: str


async def list_entries(application: Application, _operator: Caller, call: ListCall) -> AuditAnswer:
    """Return the last entries."""
    read = application.database.read
    person = None if call.user is None else await read(find_id, call.user)
    entries: list[AuditEntry] = []
    before = call.before
    while True:
        page = await read(show_log, AuditCall(before, person))
        entries += page.entries
        if not page.more or len(entries) >= call.limit:
            more = page.more or len(entries) > call.limit
            return AuditAnswer(entries[: call.limit], more, page.head)
        before = entries[-1].number


async def export(
    application: Application, _operator: Caller, _call: NothingCall
) -> AsyncIterator[Lines]:
    """Give all entries, the oldest first."""
    lines: list[str] = []
    async for line in export_lines(application.database):
        lines.append(line)
        if len(lines) == LINES:
            yield Lines(lines)
            lines = []
    yield Lines(lines)


async def verify(application: Application, _operator: Caller, call: VerifyCall) -> HeadAnswer:
    """Verify the log from its first entry to its head.

    Raises:
        Conflict: It was changed.
    """
    known = None if call.head is None else _head_of(call.head)
    try:
        head = await verify_log(application.database, known)
    except TamperedError as error:
        raise Conflict(f"The audit log was changed. {error}") from None
    return HeadAnswer(head.number, str(head))


async def show_head(application: Application, _operator: Caller, _call: NothingCall) -> HeadAnswer:
    """Return the head of the log."""
    head = await application.database.read(find_head)
    return HeadAnswer(head.number, str(head))


def _head_of(given: str) -> EntryHead:
    number, _, hashed = given.partition(":")
    if not (number.isascii() and number.isdigit() and hashed):
        raise Invalid("A head is a number and a hash, such as 17:5feceb66.")
    return EntryHead(int(number), hashed)
