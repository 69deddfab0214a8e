"""Writes a system line: what happened to a conversation, as a message of nobody's making."""

import json
from collections.abc import Mapping
from typing import Any

from echosphere.conversations import Conversation, allocate_seq
from echosphere.core.ids import new_id
from echosphere.database import Transaction
from echosphere.messages import store
from echosphere.messages.events import MessagePosted
from echosphere.messages.message import Message


def post_system_message(
    transaction: Transaction, conversation: Conversation, actor: str, said: Mapping[str, Any]
) -> int:
    """Store and announce a system line; return its number.

    Args:
        transaction: Where to.
        conversation: As read, locked, in this transaction: its version is the one before.
        actor: Who did what the line says.
        said: `{type, …}` as docs/protocol.md lists them; JSON types only.
    """
    seq = allocate_seq(transaction, conversation)
    line = Message(
        conversation=conversation.id,
        seq=seq,
        version=seq,
        author=actor,
        key=new_id(),
        body="",
        created_at=transaction.now,
        system=json.dumps(said),
    )
    store.insert_system(transaction, line)
    transaction.announce(MessagePosted(line, (), conversation.members_version))
    return seq
