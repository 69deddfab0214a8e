"""Inserts single messages, and finds them by key or `seq`."""

from sqlalchemy import bindparam, false, select, true

from echosphere.conversations import Access
from echosphere.database import Lookup, Prepared, Snapshot, Transaction, insert
from echosphere.messages.message import Message
from echosphere.messages.store import rows
from echosphere.messages.store.rows import (
    IN_CONVERSATION,
    IS_ADDRESSED,
    MESSAGE,
    VISIBLE,
    to_message,
)
from echosphere.messages.store.tables import messages

COLUMNS = ("conversation_id", "seq", "version", "author_id", "key", "body", "created_at", "files")

FIND_BY_KEY = Prepared(
    select(*MESSAGE).where(
        messages.c.author_id == bindparam("author"),
        IN_CONVERSATION,
        messages.c.key == bindparam("key"),
    )
)
HAS_KEY = Prepared(
    select(messages.c.seq).where(
        messages.c.author_id == bindparam("author"),
        IN_CONVERSATION,
        messages.c.key == bindparam("key"),
    )
)
FIND = Prepared(select(*MESSAGE).where(IN_CONVERSATION, messages.c.seq == bindparam("seq")))
FIND_VISIBLE = Prepared(
    select(*MESSAGE).where(IN_CONVERSATION, VISIBLE, messages.c.seq == bindparam("seq"))
)
FIND_ADDRESSED = Prepared(
    select(*MESSAGE).where(IN_CONVERSATION, IS_ADDRESSED, messages.c.seq == bindparam("seq"))
)
# For drivers, a NULL or boolean parameter costs as much as the row does for SQLite, so columns that a
# new message does not need are left out.
_new = insert(messages).values({name: bindparam(name) for name in COLUMNS} | {"deleted": false()})
_once = _new.on_conflict_do_nothing(index_elements=["author_id", "conversation_id", "key"])
INSERT = Prepared(_once)
INSERT_REPLY = Prepared(_once.values(reply_to=bindparam("reply_to")))
_full = _once.values(
    {
        name: bindparam(name)
        for name in ("reply_to", "forwarded", "mentions", "mentions_all", "expires_at")
    }
)
INSERT_FULL = Prepared(_full)
INSERT_AUTOMATED = Prepared(_full.values(automated=true()))
INSERT_PARTS = Prepared(_full.values({name: bindparam(name) for name in ("automated", "parts")}))
INSERT_SYSTEM = Prepared(_new.values(system=bindparam("system")))


def find_by_key(snapshot: Snapshot, author: str, conversation: str, key: str) -> Message | None:
    """Return the message that an author posted with an idempotency key, or None."""
    row = snapshot.first(FIND_BY_KEY, author=author, conversation=conversation, key=key)
    return None if row is None else to_message(row)


def key_lookup(author: str, conversation: str, key: str) -> Lookup:
    """Return the query that finds whether an author has posted with this idempotency key."""
    return HAS_KEY, {"author": author, "conversation": conversation, "key": key}


def find(snapshot: Snapshot, conversation: str, seq: int) -> Message | None:
    """Return the message with a `seq`, or None."""
    row = snapshot.first(FIND, conversation=conversation, seq=seq)
    return None if row is None else to_message(row)


def find_visible(snapshot: Snapshot, access: Access, seq: int) -> Message | None:
    """Return the message with a `seq` if this member may see it, or None."""
    row = snapshot.first(FIND_VISIBLE, **rows.access_parameters(access), seq=seq)
    return None if row is None else to_message(row)


def find_addressed(snapshot: Snapshot, access: Access, seq: int) -> Message | None:
    """Return the message with a `seq` if it is meant for this bot, or its own; else None."""
    row = snapshot.first(FIND_ADDRESSED, **rows.access_parameters(access), seq=seq)
    return None if row is None else to_message(row)


def insert_message(transaction: Transaction, message: Message) -> bool:
    """Insert a posted or forwarded message; return False if its key exists."""
    return transaction.insert_new(
        _insert_for(message),
        key_lookup(message.author, message.conversation, message.key),
        conversation_id=message.conversation,
        seq=message.seq,
        version=message.version,
        author_id=message.author,
        key=message.key,
        body=message.body,
        created_at=message.created_at,
        reply_to=message.reply_to,
        files=message.files,
        forwarded=message.forwarded,
        mentions=message.mentions,
        mentions_all=message.mentions_all,
        expires_at=message.expires_at,
        automated=message.automated,
        parts=message.parts,
    )


def _insert_for(message: Message) -> Prepared:
    if message.parts is not None:
        return INSERT_PARTS
    if message.automated:
        return INSERT_AUTOMATED
    if message.forwarded or message.mentions is not None or message.expires_at is not None:
        return INSERT_FULL
    return INSERT if message.reply_to is None else INSERT_REPLY


def insert_system(transaction: Transaction, line: Message) -> None:
    """Insert a system message."""
    transaction.run(
        INSERT_SYSTEM,
        conversation_id=line.conversation,
        seq=line.seq,
        version=line.version,
        author_id=line.author,
        key=line.key,
        body=line.body,
        created_at=line.created_at,
        files=0,
        system=line.system,
    )
