"""Changes what a person says about themselves, and their settings."""

import json
from collections.abc import Callable, Sequence

from echosphere.accounts import status, store
from echosphere.accounts.account import accepted_about, collect
from echosphere.accounts.events import ProfileChanged, SettingsChanged
from echosphere.accounts.name import accepted_name
from echosphere.accounts.settings import check_settings
from echosphere.accounts.wire import ChangeProfile, NewStatus, OwnUser, SettingValue
from echosphere.core.caller import Caller
from echosphere.core.errors import Invalid
from echosphere.database import Transaction

MAX_SETTINGS = 100

NO_STATUS: dict[str, str | int | None] = {
    "status_emoji": None,
    "status_text": None,
    "status_until": None,
}

Concerned = Callable[[Transaction, str], None]
"""What another feature does in the same transaction when it happens to a person."""


def change_profile(
    transaction: Transaction, caller: Caller, change: ChangeProfile, also: Sequence[Concerned] = ()
) -> OwnUser:
    """Change what is given and return the account as it is now.

    Args:
        transaction: Where to.
        caller: Whose profile it is.
        change: The new values; what is unset stays.
        also: Told when others see the person differently now.

    Raises:
        Invalid: A field breaks a rule.
    """
    seen = _seen(change, transaction.now)
    if isinstance(change.settings, dict):
        check_settings(change.settings)
    if seen:
        store.update_user(transaction, caller.user_id, **seen)
    if isinstance(change.settings, dict):
        _change_settings(transaction, caller, change.settings)
    if seen:
        transaction.announce(ProfileChanged(caller.user_id))
        for concerned in also:
            concerned(transaction, caller.user_id)
    elif change.settings:
        transaction.announce(SettingsChanged(caller.user_id))
    return store.get_own_user(transaction, caller.user_id)


def _seen(change: ChangeProfile, now: int) -> dict[str, str | int | None]:
    """Return the changed columns that others see."""
    rules: dict[str, Callable[[], str | int | None]] = {}
    if isinstance(name := change.name, str):
        rules["name"] = lambda: accepted_name(name)
    if isinstance(about := change.about, str):
        rules["about"] = lambda: accepted_about(about)
    if isinstance(new := change.status, NewStatus):
        rules["status.emoji"] = lambda: status.accepted_emoji(new.emoji)
        rules["status.text"] = lambda: status.accepted_text(new.text)
        rules["status.until"] = lambda: status.accepted_end(new.until, now)
    accepted = collect(rules)
    columns = {field.replace(".", "_"): value for field, value in accepted.items()}
    if isinstance(change.status, NewStatus):
        _require_something(columns)
    return columns | (NO_STATUS if change.status is None else {})


def _require_something(columns: dict[str, str | int | None]) -> None:
    if columns["status_emoji"] is None and columns["status_text"] is None:
        problem = "Give an emoji or some words; null takes the status away."
        raise Invalid(problem, fields={"status": problem})


def _change_settings(
    transaction: Transaction, caller: Caller, change: dict[str, SettingValue]
) -> None:
    store.hold_person(transaction, caller.user_id)  # nobody else changes another of them meanwhile
    known = store.get_own_user(transaction, caller.user_id).settings
    settings = {name: value for name, value in (known | change).items() if value is not None}
    if len(settings) > MAX_SETTINGS:
        sentence = f"There may be {MAX_SETTINGS} settings at most."
        raise Invalid(sentence, fields={"settings": sentence})
    store.update_user(transaction, caller.user_id, settings=json.dumps(settings))


def change_setting(transaction: Transaction, user: str, name: str, *, value: SettingValue) -> None:
    """Change one setting of a person on their behalf; who closed their account has none."""
    if store.find_own_user(transaction, user) is not None:
        _change_settings(transaction, Caller(user, ""), {name: value})
        transaction.announce(SettingsChanged(user))
