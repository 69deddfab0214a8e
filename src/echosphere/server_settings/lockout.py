"""Refuses a change of a setting that would shut out whoever makes it, or an owner."""

from collections.abc import Callable

from echosphere.accounts import has_confirmed_email, is_operator, lock_owners
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict
from echosphere.database import Snapshot, Transaction
from echosphere.openid_connect import has_way_in, ways_in
from echosphere.settings import Settings

SAID = {
    "local_passwords": "First, you and every owner need a passkey or a linked sign-in service: "
    "passwords will no longer be accepted.",
    "confirm_email": "First, you and every owner must confirm your addresses: resetting the "
    "password by an e-mailed link does that.",
}
"""What is said to whoever would be shut out, by the field of the setting."""


def _can_sign_in(snapshot: Snapshot, user_id: str, settings: Settings) -> bool:
    return has_way_in(snapshot, user_id, ways_in(settings))


def _is_confirmed(snapshot: Snapshot, user_id: str, _settings: Settings) -> bool:
    return has_confirmed_email(snapshot, user_id)


SHUTS_OUT: dict[str, tuple[bool, Callable[[Snapshot, str, Settings], bool]]] = {
    "local_passwords": (False, _can_sign_in),
    "confirm_email": (True, _is_confirmed),
}
"""Which value of a field shuts out whom it does not suit, and whom it suits.

A second factor that is asked for shuts no one out: whoever has none sets one up.
"""


def require_not_locked_out(
    transaction: Transaction, caller: Caller, field: str, settings: Settings
) -> None:
    """Refuse a change after which the caller or an owner could not get in.

    Raises:
        Conflict: One of them could not.
    """
    value, suits = SHUTS_OUT.get(field, (None, None))
    if suits is None or getattr(settings, field) != value:
        return
    concerned = lock_owners(transaction) | (set() if is_operator(caller) else {caller.user_id})
    if not all(suits(transaction, one, settings) for one in concerned):
        raise Conflict(SAID.get(field, ""))
