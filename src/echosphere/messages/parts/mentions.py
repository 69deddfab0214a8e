"""Mentions: who is named with `@`. In a forwarded message they are plain text."""

from typing import ClassVar

import msgspec

from echosphere.conversations import Access
from echosphere.database import Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.mentions import find_mentions, mentioned_user_ids
from echosphere.messages.message import Message
from echosphere.messages.parts.part import Part
from echosphere.wire import Shape


class Mention(Shape, frozen=True):
    """Someone named with `@` in a message; no user means everyone."""

    user: str | None
    text: str


decode_mentions = msgspec.json.Decoder(list[Mention]).decode


class Mentions(Part):
    """The mentions of a message: how they are shown, and rows to count them by."""

    fields: ClassVar = {"mentions": None, "mentions_all": False}
    json_fields: ClassVar = ("mentions",)
    follows_text = True

    def read_text(self, snapshot: Snapshot, access: Access, message: Message) -> Message:
        """Return the message with the present members whom it mentions."""
        if "@" not in message.body:
            return message
        found = find_mentions(snapshot, access, message.body)
        return message._replace(mentions=found.json, mentions_all=found.all_members)

    def on_text(self, transaction: Transaction, message: Message, before: Message | None) -> None:
        """Store who is mentioned by name."""
        if before is not None and before.mentions is not None:
            store.delete_mentions(transaction, message.conversation, message.seq)
        if message.mentions is not None:
            mentioned = mentioned_user_ids(message)
            store.set_mentions(transaction, message.conversation, message.seq, mentioned)

    def on_delete(self, transaction: Transaction, message: Message) -> None:
        """Delete who is mentioned."""
        if message.mentions is not None:
            store.delete_mentions(transaction, message.conversation, message.seq)
