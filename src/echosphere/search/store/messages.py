"""Queries for messages; the right to see them is part of each query.

SQLite's index is a contentless FTS5 table, PostgreSQL's an index of pg_trgm. Both only speed up the
search: `LIKE` on the same folded texts decides in both.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
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
from echosphere.messages.store import MESSAGE, messages, not_hidden_by, to_message
from echosphere.search.store.tables import fetch_tuples, search_index, search_texts

TRIGRAM = 3
"""Minimum length of a term for the indexes, which are made of trigrams."""

LINKS = ("http://", "https://")
MEDIA = ("image", "audio", "video")


class Scope(msgspec.Struct, frozen=True):
    """Which messages are searched.

    Attributes:
        viewer: The user who must be able to see them.
        conversations: The conversations they must be in; None for any.
        authors: The users who must have written them; None for any.
        since: Milliseconds since 1970 UTC, inclusive.
        until: Milliseconds since 1970 UTC, exclusive.
        media: Kinds of files that they must have; `file` is any.
    """

    viewer: str
    conversations: frozenset[str] | None
    authors: frozenset[str] | None
    since: int
    until: int
    media: frozenset[str]


def unindexed_messages(
    snapshot: Snapshot, scope: Scope, after: int, before: int, limit: int
) -> list[tuple[int, str, int, str, int, str | None]]:
    """Return unindexed messages, newest first: row id, and the fields of `MessageText`."""
    wanted = (
        messages.c.id,
        messages.c.conversation_id,
        messages.c.seq,
        messages.c.body,
        messages.c.files,
        messages.c.parts,
    )
    statement = _shown(select(*wanted), scope, by_number=_needs_query_hints(snapshot)).where(
        messages.c.id > after, messages.c.id < before
    )
    newest = statement.order_by(messages.c.id.desc()).limit(limit)
    return [
        (row[0], row[1], row[2], row[3], row[4], row[5]) for row in fetch_tuples(snapshot, newest)
    ]


def matching_ids(
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
    """Return the row ids of indexed messages that contain all terms, newest first.

    Args:
        link: Whether they must contain a link.
        after: Only larger row ids.
        before: Only smaller row ids.
        by_index: Whether SQLite uses its index first; PostgreSQL decides by itself.
        by_conversation: Whether SQLite reads the viewer's conversations instead of all messages;
            better when these are a small part of all.
    """
    needs_hints = _needs_query_hints(snapshot)
    # An expression keeps the database from scanning in the order of the ids.
    number = (
        messages.c.id + literal_column("0")
        if needs_hints and by_conversation
        else search_texts.c.id
    )
    statement = _shown(
        select(messages.c.id), scope, by_number=needs_hints and not by_conversation
    ).join(search_texts, search_texts.c.id == messages.c.id)
    statement = statement.where(number > after, number < before, *_like_all(terms))
    if link:
        statement = statement.where(or_(*(_like(start) for start in LINKS)))
    if by_index:
        found = select(search_index.c.rowid).where(
            _match(terms), search_index.c.rowid > after, search_index.c.rowid < before
        )
        statement = statement.where(search_texts.c.id.in_(found))
    return list(snapshot.execute(statement.order_by(number.desc()).limit(limit)).scalars())


def candidate_ids(snapshot: Snapshot, terms: Sequence[str], before: int, limit: int) -> list[int]:
    """Return the row ids that SQLite's index has for these terms, regardless of who may see them."""
    statement = select(search_index.c.rowid).where(_match(terms), search_index.c.rowid < before)
    newest = statement.order_by(search_index.c.rowid.desc()).limit(limit)
    return list(snapshot.execute(newest).scalars())


def messages_by_id(snapshot: Snapshot, numbers: Sequence[int]) -> list[Message]:
    """Return messages by row id, newest first."""
    statement = select(messages.c.id, *MESSAGE).where(messages.c.id.in_(numbers))
    rows = snapshot.execute(statement.order_by(messages.c.id.desc())).all()
    return [to_message(tuple(row)[1:]) for row in rows]


def _needs_query_hints(snapshot: Snapshot) -> bool:
    """Return whether the database plans queries without statistics."""
    return snapshot.dialect == "sqlite"


def _shown(statement: Select[Any], scope: Scope, *, by_number: bool) -> Select[Any]:
    """Restrict a query of messages to the scope and to what the viewer may see.

    Args:
        by_number: Whether to scan by row id and not by the viewer's conversations, which an
            expression keeps SQLite from.
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
        messages.c.deleted == false(),
        messages.c.system.is_(None),
        not_hidden_by(literal(scope.viewer)),
    )
    return shown.where(*_filters(scope))


def _filters(scope: Scope) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if scope.conversations is not None:
        conditions.append(messages.c.conversation_id.in_(sorted(scope.conversations)))
    if scope.authors is not None:
        conditions.append(messages.c.author_id.in_(sorted(scope.authors)))
    if scope.since > 0:
        conditions.append(messages.c.created_at >= scope.since)
    if scope.until < 2**53:
        conditions.append(messages.c.created_at < scope.until)
    if scope.media:
        conditions.append(messages.c.files > 0)
    conditions.extend(_has_file_of(kind) for kind in sorted(scope.media) if kind in MEDIA)
    return conditions


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
    """Return the FTS5 condition: the index knows trigrams, not their order."""
    trigrams = dict.fromkeys(
        term[at : at + TRIGRAM] for term in terms for at in range(len(term) - TRIGRAM + 1)
    )
    quoted = ('"' + trigram.replace('"', '""') + '"' for trigram in trigrams)
    matches: ColumnElement[bool] = literal_column("search_index").op("MATCH")(" AND ".join(quoted))
    return matches
