"""Tells clients that settings of the server have changed."""

from collections.abc import Callable

from echosphere.accounts import Action, may
from echosphere.realtime.delivery import ConnectedDevices, FanOut, ToUsers
from echosphere.server_settings.wire import LimitsEvent
from echosphere.settings import Settings
from echosphere.wire import AdministrationEvent

FOR_EVERYBODY = frozenset({"max_attachment", "directory", "allowed_files", "refused_files"})
"""The fields that clients know."""

NEEDS_A_STEP = frozenset({"require_second_factor", "confirm_email"})
"""The fields that decide what someone must have done before anything else."""


class SettingsLive:
    """Sends what changed to who may know it, and has who must do something first reconnect.

    Args:
        fan_out: Sends.
        devices: The connected devices of this process.
        current: Returns the settings of this moment.
    """

    def __init__(
        self, fan_out: FanOut, devices: ConnectedDevices, current: Callable[[], Settings]
    ) -> None:
        self._fan_out = fan_out
        self._devices = devices
        self._current = current

    def on_change(self, changed: frozenset[str]) -> None:
        """Tell the clients of this process."""
        administrators = self._devices.user_ids(lambda role: may(role, Action.CHANGE_SETTINGS))
        news = AdministrationEvent("settings")
        self._fan_out.send_here((ToUsers(administrators, "administration", news),))
        if changed & FOR_EVERYBODY:
            everybody = self._devices.user_ids()
            self._fan_out.send_here((ToUsers(everybody, "limits", limits_of(self._current())),))
        if changed & NEEDS_A_STEP:
            self._devices.disconnect_all()


def limits_of(settings: Settings) -> LimitsEvent:
    """Return what clients know of the settings."""
    return LimitsEvent(
        largest_file=settings.max_attachment,
        directory=settings.directory,
        allowed_files=list(settings.allowed_files),
        refused_files=list(settings.refused_files),
    )
