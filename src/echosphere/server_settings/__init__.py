"""The settings of the server that administrators change while it runs."""

from echosphere.server_settings.change import ChangeSetting, ResetSetting
from echosphere.server_settings.events import ServerSettingChanged
from echosphere.server_settings.examine import examine_stored
from echosphere.server_settings.show import list_settings, show_after_reset, show_setting
from echosphere.server_settings.watch import SettingsWatch
from echosphere.server_settings.wire import OneSetting, SettingsAnswer, SettingShape
from echosphere.server_settings.wiring import install

__all__ = [
    "ChangeSetting",
    "OneSetting",
    "ResetSetting",
    "ServerSettingChanged",
    "SettingShape",
    "SettingsAnswer",
    "SettingsWatch",
    "examine_stored",
    "install",
    "list_settings",
    "show_after_reset",
    "show_setting",
]
