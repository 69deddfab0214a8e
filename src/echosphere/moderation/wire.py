"""The shapes of moderation on the wire."""

from typing import Annotated, Literal

from msgspec import Meta

from echosphere.wire import Id, Key, Request, Seq

MAX_TEXT = 2_000


class ReportCall(Request, frozen=True):
    """What is wrong with a user, or with one of their messages."""

    user: Id
    reason: Literal["spam", "abuse", "impersonation", "other"]
    text: Annotated[str, Meta(max_length=MAX_TEXT)] = ""
    conversation: Id | None = None
    seq: Seq | None = None
    key: Key | None = None
