"""Changes a setting of the server while it runs."""

from typing import Any

from echosphere import audit
from echosphere.accounts import Action, proven_actor, require_permission
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Invalid, NotFound
from echosphere.database import Command, Provided, Transaction
from echosphere.server_settings import store
from echosphere.server_settings.events import ServerSettingChanged
from echosphere.server_settings.lockout import require_not_locked_out
from echosphere.server_settings.show import UNKNOWN, declared_setting
from echosphere.settings import (
    IncompleteSettingsError,
    LiveSettings,
    Setting,
    Settings,
    SettingsError,
    changeable_settings,
)

LIVE_SETTINGS: Provided[LiveSettings] = Provided("the settings of this moment")

FIXED = "This is set in the server's environment. Change it there and restart the server."
OTHER_VALUE = "Choose one of the available values."
FORMS = {
    "registration_domains": "List domains, such as example.org, separated by commas.",
    "allowed_files": (
        "List kinds such as images, types such as image/png, or extensions such as .pdf."
    ),
    "refused_files": (
        "List kinds such as images, types such as image/png, or extensions such as .pdf."
    ),
    "imprint_url": "Enter an address that starts with https:// or mailto:.",
    "privacy_url": "Enter an address that starts with https:// or mailto:.",
    "contact_url": "Enter an address that starts with https:// or mailto:.",
    "security_contact": "Enter an address that starts with https:// or mailto:.",
}
"""What is said of a text that makes no sense, by the name of its setting."""

INCOMPLETE = "This conflicts with another setting."
MISSING = {
    "registration_domains": "First list the domains whose addresses can register.",
    "smtp_url": (
        "First set a mail server in ECHOSPHERE_SMTP_URL. Without one, no one can confirm an "
        "address."
    ),
    "openid_providers": "First set a sign-in service in ECHOSPHERE_OPENID_PROVIDERS. Without "
    "one, no one can sign in.",
}
"""What is said where another setting has to be set first, by the field of that one."""


class ChangeSetting(Command[None], own_transaction=True):
    """Give a setting another value; every process uses it within seconds.

    Raises:
        NotFound: There is none of this name that can be changed while the server runs.
        Invalid: The value makes no sense, or not together with the other settings.
        Conflict: The environment sets it, or the caller or an owner could not get in any more.
        ProofNeeded: The caller has not proved lately who they are.
    """

    caller: Caller
    name: str
    value: str

    def run(self, transaction: Transaction) -> None:
        """Store it."""
        field, setting = declared_setting(self.name)
        actor, stored = _begin(transaction, self.caller, field)
        value = _read(self.name, setting, self.value.strip() or setting.default_text)
        text = setting.write(value)
        if text != stored.get(self.name):
            settings = _complete(transaction, {**stored, self.name: text})
            require_not_locked_out(transaction, self.caller, field, settings)
            store.save_setting(transaction, self.name, text)
            transaction.announce(ServerSettingChanged(field, value))
            audit.record(transaction, actor, "setting.changed", setting=self.name)


class ResetSetting(Command[None], own_transaction=True):
    """Let the default hold again, or remove what another version stored.

    Raises:
        NotFound: There is none of this name that can be changed while the server runs, nor stored.
        Invalid: The default does not go together with the other settings.
        Conflict: The environment sets it, or the caller or an owner could not get in any more.
        ProofNeeded: The caller has not proved lately who they are.
    """

    caller: Caller
    name: str

    def run(self, transaction: Transaction) -> None:
        """Delete what was stored."""
        if self.name not in changeable_settings():
            self._remove_unknown(transaction)
            return
        field, _ = declared_setting(self.name)
        actor, stored = _begin(transaction, self.caller, field)
        if stored.pop(self.name, None) is not None:
            settings = _complete(transaction, stored)
            require_not_locked_out(transaction, self.caller, field, settings)
            store.delete_setting(transaction, self.name)
            start = LIVE_SETTINGS.of(transaction).start
            transaction.announce(ServerSettingChanged(field, getattr(start, field)))
            audit.record(transaction, actor, "setting.reset", setting=self.name)

    def _remove_unknown(self, transaction: Transaction) -> None:
        require_permission(self.caller, Action.CHANGE_SETTINGS)
        if self.name not in store.stored_values(transaction):
            raise NotFound(UNKNOWN)
        actor = proven_actor(transaction, self.caller)
        if store.delete_setting(transaction, self.name):
            audit.record(transaction, actor, "setting.reset", setting=self.name)


def _begin(
    transaction: Transaction, caller: Caller, field: str
) -> tuple[audit.Actor, dict[str, str]]:
    """Return who acts and what is stored, if this caller may change this setting here."""
    require_permission(caller, Action.CHANGE_SETTINGS)
    if field in LIVE_SETTINGS.of(transaction).start.given:
        raise Conflict(FIXED)
    actor = proven_actor(transaction, caller)
    store.lock_settings(transaction)
    return actor, store.stored_values(transaction)


def _read(name: str, setting: Setting, text: str) -> Any:
    """Return the value of a text, by the parser of the environment."""
    try:
        return setting.value_of(name, text)
    except SettingsError:
        problem = FORMS.get(name, OTHER_VALUE)
        if setting.least is not None:
            problem = f"Enter a whole number from {setting.least} to {setting.most}."
        raise Invalid(problem, fields={"value": problem}) from None


def _complete(transaction: Transaction, stored: dict[str, str]) -> Settings:
    try:
        return LIVE_SETTINGS.of(transaction).merge(stored)
    except SettingsError as error:
        missing = error.missing if isinstance(error, IncompleteSettingsError) else ""
        problem = MISSING.get(missing, INCOMPLETE)
        raise Invalid(problem, fields={"value": problem}) from None
