"""Requests and answers about links and addresses."""

from typing import Annotated

from msgspec import Meta

from echosphere.wire import Id, Request, Shape

Line = Annotated[str, Meta(max_length=1_100)]


class ChangeEmail(Request, frozen=True):
    """Change the address; the password proves who asks, or a fresh proof who has none."""

    email: Line
    password: Line | None = None


class ChangeEmailAnswer(Shape, frozen=True):
    """Whether the address is changed; else a mail with a link is on its way to the new one."""

    changed: bool


class UserCall(Request, frozen=True):
    """Whose account is meant."""

    user: Id


class ResetLinkAnswer(Shape, frozen=True):
    """A link that sets a new password, once and until a time; hand it over to its owner only."""

    link: str
    expires_at: int
