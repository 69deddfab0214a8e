"""What goes wrong between this server and a provider, and what people are told of it."""

from echosphere.core.errors import Forbidden, Unavailable

NOT_BEGUN_HERE = (
    "This sign-in was begun in another browser, is finished already, or took too long. Start again."
)
DECLINED = "You stopped the sign-in, or the sign-in service did not let you through. Start again."


class ProviderError(Exception):
    """A provider's answer cannot be used; the text is for the operator's log."""


class ProviderDownError(ProviderError):
    """A provider does not answer."""


def unreachable() -> Unavailable:
    """Return the refusal while a provider does not answer."""
    return Unavailable(
        "The sign-in service does not answer at the moment. Try again soon.", retry_after=10
    )


def unacceptable() -> Forbidden:
    """Return the refusal of an answer that does not fit."""
    return Forbidden(
        "The answer of the sign-in service could not be accepted. Start again, and tell whoever "
        "runs this server if it stays like this."
    )
