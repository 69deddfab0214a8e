"""The personal data download: everything that a user can see, as pages, JSON and files."""

from echosphere.data_export.contents import DOCUMENTS, LEFT_OUT, OF_CONVERSATION
from echosphere.data_export.pages import (
    MessageContext,
    Reader,
    message_html,
    page,
)
from echosphere.data_export.wiring import install

__all__ = [
    "DOCUMENTS",
    "LEFT_OUT",
    "OF_CONVERSATION",
    "MessageContext",
    "Reader",
    "install",
    "message_html",
    "page",
]
