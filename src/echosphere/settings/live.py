"""The settings as they are at this moment: those of the start, and over them what was changed since."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from echosphere.settings.setting import SettingsError
from echosphere.settings.settings import Settings, changeable_settings, require_complete

Listener = Callable[[frozenset[str]], None]
"""Is called with the fields whose values have changed."""


class LiveSettings:
    """One object for each process, through which everything reads what can change while it runs.

    Whoever copies a value out of `current` at the start does not notice that it changes.

    Args:
        start: What the environment says, and the defaults.

    Attributes:
        start: Likewise.
        current: The values of this moment; each change replaces the object.
    """

    def __init__(self, start: Settings) -> None:
        self.start = start
        self.current = start
        self._listeners: list[Listener] = []

    def on_change(self, listener: Listener) -> None:
        """Call a function after values have changed in this process."""
        self._listeners.append(listener)

    def merge(self, stored: Mapping[str, str]) -> Settings:
        """Return the settings with values of the database, by their names.

        What the environment sets wins, and names that are not known are left out.

        Raises:
            SettingsError: A value makes no sense, or not together with the others.
        """
        known = changeable_settings()
        values = {}
        for name, text in stored.items():
            field, setting = known.get(name, ("", None))
            if setting is not None and field not in self.start.given:
                values[field] = setting.value_of(name, text)
        merged = replace(self.start, **values)
        require_complete(merged)
        return merged

    def apply(self, stored: Mapping[str, str]) -> None:
        """Make values of the database the current ones, and tell the listeners what is different.

        Raises:
            SettingsError: They make no sense; the current ones stay.
        """
        before, after = self.current, self.merge(stored)
        fields = (field for field, _ in changeable_settings().values())
        changed = frozenset(one for one in fields if getattr(before, one) != getattr(after, one))
        self.current = after
        for listener in self._listeners if changed else ():
            listener(changed)

    def apply_leniently(self, stored: Mapping[str, str]) -> None:
        """Make those values current that make sense one after the other, and leave out the others.

        For commands: with a value that the server refuses, `echosphere setting unset` must still run.
        """
        good: dict[str, str] = {}
        for name, text in stored.items():
            with suppress(SettingsError):
                self.merge({**good, name: text})
                good[name] = text
        self.apply(good)
