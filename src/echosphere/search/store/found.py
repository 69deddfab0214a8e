"""What is looked for: the right to see is part of each query.

The index of SQLite is a table of FTS5 that holds no texts of its own, that of PostgreSQL an index
of pg_trgm. Both only make it faster: `LIKE` on the same folded texts decides on both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    literal,
    literal_column,
    or_,
    select,
)

from echosphere.attachments.store import attachments
from echosphere.conversations.store import members, sees_after
from echosphere.database import Snapshot
from echosphere.messages import Message
from echosphere.messages.store import MESSAGE, messages, shown_to, to_message
from echosphere.search.store.tables import rows_of, search_index, search_texts

IN_INDEX = 3
"""Characters of a term that the indexes can look for: they are made of trigrams."""

LINKS = ("http://", "https://")
MEDIA = ("image", "audio", "video")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which messages are looked at.

    Attributes:
        viewer: They must be shown to this person.
        conversations: They must be in one of these; None for any.
        authors: One of these must have written them; None for anybody.
        since: Milliseconds; at this time or later.
        until: Before this time.
        media: They must have a file of each of these kinds; `file` is any.
    """

    viewer: str
    conversations: frozenset[str] | None
    authors: frozenset[str] | None
    since: int
    until: int
    media: frozenset[str]


def unindexed(
    snapshot: Snapshot, scope: Scope, after: int, before: int, limit: int
) -> list[tuple[int, str, int, str, int]]:
    """Return messages that the index does not know yet, the newest first.

    Each with its number, conversation, seq, words and number of files.
    """
    wanted = (
        messages.c.id,
        messages.c.conversation_id,
        messages.c.seq,
        messages.c.body,
        messages.c.files,
    )
    statement = _shown(select(*wanted), scope, by_number=_must_be_told(snapshot)).where(
        messages.c.id > after, messages.c.id < before
    )
    newest = statement.order_by(messages.c.id.desc()).limit(limit)
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows_of(snapshot, newest)]


def matching(
    snapshot: Snapshot,
    scope: Scope,
    terms: Sequence[str],
    *,
    link: bool,
    after: int,
    before: int,
    limit: int,
    by_index: bool = False,
    by_conversation: bool = False,
) -> list[int]:
    """Return the numbers of indexed messages in which all terms occur, the newest first.

    Args:
        link: They must hold a link.
        after: Their numbers are larger,
        before: and smaller than this.
        by_index: Whether SQLite asks its index first. PostgreSQL knows by itself.
        by_conversation: Whether SQLite goes through the viewer's conversations and not through
            all messages; better when these are few of all.
    """
    told = _must_be_told(snapshot)
    # An expression keeps the database from going by the order of the numbers.
    number = messages.c.id + literal_column("0") if told and by_conversation else search_texts.c.id
    statement = _shown(select(messages.c.id), scope, by_number=told and not by_conversation).join(
        search_texts, search_texts.c.id == messages.c.id
    )
    statement = statement.where(number > after, number < before, *_like_all(terms))
    if link:
        statement = statement.where(or_(*(_like(start) for start in LINKS)))
    if by_index:
        found = select(search_index.c.rowid).where(
            _match(terms), search_index.c.rowid > after, search_index.c.rowid < before
        )
        statement = statement.where(search_texts.c.id.in_(found))
    return list(snapshot.execute(statement.order_by(number.desc()).limit(limit)).scalars())


def candidates(snapshot: Snapshot, terms: Sequence[str], before: int, limit: int) -> list[int]:
    """Return what SQLite's index knows of these terms, whoever may see it, the newest first."""
    statement = select(search_index.c.rowid).where(_match(terms), search_index.c.rowid < before)
    newest = statement.order_by(search_index.c.rowid.desc()).limit(limit)
    return list(snapshot.execute(newest).scalars())


def messages_by_number(snapshot: Snapshot, numbers: Sequence[int]) -> list[Message]:
    """Return messages that were found, the newest first."""
    statement = select(messages.c.id, *MESSAGE).where(messages.c.id.in_(numbers))
    rows = snapshot.execute(statement.order_by(messages.c.id.desc())).all()
    return [to_message(tuple(row)[1:]) for row in rows]


def file_names(
    snapshot: Snapshot, posted: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], list[str]]:
    """Return the names of the files of messages, given by conversation and seq."""
    found: dict[tuple[str, int], list[str]] = {}
    by_conversation: dict[str, list[int]] = {}
    for conversation, seq in posted:
        by_conversation.setdefault(conversation, []).append(seq)
    for conversation, seqs in by_conversation.items():
        statement = select(attachments.c.seq, attachments.c.name).where(
            attachments.c.conversation_id == conversation, attachments.c.seq.in_(seqs)
        )
        for seq, name in rows_of(snapshot, statement.order_by(attachments.c.position)):
            found.setdefault((conversation, seq), []).append(name)
    return found


def _must_be_told(snapshot: Snapshot) -> bool:
    """Return whether the database plans without knowing how its rows are spread."""
    return snapshot.dialect == "sqlite"


def _shown(statement: Select[Any], scope: Scope, *, by_number: bool) -> Select[Any]:
    """Restrict a query over messages to those that the viewer may see and that are asked for.

    Args:
        by_number: Whether to go from the newest down, and not through the viewer's conversations:
            an expression keeps SQLite from that.
    """
    conversation = messages.c.conversation_id
    member = and_(
        members.c.conversation_id == (conversation.concat("") if by_number else conversation),
        members.c.user_id == scope.viewer,
        members.c.left == false(),
        messages.c.seq > sees_after(),
    )
    shown = statement.select_from(messages).join(members, member)
    shown = shown.where(
        messages.c.deleted == false(), messages.c.system.is_(None), shown_to(literal(scope.viewer))
    )
    return shown.where(*_asked_for(scope))


def _asked_for(scope: Scope) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if scope.conversations is not None:
        asked.append(messages.c.conversation_id.in_(sorted(scope.conversations)))
    if scope.authors is not None:
        asked.append(messages.c.author_id.in_(sorted(scope.authors)))
    if scope.since > 0:
        asked.append(messages.c.created_at >= scope.since)
    if scope.until < 2**53:
        asked.append(messages.c.created_at < scope.until)
    if scope.media:
        asked.append(messages.c.files > 0)
    asked.extend(_has_file_of(kind) for kind in sorted(scope.media) if kind in MEDIA)
    return asked


def _has_file_of(kind: str) -> ColumnElement[bool]:
    return exists().where(
        attachments.c.conversation_id == messages.c.conversation_id,
        attachments.c.seq == messages.c.seq,
        attachments.c.type.like(f"{kind}/%"),
    )


def _like_all(terms: Iterable[str]) -> list[ColumnElement[bool]]:
    return [_like(term) for term in terms]


def _like(term: str) -> ColumnElement[bool]:
    return search_texts.c.text.contains(term, autoescape=True, escape="\\")


def _match(terms: Iterable[str]) -> ColumnElement[bool]:
    """Return the question for SQLite's index: it knows trigrams, not their order."""
    trigrams = dict.fromkeys(
        term[at : at + IN_INDEX] for term in terms for at in range(len(term) - IN_INDEX + 1)
    )
    quoted = ('"' + trigram.replace('"', '""') + '"' for trigram in trigrams)
    matches: ColumnElement[bool] = literal_column("search_index").op("MATCH")(" AND ".join(quoted))
    return matches
