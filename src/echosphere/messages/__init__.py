"""Messages: posted once, kept in one order, read in pages."""

from echosphere.messages.access import access_message, access_message_for_update
from echosphere.messages.change import attachments_of_message, change_message
from echosphere.messages.delete import erase_aged_message
from echosphere.messages.edit import update_card
from echosphere.messages.events import (
    ActionsReplaced,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessagesImported,
    ReactionSet,
)
from echosphere.messages.held import Held
from echosphere.messages.history import attachments_of_page, fit_to_size, latest_page, wire_size
from echosphere.messages.hold import delete_aged_held, delete_held_of
from echosphere.messages.limits import CHANGE_RATE, UNDO_WINDOW
from echosphere.messages.mentions import mentioned_user_ids
from echosphere.messages.message import (
    MAX_BODY,
    Message,
    has_expired,
    require_not_deleted,
    validate_body,
)
from echosphere.messages.origin import EarlierText, ImportOrigin
from echosphere.messages.parts import MessageText, encode_contents, search_lines, summary_of
from echosphere.messages.parts.actions import (
    Action,
    ActionRows,
    SentActions,
    actions_of,
    clean_actions,
    labels_of,
)
from echosphere.messages.personal_events import (
    MessageSaved,
    MessagesHidden,
    MessagesRestored,
)
from echosphere.messages.post import (
    Posted,
    PostMessage,
    find_posted,
    find_posted_or_held,
    post_with_access,
)
from echosphere.messages.posting_rules import (
    note_post,
    require_may_post,
)
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
    undeleted,
    versions_of,
)
from echosphere.messages.store import find as find_message
from echosphere.messages.system_messages import post_system_message
from echosphere.messages.wire.changing import MessageCall
from echosphere.messages.wire.held import HeldShape, held_shape
from echosphere.messages.wire.message import Body, MessageShape, message_shape
from echosphere.messages.wire.reading import message_shapes
from echosphere.messages.wiring import install

__all__ = [
    "CHANGE_RATE",
    "MAX_BODY",
    "UNDO_EXPIRED",
    "UNDO_WINDOW",
    "Action",
    "ActionRows",
    "ActionsReplaced",
    "Body",
    "EarlierText",
    "Held",
    "HeldShape",
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
    "SentActions",
    "access_message",
    "access_message_for_update",
    "actions_of",
    "announce_last_message",
    "attachments_of_message",
    "attachments_of_page",
    "change_message",
    "changed_since",
    "clean_actions",
    "delete_aged_held",
    "delete_held_of",
    "encode_contents",
    "enqueue_purge",
    "enqueue_purge_of_cleared",
    "enqueue_removal",
    "erase_aged_message",
    "erase_reported_message",
    "find_message",
    "find_posted",
    "find_posted_or_held",
    "fit_to_size",
    "get_message",
    "has_expired",
    "has_messages_after",
    "held_shape",
    "install",
    "labels_of",
    "last_seq_older",
    "latest_page",
    "mentioned_user_ids",
    "message_shape",
    "message_shapes",
    "note_post",
    "post_system_message",
    "post_with_access",
    "reattribute_messages",
    "reported_message_with_context",
    "require_may_post",
    "require_not_deleted",
    "search_lines",
    "set_preview",
    "summary_of",
    "undeleted",
    "update_card",
    "validate_body",
    "versions_of",
    "wire_size",
]
