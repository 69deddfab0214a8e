"""The command `echosphere`: serve, look after accounts, upgrade, examine, fill with samples."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from echosphere import __version__
from echosphere.errors import Refusal
from echosphere.settings import SettingsError, load_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Only the module of that command is loaded: a server need not carry what the others use.
    """
    given = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        command = import_module(f"echosphere.commands.{given.module}")
        exit_code: int = getattr(command, given.function)(settings, *given.values(given))
    except (SettingsError, RuntimeError) as error:
        return _fail(str(error))
    except Refusal as refusal:
        problems = "".join(f"\n  {field}: {text}" for field, text in refusal.fields.items())
        return _fail(refusal.detail + problems)
    except KeyboardInterrupt:
        return 130
    return exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="echosphere", description="A private place to talk.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "serve", "run the server", "serve.serve")
    user = commands.add_parser("user", help="make or list accounts")
    user_commands = user.add_subparsers(required=True, metavar="COMMAND")
    about = "make an account; asks for the password"
    _add(user_commands, "create", about, "users.create", "email", "name")
    _add(user_commands, "list", "list the accounts", "users.show")
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
) -> None:
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


def _fail(text: str) -> int:
    print(f"echosphere: {text}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
