"""Requests that are refused before there is a session, with the protocol's own codes."""

from __future__ import annotations

from http import HTTPStatus

from .frames import encode_json

MESSAGES = (
    "Transport unknown",
    "Session ID unknown",
    "Bad handshake method",
    "Bad request",
    "Forbidden",
    "Unsupported protocol version",
)
UNKNOWN_TRANSPORT, UNKNOWN_SESSION, BAD_METHOD, BAD_REQUEST, FORBIDDEN, BAD_VERSION = range(6)


class Rejected(Exception):  # noqa: N818
    """A request that is answered with an HTTP error and `{"code": ..., "message": ...}`."""

    def __init__(
        self, code: int, status: HTTPStatus = HTTPStatus.BAD_REQUEST, message: str | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.body = encode_json({"code": code, "message": message or MESSAGES[code]})
