"""Answers and events about the security of an account."""

from echosphere.wire import Shape


class SecurityNotice(Shape, frozen=True):
    """Something that happened to the security of the caller's account.

    `kind` is a word such as `new_device`; `by` is the name of the administrator who did it, if one
    did; `device` and `address` are empty where they are not known.
    """

    id: str
    kind: str
    device: str
    address: str
    by: str | None
    created_at: int


class SecurityNoticesAnswer(Shape, frozen=True):
    """What happened to the security of the caller's account, the newest first."""

    events: list[SecurityNotice]


class SecurityNoticeEvent(Shape, frozen=True):
    """Something has just happened to the security of the person's account."""

    event: SecurityNotice
