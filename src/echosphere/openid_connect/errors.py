"""What goes wrong between this server and a provider, and what people are told of it."""

from echosphere.core.errors import Forbidden, Unavailable

NOT_BEGUN_HERE = (
    "This sign-in was started in another browser, has already finished, or took too long. "
    "Start again."
)
DECLINED = "You canceled the sign-in, or the sign-in service rejected it. Start again."


class ProviderError(Exception):
    """A provider's answer cannot be used; the text is for the operator's log."""


class ProviderDownError(ProviderError):
    """A provider does not answer."""


def unreachable() -> Unavailable:
    """Return the refusal while a provider does not answer."""
    return Unavailable(
        "The sign-in service is not responding. Try again in a moment.", retry_after=10
    )


def unacceptable() -> Forbidden:
    """Return the refusal of an answer that does not fit."""
    return Forbidden(
        "The sign-in service's answer could not be accepted. Start again. If this keeps "
        "happening, contact an administrator of this server."
    )
