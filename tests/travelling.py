"""In tests, each command and its result travel as if another process had asked for it."""

from functools import update_wrapper
from typing import Any, get_type_hints

import msgspec

from echosphere.database import Command, Transaction, commands


def let_commands_travel() -> None:
    """Let every command of the product be encoded and decoded when it is run, its result too."""
    for kind in list(commands.values()):
        if kind.__module__.startswith("echosphere.") and "run" in vars(kind):
            _let_travel(kind)


def _let_travel(kind: type[Command[Any]]) -> None:
    run = kind.run
    declared: list[Any] = []

    def travel(command: Command[Any], transaction: Transaction) -> Any:
        if not declared:
            declared.append(get_type_hints(run)["return"])
        return _sent(run(_sent(command, type(command)), transaction), declared[0])

    update_wrapper(travel, run)
    kind.run = travel  # type: ignore[assignment, method-assign]


def _sent(value: Any, kind: Any) -> Any:
    encoded = msgspec.msgpack.encode(value)
    return msgspec.msgpack.decode(encoded, type=kind, strict=False)  # SQLite has no truth values
