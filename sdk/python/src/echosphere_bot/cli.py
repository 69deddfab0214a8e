"""The command `echosphere-bot`."""

import argparse
import importlib
import os
import ssl
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from echosphere_bot.api import refusal_in
from echosphere_bot.bot import SCRIPT_PATIENCE, Bot
from echosphere_bot.cause import key_for
from echosphere_bot.errors import (
    ApiError,
    ConfigurationError,
    ConnectionFailedError,
    EchoSphereError,
    RateLimitedError,
    ServerError,
)
from echosphere_bot.retry import Retry
from echosphere_bot.version import USER_AGENT, __version__

OK, REFUSED, USAGE, TRY_LATER = 0, 1, 2, 75
"""75 is EX_TEMPFAIL: nothing was posted, and trying again later may help."""

HOOK = "ECHOSPHERE_HOOK"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        code: int = given.run(given)
    except (ConnectionFailedError, ServerError, RateLimitedError) as error:
        return _complain(str(error), TRY_LATER)
    except ConfigurationError as error:
        return _complain(str(error), USAGE)
    except (EchoSphereError, OSError) as error:
        return _complain(str(error), REFUSED)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="echosphere-bot", description="Bots and messages for EchoSphere."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    send = commands.add_parser(
        "send",
        help="post a message",
        description="Posts a message by a webhook, or as a bot (ECHOSPHERE_URL, ECHOSPHERE_KEY).",
        epilog="Exit codes: 0 posted, 1 refused, 2 wrong use, 75 not reachable: try again later.",
    )
    send.add_argument("text", help="Markdown; - for what standard input says")
    to = send.add_mutually_exclusive_group()
    to.add_argument("--hook", metavar="URL", help=f"the address of a webhook; or set {HOOK}")
    to.add_argument("--to", metavar="GROUP", help="as a bot: the id of the group")
    send.add_argument(
        "--file",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="with the message; may be repeated",
    )
    send.add_argument("--key", help="a second message with the same key is not posted")
    send.set_defaults(run=_send)
    run = commands.add_parser("run", help="run a bot", description="Runs a bot until it is ended.")
    run.add_argument("bot", metavar="MODULE:BOT", help="where it is, such as hello:bot")
    run.set_defaults(run=_run)
    return parser


def _send(given: argparse.Namespace) -> int:
    text = sys.stdin.read() if given.text == "-" else given.text
    text = text.rstrip("\n")
    if not text.strip() and not given.file:
        return _complain("There is nothing to post.", USAGE)
    if given.to:
        retry = Retry(give_up_after=SCRIPT_PATIENCE)
        Bot.from_env(retry=retry).post_sync(given.to, text, files=given.file, key=given.key)
        return OK
    hook = given.hook or os.environ.get(HOOK, "")
    if not hook:
        return _complain(f"Give the address of a webhook with --hook, or set {HOOK}.", USAGE)
    if urlsplit(hook).scheme not in {"http", "https"}:
        return _complain("The address of a webhook begins with https:// or http://.", USAGE)
    _post_to_hook(hook, text, given.file, given.key)
    return OK


def _post_to_hook(hook: str, text: str, files: list[Path], key: str | None) -> None:
    """Post by a webhook, again with the same key while it cannot be reached."""
    fields = {"text": text, "key": key_for(key)}
    contents = [("file", (path.name, path.read_bytes())) for path in files]
    retry, began, attempt = Retry(give_up_after=SCRIPT_PATIENCE), time.monotonic(), 0
    with httpx.Client(
        headers={"User-Agent": USER_AGENT}, timeout=30, verify=ssl.create_default_context()
    ) as http:
        while True:
            failure: ApiError | ConnectionFailedError
            try:
                answer = (
                    http.post(hook, data=fields, files=contents)
                    if files
                    else http.post(hook, json=fields)
                )
                if answer.is_success:
                    return
                failure = refusal_in(answer)
            except httpx.TransportError as error:
                # Without the address, which is a secret.
                failure = ConnectionFailedError(f"The server cannot be reached: {error!r}")
            _pause_or_raise(failure, retry, attempt, began)
            attempt += 1


def _pause_or_raise(
    failure: ApiError | ConnectionFailedError, retry: Retry, attempt: int, began: float
) -> None:
    if not isinstance(failure, ConnectionFailedError | ServerError | RateLimitedError):
        raise failure
    asked = failure.retry_after if isinstance(failure, ApiError) else None
    pause = retry.pause(attempt) if asked is None else asked
    if time.monotonic() - began + pause > SCRIPT_PATIENCE:
        raise failure
    time.sleep(pause)


def _run(given: argparse.Namespace) -> int:
    module, _, name = given.bot.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    try:
        found = getattr(importlib.import_module(module), name or "bot")
    except (ImportError, AttributeError) as error:
        return _complain(f"{given.bot} is not there: {error}", USAGE)
    if not isinstance(found, Bot):
        return _complain(f"{given.bot} is not a Bot.", USAGE)
    found.run()
    return OK


def _complain(sentence: str, code: int) -> int:
    print(f"echosphere-bot: {sentence}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
