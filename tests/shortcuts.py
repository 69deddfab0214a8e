"""What is done again and again for each test is done once; what it does stays the same."""

import asyncio
import sys
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.routing import Rule

from echosphere.accounts.hashing import StrengthPool
from echosphere.accounts.strength_worker import is_guessable
from echosphere.core import garbage
from tests.doors import OTHER_PASSWORD, PASSWORD
from tests.product import people

STRONG = (PASSWORD, OTHER_PASSWORD, people.PASSWORD)
"""What nearly everyone in the tests has for a password."""

Builder = Callable[..., tuple[str, str]]


def take_shortcuts() -> None:
    """Take them in this process."""
    know_what_is_not_there()
    parse_equal_rules_once()
    compile_equal_rules_once()
    estimate_passwords_here()
    settle_collector_once()


def know_what_is_not_there() -> None:
    """Let httpx not search every folder for a package that no one has installed.

    Its locks look for `sniffio` several times in each request and get along without it. What is
    None here is known to be missing.
    """
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]


def parse_equal_rules_once() -> None:
    """Let all applications in this process share what their equal routes are parsed into.

    Flask's converters, the only ones here, do not ask the map of routes that they are made for.
    """
    parse = Rule._parse_rule
    known: dict[str, tuple[Any, ...]] = {}

    def parse_rule(rule: Rule, text: str) -> Iterable[Any]:
        if text not in known:
            before = len(rule._trace)
            parts = list(parse(rule, text))
            known[text] = parts, rule._trace[before:], rule._converters, rule.arguments
            return parts
        parts, trace, converters, arguments = known[text]
        rule._trace += trace
        rule._converters |= converters
        rule.arguments |= arguments
        return list(parts)

    Rule._parse_rule = parse_rule  # type: ignore[method-assign, assignment]


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
        password, words = request["estimate"]
        guessable = password not in STRONG and await asyncio.to_thread(
            is_guessable, password, words
        )
        return {"outcome": "done", "guessable": guessable}

    StrengthPool.ask = ask  # type: ignore[method-assign, assignment]


def settle_collector_once() -> None:
    """Do at the start what each application does at its start: collecting takes longer than the rest."""
    garbage.settle_collector()
    garbage.settle_collector = lambda: None
