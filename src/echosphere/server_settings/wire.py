"""The settings of the server as administrators see and change them."""

from typing import Annotated, Literal

from msgspec import Meta

from echosphere.wire import Request, Shape

MAX_VALUE = 2_000


class SettingShape(Shape, frozen=True):
    """A setting that can be changed while the server runs; values are texts, as in the environment.

    `variable` is its name in the environment; where that is set, the setting is `fixed`.
    `changed_at` is null unless the value was changed here. `choices` are those of a choice, `least`
    and `most` the bounds of a number.
    """

    name: str
    variable: str
    kind: Literal["switch", "choice", "number", "list", "text"]
    value: str
    default: str
    fixed: bool
    changed_at: int | None
    choices: list[str]
    least: int | None
    most: int | None


class SettingsAnswer(Shape, frozen=True):
    """All settings that can be changed while the server runs.

    `unknown` are names that another version stored: they do nothing, and can be let go.
    """

    settings: list[SettingShape]
    unknown: list[str]


class OneSetting(Shape, frozen=True):
    """One setting; null once one is let go that this version does not have."""

    setting: SettingShape | None


class SettingCall(Request, frozen=True):
    """Which setting: the name in the environment without `ECHOSPHERE_`, in small letters."""

    setting: Annotated[str, Meta(max_length=100)]


class ChangeSettingCall(Request, frozen=True):
    """Give a setting another value, written as in the environment."""

    setting: Annotated[str, Meta(max_length=100)]
    value: Annotated[str, Meta(max_length=MAX_VALUE)]


class LimitsEvent(Shape, frozen=True):
    """What every client is told of the settings: how large a file may be, in bytes, and more.

    Files are named by kinds, media types and endings; nothing allowed means that everything is.
    """

    largest_file: int
    directory: bool
    allowed_files: list[str]
    refused_files: list[str]
