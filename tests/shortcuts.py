"""What is done again and again for each test is done once; what it does stays the same."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

from echosphere.accounts.hashing import StrengthPool
from echosphere.accounts.strength_worker import is_guessable

Builder = Callable[..., tuple[str, str]]


def take_shortcuts() -> None:
    """Take them in this process."""
    know_what_is_not_there()
    compile_equal_rules_once()
    estimate_passwords_here()


def know_what_is_not_there() -> None:
    """Let httpx not search every folder for a package that nobody has installed.

    Its locks look for `sniffio` several times in each request and get along without it. What is
    None here is known to be missing.
    """
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]


def compile_equal_rules_once() -> None:
    """Let all applications in this process share the compiled functions of their equal routes.

    Werkzeug writes and compiles two functions for each of about a hundred routes: that is most of
    what an application costs that lives for one test. Only what a rule is made of goes in.
    """
    compile_one = Rule._compile_builder
    known: dict[Any, Builder] = {}

    def compile_builder(rule: Rule, append_unknown: bool = True) -> Builder:
        made_of = (rule.rule, tuple(rule._trace), append_unknown)
        if rule.defaults:
            return compile_one(rule, append_unknown)
        if made_of not in known:
            known[made_of] = compile_one(rule, append_unknown)
        return known[made_of]

    Rule._compile_builder = compile_builder  # type: ignore[method-assign, assignment]


def estimate_passwords_here() -> None:
    """Estimate passwords in this process: each test has a server, and each would start one for it.

    `tests/accounts/test_password_strength.py` takes the process.
    """

    async def ask(_: StrengthPool, request: dict[str, Any]) -> dict[str, Any]:
        found = await asyncio.to_thread(is_guessable, *request["estimate"])
        return {"outcome": "done", "guessable": found}

    StrengthPool.ask = ask  # type: ignore[method-assign, assignment]
