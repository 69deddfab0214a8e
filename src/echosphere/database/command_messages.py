"""What travels between a process that wants commands run and the one that writes."""

from functools import cache
from math import inf
from typing import Any, get_type_hints

import msgspec

from echosphere.core.errors import RefusalData
from echosphere.database.command import Command

_NOTHING = msgspec.Raw(msgspec.msgpack.encode(None))


class Request(msgspec.Struct, array_like=True, frozen=True):
    """A command, and a number by which its answer is found.

    Attributes:
        number: That number.
        command: The command, encoded.
        until: When it is given up, on the clock of the event loop: the monotonic one, which all
            processes of a machine share.
        trace: The span that it is part of, where traces are collected.
    """

    number: int
    command: msgspec.Raw
    until: float = inf
    trace: str | None = None


class Answer(msgspec.Struct, array_like=True, frozen=True):
    """What came of a command.

    Attributes:
        number: That of the request.
        result: What it returned; None unless it was committed.
        refusal: Why it was refused, to be told the caller.
        failure: The name of an error that is a fault of ours; empty if there was none.
    """

    number: int
    result: msgspec.Raw = _NOTHING
    refusal: RefusalData | None = None
    failure: str = ""


class Answers(msgspec.Struct, array_like=True, frozen=True):
    """Answers that are sent together.

    Attributes:
        answers: They.
        cause: Why writes fail at the moment; see `Dialect.cause`. Empty while they do not.
    """

    answers: list[Answer]
    cause: str = ""


encode = msgspec.msgpack.Encoder().encode
decode_requests = msgspec.msgpack.Decoder(list[Request]).decode
decode_answers = msgspec.msgpack.Decoder(Answers).decode


@cache
def result_decoder(kind: type[Command[Any]]) -> msgspec.msgpack.Decoder[Any]:
    """Return the decoder for the results of a command.

    Numbers are accepted for booleans, which SQLite does not have.
    """
    return msgspec.msgpack.Decoder(get_type_hints(kind.run)["return"], strict=False)
