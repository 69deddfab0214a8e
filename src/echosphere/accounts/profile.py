"""Changes what a person says about themselves, and their settings."""

import json
from collections.abc import Callable, Sequence

from echosphere.accounts import store
from echosphere.accounts.account import accepted_about, accepted_name, collect
from echosphere.accounts.events import ProfileChanged
from echosphere.accounts.wire import ChangeProfile, OwnUser, SettingValue
from echosphere.caller import Caller
from echosphere.database import Transaction
from echosphere.errors import Invalid

MAX_SETTINGS = 100

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
    seen = collect(_rules(change))
    if seen:
        store.update_user(transaction, caller.user, **seen)
    if isinstance(change.settings, dict):
        _change_settings(transaction, caller, change.settings)
    if seen:
        transaction.announce(ProfileChanged(caller.user))
        for concerned in also:
            concerned(transaction, caller.user)
    return store.get_own_user(transaction, caller.user)


def _rules(change: ChangeProfile) -> dict[str, Callable[[], str]]:
    rules: dict[str, Callable[[], str]] = {}
    if isinstance(name := change.name, str):
        rules["name"] = lambda: accepted_name(name)
    if isinstance(about := change.about, str):
        rules["about"] = lambda: accepted_about(about)
    return rules


def _change_settings(
    transaction: Transaction, caller: Caller, change: dict[str, SettingValue]
) -> None:
    known = store.get_own_user(transaction, caller.user).settings
    settings = {name: value for name, value in (known | change).items() if value is not None}
    if len(settings) > MAX_SETTINGS:
        sentence = f"There may be {MAX_SETTINGS} settings at most."
        raise Invalid(sentence, fields={"settings": sentence})
    store.update_user(transaction, caller.user, settings=json.dumps(settings))
