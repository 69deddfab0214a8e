"""Runs administrative commands: in the server, or in the command itself if no server is running."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from importlib import import_module
from inspect import isasyncgenfunction
from typing import Any

import msgspec

from echosphere import __version__
from echosphere.accounts import OPERATOR
from echosphere.app import Application
from echosphere.commands.declared import command_of
from echosphere.control import Call
from echosphere.core.errors import Invalid
from echosphere.wire import Shape, decode


async def answer(application: Application, call: Call) -> AsyncGenerator[Shape, None]:
    """Run a command and give the parts of its answer; all but the export of the log have one.

    Raises:
        Refusal: It is not known, an argument makes no sense, or it may not be done.
    """
    command = command_of(call.command)
    if command is None:
        raise Invalid(
            f"The running server, version {__version__}, does not know the command "
            f"{call.command!r}. Restart it after an upgrade."
        )
    module, _, function = command.place.partition(".")
    run: Any = getattr(import_module(f"echosphere.commands.{module}"), function)
    operator = replace(OPERATOR, address=call.os_user or None)
    given = decode(_shape_of(run), msgspec.json.encode(call.arguments))
    if isasyncgenfunction(run):
        async with aclosing(run(application, operator, given)) as parts:
            async for part in parts:
                yield part
    else:
        yield await run(application, operator, given)


def _shape_of(run: Any) -> Any:
    return list(run.__annotations__.values())[-2]
