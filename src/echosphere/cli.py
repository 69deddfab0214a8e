"""The command `echosphere`: serve, look after accounts, upgrade, examine, fill with samples."""

import argparse
import gc
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from echosphere import __version__
from echosphere.commands.backups import BACKUPS
from echosphere.commands.declared import COMMANDS, GROUPS, Command
from echosphere.core.in_use import InUseError
from echosphere.settings import load_settings
from echosphere.startup_errors import operator_message

MAX_WORKERS = 64
SHELLS = ("bash", "zsh", "fish")
HOW_IT_ENDS = """\
exit codes:
  0  success
  1  rejected or failed; a sentence says why
  2  invalid arguments
  3  the server is not responding, or another process is using the database
"""


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
        with suppress(OSError, ValueError):  # no one reads it any more
            stream.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Only the module of that command is loaded: a server need not carry what the others use.
    """
    parser = _parser()
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what could come next
        import argcomplete  # noqa: PLC0415 - for this alone

        argcomplete.autocomplete(parser)
    given = parser.parse_args(_completed(sys.argv[1:] if arguments is None else arguments))
    try:
        exit_code: int = given.run(given)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        sentence = operator_message(error)
        if sentence is None:
            raise
        return _fail(sentence, 3 if isinstance(error, InUseError) else 1)
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
    parser = argparse.ArgumentParser(
        prog="echosphere",
        description="A private place to talk.",
        epilog=HOW_IT_ENDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    examples = ("echosphere serve", "echosphere serve --workers 4")
    serve = _add(commands, "serve", "run the server", "serve.serve", examples)
    about = "number of server processes (default: 1)"
    serve.add_argument("--workers", type=_worker_count, default=1, metavar="N", help=about)
    serve.add_argument("--joined", default="", help=argparse.SUPPRESS)  # what their parent says
    serve.set_defaults(run=_serve)
    _add_administrative(commands)
    _add_backups(commands)
    _add(commands, "doctor", "check this instance", "doctor.doctor")
    _add(commands, "sample", "fill an empty instance with a sample team", "sample.sample")
    about = "print the script for shell completion"
    completion = _add(commands, "completion", about, "", examples=_completion_examples())
    completion.add_argument("shell", choices=SHELLS)
    completion.set_defaults(run=_print_completion)
    return parser


def _add_backups(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = commands.add_parser(
        "backup", help="back up while the server is running; verify backups"
    )
    database = commands.add_parser("db", help="maintain the database")
    groups = {
        "backup": backup.add_subparsers(required=True, metavar="PATH or COMMAND"),
        "db": database.add_subparsers(required=True, metavar="COMMAND"),
    }
    for one in BACKUPS:
        word, _, name = one.words.rpartition(" ")
        examples = [f"echosphere {example}" for example in one.examples]
        command = _add(groups.get(word, commands), name, one.about, one.place, examples)
        for argument in one.arguments:
            command.add_argument(argument.name, help=argument.about, **argument.options)


def _completed(arguments: Sequence[str]) -> Sequence[str]:
    """Let `backup PATH` stand for `backup create PATH`, and `import PATH` for `import run PATH`."""
    for group, command, known in (("backup", "create", BACKUPS), ("import", "run", COMMANDS)):
        words = {one.words.rpartition(" ")[2] for one in known} | {"-h", "--help"}
        if arguments[:1] == [group] and len(arguments) > 1 and arguments[1] not in words:
            return [group, command, *arguments[1:]]
    return arguments


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    about: str,
    place: str,
    examples: Sequence[str] = (),
) -> argparse.ArgumentParser:
    """Add a command that calls `module.function` with the settings."""
    lines = "".join(f"\n  {one}" for one in examples or (f"echosphere {name}",))
    command = commands.add_parser(
        name.rpartition(" ")[2],
        help=about,
        description=f"{about[0].upper()}{about[1:]}.",
        epilog=f"examples:{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=partial(_run, place))
    return command


def _add_administrative(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    groups = {}
    for word, about in GROUPS.items():
        group = commands.add_parser(word, help=about, description=f"{about[0].upper()}{about[1:]}.")
        groups[word] = group.add_subparsers(required=True, metavar="COMMAND")
    for one in COMMANDS:
        word, _, name = one.words.partition(" ")
        examples = [f"echosphere {example}" for example in one.examples]
        command = _add(groups[word], name, one.about, "", examples)
        for argument in one.arguments:
            command.add_argument(argument.name, help=argument.about, **argument.options)
        command.add_argument("--json", action="store_true", help="print the answer as JSON")
        command.set_defaults(run=partial(_administer, one))


def _worker_count(given: str) -> int:
    """Read how many workers there are to be."""
    count = int(given)
    if not 1 <= count <= MAX_WORKERS:
        raise argparse.ArgumentTypeError(f"must be between 1 and {MAX_WORKERS}")
    return count


def _run(place: str, given: argparse.Namespace) -> int:
    module, _, function = place.partition(".")
    arguments = {name: value for name, value in vars(given).items() if name != "run"}
    settings = load_settings()
    run = getattr(_load(f"echosphere.commands.{module}"), function)
    exit_code: int = run(settings, **arguments)
    return exit_code


def _serve(given: argparse.Namespace) -> int:
    """Serve: in this process alone, in this one as one of several, or in several that this one keeps."""
    settings = load_settings()
    if given.joined:
        code = _load("echosphere.commands.worker").serve_as_worker(settings, given.joined)
    elif given.workers > 1:
        code = _load("echosphere.commands.workers").serve_with_workers(settings, given.workers)
    else:
        code = _load("echosphere.commands.serve").serve(settings)
    return int(code)


def _administer(command: Command, given: argparse.Namespace) -> int:
    names = [argument.name.lstrip("-").replace("-", "_") for argument in command.arguments]
    arguments = {name: getattr(given, name) for name in names}
    settings = load_settings()
    from echosphere.commands.administer import (  # noqa: PLC0415 - the help need not wait for it
        administer,
    )

    return administer(settings, command, arguments, as_json=given.json)


def _print_completion(given: argparse.Namespace) -> int:
    from argcomplete.shell_integration import shellcode  # noqa: PLC0415 - for this alone

    print(shellcode(["echosphere"], shell=given.shell))
    return 0


def _completion_examples() -> tuple[str, ...]:
    return (
        'eval "$(echosphere completion bash)"                  in ~/.bashrc',
        'eval "$(echosphere completion zsh)"                   in ~/.zshrc, after compinit',
        "echosphere completion fish > ~/.config/fish/completions/echosphere.fish",
    )


def _fail(text: str, code: int) -> int:
    print(f"echosphere: {text}", file=sys.stderr)
    return code


if __name__ == "__main__":
    run()
