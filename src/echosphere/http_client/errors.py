"""Why a request failed."""


class HttpClientError(Exception):
    """There is no usable response; the text gives the reason, for the log."""


class ForbiddenAddressError(HttpClientError):
    """The URL is malformed or names a scheme, port or address that is not allowed."""


class ResponseTooLargeError(HttpClientError):
    """The body is longer than the caller's limit."""


class TimedOutError(HttpClientError):
    """The exchange took longer than the caller allowed."""
