"""What can go wrong, each with the sentence that the server says about it."""

from collections.abc import Mapping
from typing import Any


class EchoSphereError(Exception):
    """Something that this package reports; all its other exceptions inherit from this one."""


class ConfigurationError(EchoSphereError):
    """The bot cannot start like this; the text says what to change."""


class UsageError(EchoSphereError):
    """What somebody typed after a command does not fit; the text says why."""


class SignatureError(EchoSphereError):
    """A delivery was not signed with the secret of the endpoint, or is too old."""


class ConnectionFailedError(EchoSphereError):
    """The server could not be reached, or broke off, for longer than `Retry.give_up_after`."""


class HeldError(EchoSphereError):
    """The filter of the group holds a message back until its owner or an admin releases it."""


class ApiError(EchoSphereError):
    """The server refused a request.

    Attributes:
        status: The HTTP status.
        code: The server's word for the kind of error, such as `not_found`.
        detail: The server's sentence.
        fields: What is wrong with which field of the request.
        retry_after: Seconds to wait, if the server said so.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        fields: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{detail} ({status} {code})")
        self.status = status
        self.code = code
        self.detail = detail
        self.fields = dict(fields or {})
        self.retry_after = retry_after


class InvalidError(ApiError):
    """400: the request does not fit; `fields` says where."""


class UnauthorizedError(ApiError):
    """401: the key ended, or the bot is disabled."""


class ForbiddenError(ApiError):
    """403: the key lacks a scope, or bots cannot do this."""


class NotFoundError(ApiError):
    """404: it does not exist, or the bot does not see it."""


class ConflictError(ApiError):
    """409: it does not fit what there is now."""


class GoneError(ApiError):
    """410: it was there once. Of an answer: its time is over, or it was used too often."""


class TooLargeError(ApiError):
    """413: it is larger than the server allows."""


class RateLimitedError(ApiError):
    """429: too many requests, for longer than `Retry.give_up_after`."""


class ServerError(ApiError):
    """5xx: the server failed, for longer than `Retry.give_up_after`."""


_BY_STATUS: dict[int, type[ApiError]] = {
    400: InvalidError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    410: GoneError,
    413: TooLargeError,
    422: InvalidError,
    429: RateLimitedError,
}


def error_of(status: int, problem: Any, retry_after: float | None = None) -> ApiError:
    """Return the exception for an answer.

    Args:
        status: Of the answer.
        problem: Its body, a problem document if the server itself answered.
        retry_after: Seconds.
    """
    given = problem if isinstance(problem, dict) else {}
    code = str(given.get("code") or "unknown")
    detail = str(given.get("detail") or f"The server answered with {status}.")
    fields = given.get("fields")
    kind = ServerError if status >= 500 else _BY_STATUS.get(status, ApiError)
    return kind(status, code, detail, fields if isinstance(fields, dict) else None, retry_after)
