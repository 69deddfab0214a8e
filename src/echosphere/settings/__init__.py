"""All settings: declared once, read once from the environment and `.env`, checked, then frozen."""

from echosphere.settings.checks import IpNetwork
from echosphere.settings.openid_providers import OpenIdProvider
from echosphere.settings.setting import PREFIX, Setting, SettingsError
from echosphere.settings.settings import Settings, declared_settings, load_settings

__all__ = [
    "PREFIX",
    "IpNetwork",
    "OpenIdProvider",
    "Setting",
    "Settings",
    "SettingsError",
    "declared_settings",
    "load_settings",
]
