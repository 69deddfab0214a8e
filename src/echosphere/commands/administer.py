"""The client side of an administrative command: asks the server, or opens the database itself."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Iterator, Mapping
from getpass import getpass
from time import monotonic, sleep
from typing import Any

import msgspec

from echosphere.commands import shown
from echosphere.commands.declared import Command
from echosphere.control import (
    Call,
    NotReachable,
    Problem,
    Refused,
    UnsafeFolderError,
    ask,
    own_os_user,
)
from echosphere.core.errors import Refusal
from echosphere.core.in_use import InUseError
from echosphere.settings import Settings
from echosphere.startup_errors import operator_message

DONE, REFUSED, UNREACHABLE = 0, 1, 3
"""How commands end; 2 is argparse's, for what cannot be understood."""

PATIENCE = 10.0
"""Seconds in which a server that starts or stops has done so."""


def administer(
    settings: Settings, command: Command, given: Mapping[str, Any], *, as_json: bool
) -> int:
    """Have a command run by the server of the data folder, or here; return the exit code."""
    arguments = {name: value for name, value in given.items() if value is not None}
    if not settings.has_database:
        print(
            f"echosphere: {settings.data} has no database yet; this makes an empty one. If the server has"
            " another data folder, run this where it was started, or set ECHOSPHERE_DATA.",
            file=sys.stderr,
        )
    if command.password:
        arguments["password"] = _password()
    call = Call(command.words, arguments, own_os_user())
    try:
        for part in _parts(settings, command, call):
            shown.show(command.words, part, as_json=as_json)
    except Refused as refused:
        return _refuse(refused.problem, as_json=as_json)
    except (InUseError, UnsafeFolderError, ConnectionError, TimeoutError) as error:
        sentence = str(error) or "The server is not responding."
        return _refuse(Problem("unreachable", sentence), as_json=as_json)
    return DONE


def _parts(settings: Settings, command: Command, call: Call) -> Iterator[Any]:
    """Return the answer of the server, or of this process.

    Between a server that has stopped to listen and one that has let go of the database, and the
    other way round, lies a moment.
    """
    until = monotonic() + PATIENCE
    while True:
        try:
            yield from ask(settings.data, call)
        except NotReachable:
            pass
        else:
            return
        try:
            yield from _run_here(settings, command, call)
        except InUseError:
            if monotonic() > until:
                raise
            sleep(0.2)
        else:
            return


def _run_here(settings: Settings, command: Command, call: Call) -> Iterator[Any]:
    """Run a command in this process, part by part.

    Raises:
        Refused: It may not be done, or the database cannot be used.
        InUseError: Another process has the database.
    """
    with asyncio.Runner() as runner:
        parts = _here(settings, command, call)
        try:
            while (part := runner.run(_next(parts))) is not None:
                yield part
        except Refusal as refusal:
            raise Refused(Problem(refusal.code, refusal.detail, refusal.fields)) from None
        except InUseError:
            raise
        except Exception as error:
            sentence = operator_message(error)
            if sentence is None:
                raise
            raise Refused(Problem("unreachable", sentence)) from None
        finally:
            runner.run(parts.aclose())


async def _next(parts: AsyncGenerator[Any, None]) -> Any:
    return await anext(parts, None)


async def _here(settings: Settings, command: Command, call: Call) -> AsyncGenerator[Any, None]:
    from echosphere.app import create_app  # noqa: PLC0415 - not where a server answers
    from echosphere.commands.answering import answer  # noqa: PLC0415 - as above

    application = create_app(settings)
    application.database.share(needs_server=command.heard)
    await application.database.start()
    try:
        await application.settings_watch.refresh_leniently()
        async for part in answer(application, call):
            yield msgspec.to_builtins(part)
    finally:
        await application.database.stop()
        await application.password_hasher.stop()
        await application.sandbox.stop()


def _refuse(problem: Problem, *, as_json: bool) -> int:
    if as_json:
        print(msgspec.json.encode({"error": problem}).decode(), file=sys.stderr)
    else:
        fields = "".join(f"\n  {field}: {text}" for field, text in problem.fields.items())
        print(f"echosphere: {problem.detail}{fields}", file=sys.stderr)
    return UNREACHABLE if problem.code in ("unreachable", "unavailable") else REFUSED


def _password() -> str:
    return getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
