"""What a setting is: its name, its type, its bounds and its default."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal

PREFIX = "ECHOSPHERE_"
SWITCH = {"on": True, "off": False, "true": True, "false": False, "1": True, "0": False}
MIB = 1024 * 1024

Default = str | Callable[[Mapping[str, Any]], Any]
"""A text that is read as if it had been given, or a function of the settings declared before."""


class SettingsError(Exception):
    """A setting makes no sense; the text says which and what to write instead."""


class IncompleteSettingsError(SettingsError):
    """A setting makes no sense without another one; `missing` is the field of that."""

    def __init__(self, sentence: str, missing: str) -> None:
        super().__init__(sentence)
        self.missing = missing


@dataclass(frozen=True)
class Setting:
    """How a setting is written by operators and read."""

    default: Default = ""
    read: Callable[[str], Any] = str
    """Returns the value of a text, or raises ValueError."""
    form: str = ""
    """What the text must do or be: the end of the sentence "NAME must …"."""
    default_shown: str = ""
    """The default as the table of settings shows it, where it is computed."""
    _: KW_ONLY
    values: str = ""
    prefix: str = PREFIX
    suffix: str = ""
    """What the name has after that of the field: a unit."""
    old_name: str = ""
    """An earlier name, which is still read, with a warning."""
    secret: bool = False
    """Whether the value is kept out of messages and of `repr`."""
    changeable: bool = False
    """Whether administrators can change it while the server runs; it is then read from
    `LiveSettings.current` only."""
    kind: Literal["switch", "choice", "number", "list", "text"] = "text"
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    write: Callable[[Any], str] = str
    """Returns the text of a value."""

    @property
    def default_text(self) -> str:
        """The default as it would be given, where it is not computed."""
        return self.default if isinstance(self.default, str) else ""

    def value_of(self, name: str, given: str) -> Any:
        """Return the value of what the operator wrote.

        Raises:
            SettingsError: It makes no sense.
        """
        try:
            return self.read(given)
        except ValueError:
            written = "" if self.secret else f", not {given!r}"
            raise SettingsError(f"{name} must {self.form}{written}.") from None


def number(default: int, least: int, most: int, *, unit: int = 1, **more: Any) -> Setting:
    """Declare a whole number from `least` to `most`; the value is that many times `unit`."""

    def read(given: str) -> int:
        if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
            raise ValueError
        return int(given) * unit

    form, values = f"be a whole number from {least} to {most}", f"{least} to {most}"
    return Setting(
        str(default),
        read,
        form,
        values=values,
        kind="number",
        least=least,
        most=most,
        write=lambda value: str(value // unit),
        **more,
    )


def size(default: int, least: int, most: int, **more: Any) -> Setting:
    """Declare a size that is written in MiB and read in bytes."""
    return number(default, least, most, unit=MIB, suffix="_MIB", **more)


def choice(*words: str, aliases: Mapping[str, str] | None = None, **more: Any) -> Setting:
    """Declare a setting that is one of these words, by default the first; aliases are read, too."""
    known = {word: word for word in words} | dict(aliases or {})

    def read(given: str) -> str:
        if given not in known:
            raise ValueError
        return known[given]

    form, values = f"be one of {', '.join(words)}", ", ".join(f"`{word}`" for word in words)
    return Setting(words[0], read, form, values=values, kind="choice", choices=words, **more)


def switch(default: str, **more: Any) -> Setting:
    """Declare a setting that is on or off."""

    def read(given: str) -> bool:
        if given.lower() not in SWITCH:
            raise ValueError
        return SWITCH[given.lower()]

    return Setting(
        default,
        read,
        "be on or off",
        values="`on`, `off`",
        kind="switch",
        write=lambda value: "on" if value else "off",
        **more,
    )


def words(read: Callable[[str], tuple[str, ...]], form: str, **more: Any) -> Setting:
    """Declare a setting that lists words, separated by commas, by default none."""
    return Setting(read=read, form=form, kind="list", write=", ".join, **more)
