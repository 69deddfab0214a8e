"""Commands: writes as plain data, so that another process can request them."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, dataclass_transform

import msgspec

if TYPE_CHECKING:
    from echosphere.database.statement_batch import BatchedTransaction
    from echosphere.database.transaction import Lookup, Transaction

T_co = TypeVar("T_co", covariant=True)

commands: "dict[str, type[Command[Any]]]" = {}
"""All command classes by their tag, which is the name of the class."""


def _no_lane(_command: object) -> str:
    return ""


def _register(made: "type[Command[Any]]") -> None:
    known = commands.setdefault(made.__name__, made)
    if (known.__module__, known.__qualname__) != (made.__module__, made.__qualname__):
        raise TypeError(f"There are two commands {made.__name__}")
    commands[made.__name__] = made


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class _CommandType(msgspec.StructMeta):
    """Registers command classes and checks their declarations."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        lane: str = "",
        run_on_loop: bool = False,
        own_transaction: bool = False,
    ) -> Any:
        made: Any = super().__new__(cls, name, bases, namespace, frozen=True, tag=True)
        if lane and lane.partition(".")[0] not in made.__struct_fields__:
            raise TypeError(f"{name} has no field {lane!r} for its lane")
        made.lane_of = attrgetter(lane) if lane else staticmethod(_no_lane)
        made.run_on_loop = run_on_loop
        made.own_transaction = own_transaction
        if bases != (msgspec.Struct, Generic):
            _register(made)
        return made


class Command(msgspec.Struct, Generic[T_co], metaclass=_CommandType):
    """A write as plain data; `run` returns its result, which is plain data, too.

    A class declares, as keywords:
        lane: The field with the conversation or user whose commands run in order.
        run_on_loop: It consists of a few prepared statements on a few rows: on SQLite it runs on the
            event loop, and only the commit, which waits for the disk, in the writer's thread; see
            docs/decisions.
        own_transaction: It locks more than the conversation of its lane, and could deadlock in a
            batch on PostgreSQL.
    """

    lane_of: ClassVar[Any]
    run_on_loop: ClassVar[bool]
    own_transaction: ClassVar[bool]

    def __repr__(self) -> str:
        """Return only the name, since fields hold messages, tokens and hashes of passwords."""
        return f"<{type(self).__name__}>"

    def prefetch(self, transaction: "BatchedTransaction") -> "Iterator[Sequence[Lookup]]":
        """Yield queries that `run` will make, which the commands of a batch then make in common.

        It is resumed when they have been made, and may read what they found.
        Locks come first. Only PostgreSQL needs it, and what it does not name is read all the same. A
        command with a prefetch writes nothing that those of other lanes prefetch.
        """
        return iter(())

    def run(self, transaction: "Transaction") -> T_co:
        """Perform it in a transaction."""
        raise NotImplementedError


def encode_command(command: Command[Any]) -> bytes:
    """Encode a command for another process."""
    return _encoder.encode(command)


def decode_command(encoded: bytes) -> Command[Any]:
    """Decode a command from another process.

    Numbers are accepted for booleans, which SQLite does not have.
    """
    kind = commands[_tag.decode(encoded).type]
    command: Command[Any] = msgspec.msgpack.decode(encoded, type=kind, strict=False)
    return command


class _Tag(msgspec.Struct):
    type: str


_encoder = msgspec.msgpack.Encoder()
_tag = msgspec.msgpack.Decoder(_Tag)
