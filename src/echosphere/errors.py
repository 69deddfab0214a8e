"""Refusals: what a person or program is told when something cannot be done."""

from collections.abc import Mapping


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A clear no, the same over HTTP and Socket.IO.

    Args:
        detail: One sentence for the caller that says what to do.
        fields: For each refused field, what is wrong with it.
        retry_after: Seconds after which trying again makes sense.
    """

    code = "invalid"
    status = 400
    title = "Invalid request"

    def __init__(
        self,
        detail: str,
        *,
        fields: Mapping[str, str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = dict(fields or {})
        self.retry_after = retry_after


class Invalid(Refusal):
    """The request has the wrong shape or breaks a rule of its fields."""


class Unauthorized(Refusal):
    """Nobody is signed in, or the credentials are wrong."""

    code = "unauthorized"
    status = 401
    title = "Not signed in"


class Forbidden(Refusal):
    """The caller may see the object but not do this with it."""

    code = "forbidden"
    status = 403
    title = "Not allowed"


class NotFound(Refusal):
    """There is no such thing, or the caller may not know of it."""

    code = "not_found"
    status = 404
    title = "Not found"


class Conflict(Refusal):
    """It contradicts what is already there."""

    code = "conflict"
    status = 409
    title = "Conflict"


class Gone(Refusal):
    """It was there and is deleted for good."""

    code = "gone"
    status = 410
    title = "Gone"


class TooLarge(Refusal):
    """More bytes than the limit allows."""

    code = "too_large"
    status = 413
    title = "Too large"


class QuotaExceeded(Refusal):
    """There is no room for it: something must be deleted first."""

    code = "quota"
    status = 507
    title = "No room"


class TooMany(Refusal):
    """Too many requests; `retry_after` says when to come back."""

    code = "too_many"
    status = 429
    title = "Too many requests"


class Unavailable(Refusal):
    """A part that is needed does not answer at the moment; nothing was lost."""

    code = "unavailable"
    status = 503
    title = "Temporarily unavailable"


KINDS: tuple[type[Refusal], ...] = (Refusal, *Refusal.__subclasses__())
"""Every kind of refusal, each with a code and a title of its own."""


def too_often(what: str, seconds: int) -> TooMany:
    """Return the refusal of something that was done too often, which says when to try again.

    Args:
        what: A sentence that says so.
        seconds: How long to wait.
    """
    minutes = -(-seconds // 60)
    again = f"Try again in {seconds} seconds."
    if minutes > 2:
        again = f"Try again in {minutes} minutes."
    return TooMany(f"{what} {again}", retry_after=seconds)


class TryAgainLater(Exception):  # noqa: N818 - foreseen, no fault of ours
    """Somebody else's server is not there just now: a job that raises it is tried again."""
