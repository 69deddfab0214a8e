"""The inbox: one person's conversations with last message and unread counts, and catching up."""

from echosphere.inbox.live import InboxLive
from echosphere.inbox.web import InboxApi

__all__ = ["InboxApi", "InboxLive"]
