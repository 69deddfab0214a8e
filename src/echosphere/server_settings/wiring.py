"""Puts the settings of the server together."""

from echosphere.platform import Platform
from echosphere.server_settings.change import LIVE_SETTINGS
from echosphere.server_settings.events import ServerSettingChanged
from echosphere.server_settings.live import SettingsLive
from echosphere.server_settings.operations import ServerSettingsOperations
from echosphere.server_settings.watch import SettingsWatch


def install(platform: Platform) -> SettingsWatch:
    """Let administrators change settings; what is returned is to be started."""
    database, live = platform.database, platform.live_settings
    database.provide(LIVE_SETTINGS, live)
    watch = SettingsWatch(database, live)
    platform.operations.add(ServerSettingsOperations(database, live, watch).all())
    told = SettingsLive(platform.fan_out, platform.devices, lambda: live.current)
    live.on_change(told.on_change)
    platform.fan_out.listen_everywhere(ServerSettingChanged, watch.on_changed)
    return watch
