"""`echosphere setting`: shows and changes settings while the server is running."""

from typing import Annotated

from msgspec import Meta

from echosphere.app import Application
from echosphere.core.caller import Caller
from echosphere.server_settings import (
    ChangeSetting,
    OneSetting,
    ResetSetting,
    SettingsAnswer,
    list_settings,
    show_after_reset,
    show_setting,
)
from echosphere.wire import Request

Name = Annotated[str, Meta(max_length=100)]


class ListCall(Request, frozen=True):
    """No arguments."""


class NameCall(Request, frozen=True):
    """Which setting."""

    setting: Name


class SetCall(Request, frozen=True):
    """Another value for a setting."""

    setting: Name
    value: Annotated[str, Meta(max_length=2_000)]


async def list_all(application: Application, _operator: Caller, _: ListCall) -> SettingsAnswer:
    """Return the settings that can be changed while the server runs."""
    return await application.database.read(list_settings, application.live_settings)


async def show(application: Application, _operator: Caller, call: NameCall) -> OneSetting:
    """Return a setting."""
    live = application.live_settings
    return await application.database.read(show_setting, live, call.setting)


async def change(application: Application, operator: Caller, call: SetCall) -> OneSetting:
    """Give a setting another value."""
    await application.database.write(ChangeSetting(operator, call.setting, call.value))
    await application.settings_watch.refresh_leniently()
    return await show(application, operator, NameCall(call.setting))


async def reset(application: Application, operator: Caller, call: NameCall) -> OneSetting:
    """Let the default of a setting hold again, or remove what another version stored."""
    await application.database.write(ResetSetting(operator, call.setting))
    await application.settings_watch.refresh_leniently()
    live = application.live_settings
    return await application.database.read(show_after_reset, live, call.setting)
