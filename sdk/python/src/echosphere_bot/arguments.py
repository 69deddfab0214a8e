"""Reads what was typed after a command into the arguments of its handler."""

import inspect
import re
import types
import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from echosphere_bot.errors import UsageError

CommandHandler = Callable[..., Awaitable[Any]]

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|“([^”]*)”|„([^“”]*)[“”]|(\S+)')
"""Quotes hold words together: those of keyboards, and those that phones make of them."""

_BOOLEANS = {
    **dict.fromkeys(("yes", "y", "true", "on", "1"), True),
    **dict.fromkeys(("no", "n", "false", "off", "0"), False),
}
_KINDS = {str: "a text", int: "a whole number", float: "a number", bool: "yes or no"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command.

    Attributes:
        type: `str`, `int`, `float`, `bool`, or the words of a `Literal`.
        takes: One word, all that are left, or the rest of the line as it is.
    """

    name: str
    type: type | tuple[str, ...]
    takes: Literal["word", "words", "rest"]
    required: bool

    def usage(self) -> str:
        """Return how it stands in the usage of its command."""
        name = "|".join(self.type) if isinstance(self.type, tuple) else self.name
        name += "…" if self.takes == "words" else ""
        return f"<{name}>" if self.required else f"[{name}]"

    def parse(self, word: str) -> Any:
        """Return what a word says.

        Raises:
            UsageError: It does not fit.
        """
        if isinstance(self.type, tuple):
            if word not in self.type:
                raise UsageError(f"“{self.name}” is one of {', '.join(self.type)}, not “{word}”.")
            return word
        try:
            return _BOOLEANS[word.lower()] if self.type is bool else self.type(word)
        except (ValueError, KeyError):
            kind = _KINDS[self.type]
            raise UsageError(f"“{self.name}” is {kind}, and “{word}” is not.") from None


class Signature:
    """What a command takes, by the parameters of its handler after the first.

    `name: int` is one word; `*names: str` takes all words that are left; `*, text: str` takes the rest
    of the line as it was typed. Those with a default may be left out.

    Args:
        handler: Of the command.

    Raises:
        TypeError: It has a parameter that no command can have.
    """

    def __init__(self, handler: CommandHandler) -> None:
        hints = typing.get_type_hints(handler)
        given = list(inspect.signature(handler).parameters.values())
        if not given:
            raise TypeError(f"{handler.__name__}() takes the call as its first parameter.")
        self.parameters = [_parameter(handler, one, hints.get(one.name, str)) for one in given[1:]]
        kinds = [one.takes for one in self.parameters]
        if "words" in kinds[:-1] or "rest" in kinds[:-1]:
            raise TypeError(f"Nothing can follow {handler.__name__}()'s rest of the line.")

    def usage(self) -> str:
        """Return what it takes in one line."""
        return " ".join(one.usage() for one in self.parameters)

    def parse(self, text: str) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments for the handler.

        Raises:
            UsageError: The text does not fit.
        """
        words: list[Any] = []
        named: dict[str, Any] = {}
        position = 0
        for one in self.parameters:
            if one.takes == "rest":
                rest = text[position:].strip()
                named |= {one.name: one.parse(rest)} if rest else {}
                _require(one, rest)
                return words, named
            found = list(_WORD.finditer(text, position))
            taken = found if one.takes == "words" else found[:1]
            _require(one, taken)
            words += [one.parse(_word(match)) for match in taken]
            position = taken[-1].end() if taken else position
        if text[position:].strip():
            raise UsageError(f"“{text[position:].strip()}” is too much.")
        return words, named


def _require(parameter: Parameter, found: object) -> None:
    if parameter.required and not found:
        raise UsageError(f"“{parameter.name}” is missing.")


def _word(match: re.Match[str]) -> str:
    quoted = match[1]
    if quoted is not None:
        return re.sub(r"\\(.)", r"\1", quoted)
    return next(group for group in match.groups()[1:] if group is not None)


def _parameter(handler: CommandHandler, given: inspect.Parameter, hint: Any) -> Parameter:
    takes: Literal["word", "words", "rest"] = "word"
    if given.kind is inspect.Parameter.VAR_POSITIONAL:
        takes = "words"
    elif given.kind is inspect.Parameter.KEYWORD_ONLY:
        takes = "rest"
    elif given.kind is inspect.Parameter.VAR_KEYWORD:
        raise TypeError(f"{handler.__name__}() cannot have **{given.name}: words have no names.")
    required = given.default is inspect.Parameter.empty and takes != "words"
    return Parameter(given.name, _type_of(handler, given.name, hint), takes, required)


def _type_of(handler: CommandHandler, name: str, hint: Any) -> type | tuple[str, ...]:
    if get_origin(hint) in (Union, types.UnionType):
        some = [one for one in get_args(hint) if one is not types.NoneType]
        hint = some[0] if len(some) == 1 else hint
    if get_origin(hint) is Literal and all(isinstance(one, str) for one in get_args(hint)):
        return get_args(hint)
    if hint in _KINDS:
        return hint  # type: ignore[no-any-return]
    raise TypeError(
        f"{handler.__name__}() has {name}: {hint}. A command takes str, int, float, bool or Literal."
    )
