"""Messages: posted once, kept in one order, read in pages."""

from echosphere.messages.events import MessagePosted
from echosphere.messages.history import attachments_of_page, bytes_of, first_that_fit, latest_page
from echosphere.messages.live import MessagesLive
from echosphere.messages.message import Draft, Message
from echosphere.messages.post import Posted, post_message
from echosphere.messages.store import changed_since
from echosphere.messages.web import MessagesApi
from echosphere.messages.wire import MessageShape, message_shape, message_shapes

__all__ = [
    "Draft",
    "Message",
    "MessagePosted",
    "MessageShape",
    "MessagesApi",
    "MessagesLive",
    "Posted",
    "attachments_of_page",
    "bytes_of",
    "changed_since",
    "first_that_fit",
    "latest_page",
    "message_shape",
    "message_shapes",
    "post_message",
]
