"""Shows the settings that can be changed while the server runs."""

from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.server_settings import wire
from echosphere.server_settings.store import Stored, stored_settings
from echosphere.settings import PREFIX, LiveSettings, Setting, changeable_settings

UNKNOWN = "This setting does not exist, or it cannot be changed while the server is running."


def declared_setting(name: str) -> tuple[str, Setting]:
    """Return the field and the declaration of a setting.

    Raises:
        NotFound: There is none of this name that can be changed while the server runs.
    """
    found = changeable_settings().get(name)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def list_settings(snapshot: Snapshot, live: LiveSettings) -> wire.SettingsAnswer:
    """Return all settings that can be changed, in the order in which they are declared."""
    stored = stored_settings(snapshot)
    known = changeable_settings()
    return wire.SettingsAnswer(
        [_shape(name, live, stored.get(name)) for name in known], sorted(stored.keys() - known)
    )


def show_setting(snapshot: Snapshot, live: LiveSettings, name: str) -> wire.OneSetting:
    """Return a setting.

    Raises:
        NotFound: There is none of this name that can be changed while the server runs.
    """
    declared_setting(name)
    return wire.OneSetting(_shape(name, live, stored_settings(snapshot).get(name)))


def show_after_reset(snapshot: Snapshot, live: LiveSettings, name: str) -> wire.OneSetting:
    """Return a setting that was let go; none if this version does not have it."""
    if name not in changeable_settings():
        return wire.OneSetting(None)
    return show_setting(snapshot, live, name)


def _shape(name: str, live: LiveSettings, stored: Stored | None) -> wire.SettingShape:
    field, setting = declared_setting(name)
    fixed = field in live.start.given
    start = setting.write(getattr(live.start, field))
    is_stored = stored is not None and not fixed
    return wire.SettingShape(
        name=name,
        variable=f"{PREFIX}{name.upper()}",
        kind=setting.kind,
        value=stored.value if stored is not None and not fixed else start,
        default=setting.default_text,
        fixed=fixed,
        changed_at=stored.changed_at if stored is not None and is_stored else None,
        choices=list(setting.choices),
        least=setting.least,
        most=setting.most,
    )
