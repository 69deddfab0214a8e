"""Changes a user's profile and settings."""

import json
from collections.abc import Callable

from echosphere.accounts import status, store
from echosphere.accounts.account import validate, validate_about
from echosphere.accounts.events import ProfileChanged, SettingsChanged
from echosphere.accounts.name import validate_name
from echosphere.accounts.settings import check_settings
from echosphere.accounts.wire import ChangeProfile, NewStatus, OwnUser, SettingValue
from echosphere.core.caller import Caller
from echosphere.core.errors import Invalid
from echosphere.database import Command, Transaction

MAX_SETTINGS = 100

NO_STATUS: dict[str, str | int | None] = {
    "status_emoji": None,
    "status_text": None,
    "status_until": None,
}


class ChangeOwnProfile(Command[OwnUser]):
    """Change the fields that are set and return the account.

    Attributes:
        caller: The owner.
        change: The new values; unset fields stay.

    Raises:
        Invalid: A field breaks a rule.
    """

    caller: Caller
    change: ChangeProfile

    def run(self, transaction: Transaction) -> OwnUser:
        """Change them."""
        public = _public_columns(self.change, transaction.now)
        if isinstance(self.change.settings, dict):
            check_settings(self.change.settings)
        if public:
            store.update_user(transaction, self.caller.user_id, **public)
        if isinstance(self.change.settings, dict):
            _change_settings(transaction, self.caller, self.change.settings)
        if public:
            transaction.announce(ProfileChanged(self.caller.user_id))
        elif self.change.settings:
            transaction.announce(SettingsChanged(self.caller.user_id))
        return store.get_own_user(transaction, self.caller.user_id)


def _public_columns(change: ChangeProfile, now: int) -> dict[str, str | int | None]:
    """Return the changed columns that others see."""
    rules: dict[str, Callable[[], str | int | None]] = {}
    if isinstance(name := change.name, str):
        rules["name"] = lambda: validate_name(name)
    if isinstance(about := change.about, str):
        rules["about"] = lambda: validate_about(about)
    if isinstance(new := change.status, NewStatus):
        rules["status.emoji"] = lambda: status.validate_emoji(new.emoji)
        rules["status.text"] = lambda: status.validate_text(new.text)
        rules["status.until"] = lambda: status.validate_end(new.until, now)
    accepted = validate(rules)
    columns = {field.replace(".", "_"): value for field, value in accepted.items()}
    if isinstance(change.status, NewStatus):
        _require_status_content(columns)
    return columns | (NO_STATUS if change.status is None else {})


def _require_status_content(columns: dict[str, str | int | None]) -> None:
    if columns["status_emoji"] is None and columns["status_text"] is None:
        problem = "Give an emoji or some words. Use null to clear the status."
        raise Invalid(problem, fields={"status": problem})


def _change_settings(
    transaction: Transaction, caller: Caller, change: dict[str, SettingValue]
) -> None:
    store.lock_user(transaction, caller.user_id)  # all settings are in one column
    known = store.get_own_user(transaction, caller.user_id).settings
    settings = {name: value for name, value in (known | change).items() if value is not None}
    if len(settings) > MAX_SETTINGS:
        sentence = f"There can be up to {MAX_SETTINGS} settings."
        raise Invalid(sentence, fields={"settings": sentence})
    store.update_user(transaction, caller.user_id, settings=json.dumps(settings))


def change_setting(
    transaction: Transaction, user_id: str, name: str, *, value: SettingValue
) -> None:
    """Change one setting on behalf of a user; a closed account is left alone."""
    if store.find_own_user(transaction, user_id) is not None:
        _change_settings(transaction, Caller(user_id, ""), {name: value})
        transaction.announce(SettingsChanged(user_id))
