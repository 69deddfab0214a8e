"""The settings that the product knows: their defaults, and which values each may have.

Programs keep settings of their own beside them, under other names.
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


class PersonSettings(msgspec.Struct, frozen=True):
    """What a person has set, with defaults for what they have not.

    Attributes:
        receipts: Whether others are told what this person has read; without it they see none.
        typing: Whether others see that this person types.
        presence: Whether others see this person come and go.
        link_previews: Whether the links in one's own messages are looked at.
        enter_sends: Whether the Enter key sends.
        notify: What to be notified of, where a conversation does not say otherwise.
        notify_content: Whether notifications show what was said.
        quiet_from: The minute of the day from which nothing makes a sound; in `time_zone`.
        quiet_to: The minute of the day at which the quiet ends.
        digest: Whether missed messages are sent by e-mail.
        requests_from: Who may send a contact request without knowing the address: everyone who sees
            this person, in a group or in the directory; those of a group; or, by `contacts`, nobody.
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
        """Whether others must not see this person come and go."""
        return self.presence == "invisible"


DEFAULTS = PersonSettings()

_decoder = msgspec.json.Decoder(PersonSettings)
_types = {field.name: field.type for field in msgspec.structs.fields(PersonSettings)}


def settings_of(snapshot: Snapshot, user: str) -> PersonSettings:
    """Return the settings of one person."""
    kept = store.find_settings(snapshot, user)
    return DEFAULTS if kept is None else to_settings(kept)


def settings_of_all(snapshot: Snapshot, users: Collection[str]) -> dict[str, PersonSettings]:
    """Return the settings of those of these people who exist, by id."""
    return {
        user: to_settings(kept) for user, kept in store.find_settings_of(snapshot, users).items()
    }


def to_settings(kept: str) -> PersonSettings:
    """Return the settings that a person's column holds, as JSON."""
    if kept == "{}":
        return DEFAULTS
    try:
        return _decoder.decode(kept)
    except msgspec.ValidationError:  # kept before its type was known: such a one does not count
        return msgspec.convert(_fitting(msgspec.json.decode(kept)), PersonSettings)


def check_settings(change: Mapping[str, Any]) -> None:
    """Refuse values that a setting of the product cannot have; null forgets any of them.

    Raises:
        Invalid: Names the first such setting.
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


def _fitting(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if _fits(name, value)}


def _fits(name: str, value: Any) -> bool:
    try:
        msgspec.convert(value, _types.get(name, Any))
    except msgspec.ValidationError:
        return False
    return True
