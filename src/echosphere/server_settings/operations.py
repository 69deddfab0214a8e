"""The operations with which administrators change settings of the server."""

from echosphere.accounts import Action, permission
from echosphere.api import Declaration, Empty, Event, Operation, delete, get, put
from echosphere.core.caller import Caller
from echosphere.database import Database
from echosphere.server_settings.change import ChangeSetting, ResetSetting
from echosphere.server_settings.show import list_settings, show_after_reset, show_setting
from echosphere.server_settings.watch import SettingsWatch
from echosphere.server_settings.wire import (
    ChangeSettingCall,
    LimitsEvent,
    OneSetting,
    SettingCall,
    SettingsAnswer,
)
from echosphere.settings import LiveSettings

ALL = "/administration/settings"
ONE = f"{ALL}/<setting>"


class ServerSettingsOperations:
    """Serves the settings.

    Args:
        database: Has what was changed.
        live: The settings of this process.
        watch: Makes a change hold in this process before it is answered.
    """

    def __init__(self, database: Database, live: LiveSettings, watch: SettingsWatch) -> None:
        self._database = database
        self._live = live
        self._watch = watch

    def all(self) -> list[Declaration]:
        """Return the operations and the event."""
        allowed = permission(Action.CHANGE_SETTINGS)
        return [
            Operation(self.settings, get(ALL), permission=allowed),
            Operation(self.change, put(ONE), permission=allowed),
            Operation(self.reset, delete(ONE), permission=allowed),
            Event("limits", (LimitsEvent,)),
        ]

    async def settings(self, _caller: Caller, _: Empty) -> SettingsAnswer:
        """List the settings that can be changed while the server is running."""
        return await self._database.read(list_settings, self._live)

    async def change(self, caller: Caller, call: ChangeSettingCall) -> OneSetting:
        """Change a server setting; it takes effect immediately."""
        await self._database.write(ChangeSetting(caller, call.setting, call.value))
        await self._watch.refresh()
        return await self._database.read(show_setting, self._live, call.setting)

    async def reset(self, caller: Caller, call: SettingCall) -> OneSetting:
        """Reset a setting to its default, or remove one stored by another version."""
        await self._database.write(ResetSetting(caller, call.setting))
        await self._watch.refresh()
        return await self._database.read(show_after_reset, self._live, call.setting)
