"""Reads and writes of conversations, without access checks."""

from sqlalchemy import bindparam, insert, select, update

from echosphere.conversations.conversation import Conversation
from echosphere.conversations.store.rows import CONVERSATION, to_conversation
from echosphere.conversations.store.tables import conversations
from echosphere.conversations.store.versions import NEXT_CHANGE
from echosphere.database import Prepared, Snapshot, Transaction

FIND_CONVERSATION = Prepared(
    select(*CONVERSATION).where(conversations.c.id == bindparam("conversation"))
)
FIND_PAIR = Prepared(select(conversations.c.id).where(conversations.c.pair == bindparam("pair")))
INSERT_CONVERSATION = Prepared(
    insert(conversations).values(
        {c.name: bindparam(c.name) for c in conversations.c} | {"change_number": NEXT_CHANGE}
    )
)


def find_direct(snapshot: Snapshot, pair: str) -> str | None:
    """Return the id of the direct conversation with a pair key, or None."""
    row = snapshot.first(FIND_PAIR, pair=pair)
    return None if row is None else str(row[0])


def insert_conversation(
    transaction: Transaction, conversation: Conversation, pair: str | None
) -> None:
    """Store a new conversation."""
    transaction.run(
        INSERT_CONVERSATION,
        id=conversation.id,
        kind=conversation.kind.value,
        title=conversation.title,
        avatar=conversation.avatar,
        pair=pair,
        version=conversation.version,
        members_version=conversation.members_version,
        last_seq=conversation.last_seq,
        created_at=conversation.created_at,
        changed_at=transaction.now,
        history=conversation.history.value,
        description=conversation.description,
        posting=conversation.posting.value,
        reacting=conversation.reacting.value,
        slow_seconds=conversation.slow_seconds,
        retention_days=0,
        expire_seconds=0,
        retained_seq=0,
        filter_words=None,
        epoch=transaction.epoch,
        epoch_base=0,
        earlier_epoch=0,
        bots=0,
    )


def find_conversation(snapshot: Snapshot, conversation: str) -> Conversation | None:
    """Return a conversation, or None."""
    row = snapshot.first(FIND_CONVERSATION, conversation=conversation)
    return None if row is None else to_conversation(row)


def set_conversation_fields(
    transaction: Transaction, conversation: str, **changes: str | int | None
) -> None:
    """Change columns of a conversation."""
    transaction.execute(
        update(conversations).where(conversations.c.id == conversation).values(**changes)
    )
