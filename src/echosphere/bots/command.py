"""Commands: what people type after a slash, and how bots declare it."""

import re

from msgspec import Struct

from echosphere.core.errors import Invalid
from echosphere.core.text import strip_invisible

MAX_COMMANDS = 50
MAX_NAME = 32
MAX_ABOUT = 200
MAX_USAGE = 100

NAME = re.compile(r"[a-z0-9_-]{1,32}\Z")


class BotCommand(Struct, frozen=True):
    """A command as a bot declares it; `usage` shows what may follow its name."""

    name: str
    about: str
    usage: str = ""


def clean_commands(declared: list[BotCommand]) -> list[BotCommand]:
    """Return commands as they are stored, their words in one line without invisible characters.

    Raises:
        Invalid: A name has other characters than `a-z0-9_-` or is there twice, or words are too long.
    """
    names = [one.name for one in declared]
    if not all(map(NAME.match, names)):
        raise _refused(f"must have names of 1 to {MAX_NAME} characters from a-z, 0-9, _ and -")
    if len(set(names)) != len(names):
        raise _refused("include a name twice")
    return [_clean(one) for one in declared]


def _clean(declared: BotCommand) -> BotCommand:
    about, usage = strip_invisible(declared.about), strip_invisible(declared.usage)
    if not 1 <= len(about) <= MAX_ABOUT:
        raise _refused(f"must have an 'about' of 1 to {MAX_ABOUT} visible characters")
    if len(usage) > MAX_USAGE:
        raise _refused(f"can have a 'usage' of up to {MAX_USAGE} characters")
    return BotCommand(declared.name, about, usage)


def _refused(problem: str) -> Invalid:
    return Invalid(f"The commands {problem}.", fields={"commands": problem})
