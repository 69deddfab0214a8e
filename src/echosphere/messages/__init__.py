"""Messages: posted once, kept in one order, read in pages."""

from echosphere.messages.access import access_message
from echosphere.messages.change import attachments_of_message, change_message
from echosphere.messages.delete import erase_aged_message
from echosphere.messages.events import (
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessagesImported,
    ReactionSet,
)
from echosphere.messages.history import attachments_of_page, fit_to_size, latest_page, wire_size
from echosphere.messages.hold import delete_aged_held, delete_held_of
from echosphere.messages.limits import CHANGE_RATE, UNDO_WINDOW
from echosphere.messages.mentions import mentioned_user_ids
from echosphere.messages.message import MAX_BODY, Message, has_expired, validate_body
from echosphere.messages.origin import EarlierText, ImportOrigin
from echosphere.messages.parts import MessageText, search_lines, summary_of
from echosphere.messages.personal_events import (
    MessageSaved,
    MessagesHidden,
    MessagesRestored,
)
from echosphere.messages.post import Posted, PostMessage, post_with_access
from echosphere.messages.preview import set_preview
from echosphere.messages.purge import enqueue_purge, enqueue_purge_of_cleared, enqueue_removal
from echosphere.messages.reattribute import announce_last_message, reattribute_messages
from echosphere.messages.reported import erase_reported_message, reported_message_with_context
from echosphere.messages.restore import UNDO_EXPIRED
from echosphere.messages.show import get_message
from echosphere.messages.store import (
    changed_since,
    has_messages_after,
    last_seq_older,
    shift_ages,
    undeleted,
    versions_of,
)
from echosphere.messages.store import find as find_message
from echosphere.messages.system_messages import post_system_message
from echosphere.messages.wire.changing import MessageCall
from echosphere.messages.wire.message import MessageShape, message_shape
from echosphere.messages.wire.reading import message_shapes
from echosphere.messages.wiring import install

__all__ = [
    "CHANGE_RATE",
    "MAX_BODY",
    "UNDO_EXPIRED",
    "UNDO_WINDOW",
    "EarlierText",
    "ImportOrigin",
    "Message",
    "MessageCall",
    "MessageChanged",
    "MessageDeleted",
    "MessageEdited",
    "MessagePosted",
    "MessageSaved",
    "MessageShape",
    "MessageText",
    "MessagesHidden",
    "MessagesImported",
    "MessagesRestored",
    "PostMessage",
    "Posted",
    "ReactionSet",
    "access_message",
    "announce_last_message",
    "attachments_of_message",
    "attachments_of_page",
    "change_message",
    "changed_since",
    "delete_aged_held",
    "delete_held_of",
    "enqueue_purge",
    "enqueue_purge_of_cleared",
    "enqueue_removal",
    "erase_aged_message",
    "erase_reported_message",
    "find_message",
    "fit_to_size",
    "get_message",
    "has_expired",
    "has_messages_after",
    "install",
    "last_seq_older",
    "latest_page",
    "mentioned_user_ids",
    "message_shape",
    "message_shapes",
    "post_system_message",
    "post_with_access",
    "reattribute_messages",
    "reported_message_with_context",
    "search_lines",
    "set_preview",
    "shift_ages",
    "summary_of",
    "undeleted",
    "validate_body",
    "versions_of",
    "wire_size",
]
