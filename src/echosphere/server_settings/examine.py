"""Examines what is stored of settings that were changed while the server ran."""

from typing import NamedTuple

from echosphere.database import Snapshot
from echosphere.server_settings.store import stored_values
from echosphere.settings import PREFIX, LiveSettings, Settings, SettingsError, changeable_settings

ADVICE = "`echosphere setting unset NAME` restores the default."
REMOVE = "`echosphere setting unset NAME` removes it."


class StoredSettings(NamedTuple):
    """What keeps the server from starting, what does nothing, and how many settings are in use."""

    refused: list[str]
    unused: list[str]
    used: int


def examine_stored(snapshot: Snapshot, start: Settings) -> StoredSettings:
    """Return what is wrong with the stored settings, in sentences for operators.

    Args:
        snapshot: Has them.
        start: What the environment says.
    """
    known = changeable_settings()
    unused, used = [], {}
    for name, text in sorted(stored_values(snapshot).items()):
        if name not in known:
            said = f"{name} is stored, but this version does not have this setting."
            unused.append(f"{said} {REMOVE.replace('NAME', name)}")
        elif known[name][0] in start.given:
            unused.append(
                f"{name} is stored, but {PREFIX}{name.upper()} is set and takes precedence"
            )
        else:
            used[name] = text
    return StoredSettings(_refused(used, start), unused, len(used))


def _refused(stored: dict[str, str], start: Settings) -> list[str]:
    refused = []
    for name, text in stored.items():
        try:
            changeable_settings()[name][1].value_of(name, text)
        except SettingsError as error:
            refused.append(f"{error} {ADVICE.replace('NAME', name)}")
    try:
        LiveSettings(start).merge(stored)
    except SettingsError as error:  # of one value, named above, or of two that do not go together
        return refused or [f"{error} {ADVICE}"]
    return []
