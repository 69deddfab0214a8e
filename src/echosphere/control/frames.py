"""The messages between command and server: JSON frames, each preceded by its length."""

from typing import Any, Literal

import msgspec

LENGTH = 4
"""Bytes of a length, the most significant first."""

MAX_CALL = 1024 * 1024
MAX_ANSWER = 64 * 1024 * 1024


class Call(msgspec.Struct, frozen=True):
    """A command with its arguments.

    Attributes:
        command: Its words, such as `user list`.
        arguments: By the name of the field.
        os_user: Who runs it on the machine, as the command itself says.
        token: Proves, where there are no Unix sockets, that the data folder can be read.
    """

    command: str
    arguments: dict[str, Any]
    os_user: str = ""
    token: str = ""


class Problem(msgspec.Struct, frozen=True):
    """Why a command was refused; `code` is that of the refusal."""

    code: str
    detail: str
    fields: dict[str, str] = {}


class Answer(msgspec.Struct, frozen=True):
    """A frame of the server: parts of the answer, then its end or a refusal.

    In long pauses it says that it is still working.
    """

    kind: Literal["part", "working", "done", "refused"]
    value: msgspec.Raw = msgspec.Raw(b"null")


def encode_frame(frame: Call | Answer) -> bytes:
    """Return a frame with its length."""
    body = msgspec.json.encode(frame)
    return len(body).to_bytes(LENGTH) + body
