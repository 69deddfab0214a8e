"""The settings of a user that the product knows, with their defaults and types.

Clients may store settings of their own under other names.
"""

import zoneinfo
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from echosphere.accounts import store
from echosphere.core.errors import Invalid
from echosphere.database import Snapshot
from echosphere.wire import refused

MinuteOfDay = Annotated[int, Meta(ge=0, lt=24 * 60)]


class UserSettings(msgspec.Struct, frozen=True):
    """The settings of a user, with defaults.

    Attributes:
        receipts: Whether others see what this user has read; if not, the user sees no receipts either.
        typing: Whether others see that this user is typing.
        presence: Whether others see this user's presence.
        link_previews: Whether the links in this user's messages get previews.
        enter_sends: Whether the Enter key sends a message.
        notify: What to notify of, unless the conversation has a setting of its own.
        notify_content: Whether notifications show the text of messages.
        quiet_from: The minute of the day at which quiet hours begin, in `time_zone`.
        quiet_to: The minute of the day at which quiet hours end.
        digest: Whether missed messages are sent by e-mail.
        requests_from: Who may send a contact request without knowing the address: everyone who sees
            this person, in a group or in the directory; those of a group; or, by `contacts`, no one.
        directory: Whether others find this person in the directory, where there is one.
        checklist: Whether an administrator is shown the checklist of the server on the first page.
    """

    receipts: bool = True
    typing: bool = True
    presence: Literal["visible", "invisible"] = "visible"
    link_previews: bool = True
    enter_sends: bool = True
    language: Literal["auto", "en", "de"] = "auto"
    colours: Literal["auto", "light", "dark"] = "auto"
    notify: Literal["all", "mentions", "none"] = "all"
    notify_content: bool = True
    notify_sound: bool = True
    quiet_from: MinuteOfDay | None = None
    quiet_to: MinuteOfDay | None = None
    time_zone: Annotated[str, Meta(max_length=64)] | None = None
    digest: bool = True
    requests_from: Literal["everyone", "groups", "contacts"] = "everyone"
    directory: bool = True
    checklist: bool = True

    @property
    def invisible(self) -> bool:
        """Whether the user appears offline to others."""
        return self.presence == "invisible"


DEFAULTS = UserSettings()

_decoder = msgspec.json.Decoder(UserSettings)
_types = {field.name: field.type for field in msgspec.structs.fields(UserSettings)}


def settings_of(snapshot: Snapshot, user_id: str) -> UserSettings:
    """Return the settings of one user."""
    kept = store.find_settings(snapshot, user_id)
    return DEFAULTS if kept is None else parse_settings(kept)


def settings_of_all(snapshot: Snapshot, users: Collection[str]) -> dict[str, UserSettings]:
    """Return the settings of those of these users who exist, by id."""
    return {
        user: parse_settings(kept) for user, kept in store.find_settings_of(snapshot, users).items()
    }


def parse_settings(kept: str) -> UserSettings:
    """Return the settings of a JSON column; values of the wrong type become the default."""
    if kept == "{}":
        return DEFAULTS
    try:
        return _decoder.decode(kept)
    except msgspec.ValidationError:  # stored before the setting had a type
        return msgspec.convert(_without_invalid(msgspec.json.decode(kept)), UserSettings)


def check_settings(change: Mapping[str, Any]) -> None:
    """Check the types of changed settings; null resets one.

    Raises:
        Invalid: The first wrong setting.
    """
    for name, value in change.items():
        if name in _types and value is not None:
            try:
                msgspec.convert(value, _types[name])
            except msgspec.ValidationError as error:
                raise refused(str(error), within=f"settings.{name}") from None
    if change.get("time_zone") is not None:
        _check_time_zone(change["time_zone"])


def _check_time_zone(name: str) -> None:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        problem = "is not a time zone such as Europe/Berlin"
        place = "settings.time_zone"
        raise Invalid(f"The field {place!r} {problem}.", fields={place: problem}) from None


def _without_invalid(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if _is_valid(name, value)}


def _is_valid(name: str, value: Any) -> bool:
    try:
        msgspec.convert(value, _types.get(name, Any))
    except msgspec.ValidationError:
        return False
    return True
