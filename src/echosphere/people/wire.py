"""The shapes of people on the wire."""

from typing import Annotated, Literal

from msgspec import Meta

from echosphere.accounts import User
from echosphere.wire import Id, Key, Request, Seq, Shape

MAX_REPORT = 2_000


class UserAnswer(Shape, frozen=True):
    """Somebody's profile; also the event that it changed."""

    user: User


class PersonCall(Request, frozen=True):
    """Who is meant."""

    user: Id


class ReportCall(Request, frozen=True):
    """What is wrong with a person, or with one of their messages."""

    user: Id
    reason: Literal["spam", "abuse", "impersonation", "other"]
    text: Annotated[str, Meta(max_length=MAX_REPORT)] = ""
    conversation: Id | None = None
    seq: Seq | None = None
    key: Key | None = None
