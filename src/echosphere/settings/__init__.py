"""All settings: declared once, read from the environment and `.env`, checked, and some changed later."""

from echosphere.settings.checks import FILE_KINDS, IpNetwork
from echosphere.settings.live import LiveSettings
from echosphere.settings.openid_providers import OpenIdProvider
from echosphere.settings.setting import PREFIX, IncompleteSettingsError, Setting, SettingsError
from echosphere.settings.settings import (
    Settings,
    changeable_settings,
    declared_settings,
    load_settings,
)

__all__ = [
    "FILE_KINDS",
    "PREFIX",
    "IncompleteSettingsError",
    "IpNetwork",
    "LiveSettings",
    "OpenIdProvider",
    "Setting",
    "Settings",
    "SettingsError",
    "changeable_settings",
    "declared_settings",
    "load_settings",
]
