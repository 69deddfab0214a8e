"""The command `echosphere`: serve, look after accounts, upgrade, examine, fill with samples."""

import argparse
import gc
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from echosphere import __version__
from echosphere.settings import load_settings
from echosphere.startup_errors import operator_message


def run() -> NoReturn:
    """Run the command of this process and end the process.

    Python's own way out is not taken: the object store's threads have no end of their own, and one
    that wakes up while the interpreter is being dismantled aborts the process.
    """
    try:
        code = main()
    except SystemExit as asked:
        code = asked.code if isinstance(asked.code, int) else int(asked.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more
            stream.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Only the module of that command is loaded: a server need not carry what the others use.
    """
    given = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        command = _load(f"echosphere.commands.{given.module}")
        exit_code: int = getattr(command, given.function)(settings, *given.values(given))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        sentence = operator_message(error)
        if sentence is None:
            raise
        return _fail(sentence)
    return exit_code


def _load(name: str) -> ModuleType:
    """Import a module without looking for garbage, of which imports make none: 0.1 to 0.2 s."""
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="echosphere", description="A private place to talk.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "serve", "run the server", "serve.serve")
    user = commands.add_parser("user", help="make, list or change accounts")
    user_commands = user.add_subparsers(required=True, metavar="COMMAND")
    about = "make an account; asks for the password"
    _add(user_commands, "create", about, "users.create", "email", "name")
    _add(user_commands, "list", "list the accounts", "users.show")
    about = "give an account another e-mail address"
    _add(user_commands, "address", about, "users.change", "user", "email")
    about = "print a link that sets a new password, to hand over"
    reset = _add(user_commands, "reset", about, "users.reset", "email")
    about = "remove the second factor instead, and sign the account out"
    reset.add_argument(
        "--factor", dest="function", action="store_const", const="reset_factor", help=about
    )
    audit = commands.add_parser("audit", help="verify or export the audit log")
    audit_commands = audit.add_subparsers(required=True, metavar="COMMAND")
    _add(audit_commands, "verify", "find out whether the log was changed", "audit.verify")
    _add(audit_commands, "export", "print the log as JSON lines", "audit.export")
    database = commands.add_parser("db", help="look after the database")
    database_commands = database.add_subparsers(required=True, metavar="COMMAND")
    _add(database_commands, "upgrade", "bring the tables up to date", "upgrade.upgrade")
    _add(commands, "doctor", "examine this instance", "doctor.doctor")
    _add(commands, "sample", "fill an empty instance with a sample team", "sample.sample")
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    about: str,
    place: str,
    *values: str,
) -> argparse.ArgumentParser:
    """Add a command that calls `module.function` with the settings and these arguments."""
    command = commands.add_parser(name, help=about, description=about)
    for value in values:
        command.add_argument(value)
    module, _, function = place.partition(".")
    command.set_defaults(
        module=module,
        function=function,
        values=lambda given: [getattr(given, value) for value in values],
    )
    return command


def _fail(text: str) -> int:
    print(f"echosphere: {text}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    run()
