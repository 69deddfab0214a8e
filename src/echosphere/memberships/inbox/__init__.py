"""One person's conversations: list, sync, settings, unread counts."""
