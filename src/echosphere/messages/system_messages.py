"""Posts system messages, which say what happened to a conversation."""

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
    transaction: Transaction, conversation: Conversation, actor: str, content: Mapping[str, Any]
) -> int:
    """Store and announce a system message; return its `seq`.

    Args:
        transaction: Stores the message.
        conversation: As read for update in this transaction.
        actor: The user whose action it reports.
        content: `{type, …}` as listed in docs/protocol.md; JSON types only.
    """
    seq = allocate_seq(transaction, conversation)
    message = Message(
        conversation=conversation.id,
        seq=seq,
        version=seq,
        author=actor,
        key=new_id(),
        body="",
        created_at=transaction.now,
        system=json.dumps(content),
    )
    store.insert_system(transaction, message)
    transaction.announce(MessagePosted(message, (), conversation.members_version))
    return seq
