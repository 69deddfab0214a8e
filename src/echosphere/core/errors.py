"""Refusals: errors that the caller is told about."""

from collections.abc import Mapping
from dataclasses import dataclass

from echosphere.core.caller import Caller


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """An error of the caller's request, the same over HTTP and Socket.IO.

    Args:
        detail: One sentence for the caller that says what to do.
        fields: What is wrong, by the name of the field.
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
    """The caller is not signed in, or the credentials are wrong."""

    code = "unauthorized"
    status = 401
    title = "Not signed in"


class Forbidden(Refusal):
    """The caller may see the object but not do this with it."""

    code = "forbidden"
    status = 403
    title = "Not allowed"


class ProofNeeded(Refusal):
    """The caller must prove again who they are: the session's last proof is too old."""

    code = "proof_needed"
    status = 403
    title = "Confirm that it is you"


class FactorNeeded(Refusal):
    """The server asks for a second factor, and the caller has none: nothing else is possible."""

    code = "factor_needed"
    status = 403
    title = "Second factor needed"
    page = "/second-factor"

    caller: "Caller"
    """Who it is, for the page on which that is done."""


class ConfirmationNeeded(Refusal):
    """The caller has not confirmed their e-mail address: nothing else is possible."""

    code = "confirmation_needed"
    status = 403
    title = "Confirm your address"
    page = "/confirm-email"

    caller: Caller
    """Who it is, for the page on which that is done."""


class NotFound(Refusal):
    """The object does not exist, or the caller may not know of it."""

    code = "not_found"
    status = 404
    title = "Not found"


class Conflict(Refusal):
    """The request contradicts the current state."""

    code = "conflict"
    status = 409
    title = "Conflict"


class Gone(Refusal):
    """The object existed and is deleted for good."""

    code = "gone"
    status = 410
    title = "Gone"


class TooLarge(Refusal):
    """More bytes than the limit allows."""

    code = "too_large"
    status = 413
    title = "Too large"


class QuotaExceeded(Refusal):
    """The storage is full: something must be deleted first."""

    code = "quota"
    status = 507
    title = "Out of space"


class TooMany(Refusal):
    """Too many requests: `retry_after` says when to try again."""

    code = "too_many"
    status = 429
    title = "Too many requests"


class Unavailable(Refusal):
    """A required part of the server does not answer at the moment; nothing was lost."""

    code = "unavailable"
    status = 503
    title = "Temporarily unavailable"


STEPS_NEEDED = (ConfirmationNeeded, FactorNeeded)
"""Those that lead to a page, and let no one do anything else."""

REFUSAL_TYPES: tuple[type[Refusal], ...] = (Refusal, *Refusal.__subclasses__())
"""All refusals, each with its own code and title."""


@dataclass(frozen=True, slots=True)
class RefusalData:
    """A refusal as plain data, for another process."""

    code: str
    detail: str
    fields: Mapping[str, str]
    retry_after: int | None = None
    caller: Caller | None = None

    @classmethod
    def of(cls, refusal: Refusal) -> "RefusalData":
        """Return the data of a refusal."""
        caller = getattr(refusal, "caller", None)
        return cls(refusal.code, refusal.detail, refusal.fields, refusal.retry_after, caller)

    def refusal(self) -> Refusal:
        """Return the refusal, to be raised in this process."""
        made = _BY_CODE[self.code](self.detail, fields=self.fields, retry_after=self.retry_after)
        if isinstance(made, FactorNeeded) and self.caller is not None:
            made.caller = self.caller
        return made


_BY_CODE = {kind.code: kind for kind in REFUSAL_TYPES}


def too_many_requests(reason: str, seconds: int) -> TooMany:
    """Return a refusal that says when to try again.

    Args:
        reason: A sentence.
        seconds: How long to wait.
    """
    minutes = -(-seconds // 60)
    again = f"Try again in {seconds} seconds."
    if minutes > 2:
        again = f"Try again in {minutes} minutes."
    return TooMany(f"{reason} {again}", retry_after=seconds)


class RetryLater(Exception):  # noqa: N818 - expected, not a fault
    """Another server is unavailable: the job that raises this is tried again."""
