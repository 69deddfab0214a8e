"""Messages: posted once, kept in one order, read in pages."""

from echosphere.messages.access import access_message
from echosphere.messages.change import change_message, files_of
from echosphere.messages.events import (
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
)
from echosphere.messages.history import attachments_of_page, bytes_of, first_that_fit, latest_page
from echosphere.messages.limits import CHANGE_RATE, UNDO_FOR
from echosphere.messages.mentions import mentioned_in
from echosphere.messages.message import Draft, Message, accepted_body
from echosphere.messages.personal_events import (
    MessageSaved,
    MessagesHidden,
    MessagesRestored,
)
from echosphere.messages.post import Posted, post_message
from echosphere.messages.preview import set_preview
from echosphere.messages.purge import purge_cleared_later, purge_later
from echosphere.messages.restore import TOO_LATE
from echosphere.messages.show import show_message
from echosphere.messages.store import changed_since
from echosphere.messages.store import find as find_message
from echosphere.messages.system import post_system
from echosphere.messages.wire.changing import MessageCall
from echosphere.messages.wire.message import MessageShape, message_shape
from echosphere.messages.wire.reading import message_shapes
from echosphere.messages.wiring import install

__all__ = [
    "CHANGE_RATE",
    "TOO_LATE",
    "UNDO_FOR",
    "Draft",
    "Message",
    "MessageCall",
    "MessageChanged",
    "MessageDeleted",
    "MessageEdited",
    "MessagePosted",
    "MessageSaved",
    "MessageShape",
    "MessagesHidden",
    "MessagesRestored",
    "Posted",
    "accepted_body",
    "access_message",
    "attachments_of_page",
    "bytes_of",
    "change_message",
    "changed_since",
    "files_of",
    "find_message",
    "first_that_fit",
    "install",
    "latest_page",
    "mentioned_in",
    "message_shape",
    "message_shapes",
    "post_message",
    "post_system",
    "purge_cleared_later",
    "purge_later",
    "set_preview",
    "show_message",
]
