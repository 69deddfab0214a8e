"""The tables of second factors and their queries."""

from echosphere.second_factor.store.all_of_a_user import delete_all, has_factor
from echosphere.second_factor.store.devices import (
    PendingRow,
    delete_pending,
    delete_remembered,
    find_pending,
    insert_pending,
    insert_remembered,
    is_remembered,
    remembered_of,
    use_pending,
)
from echosphere.second_factor.store.totp import (
    StoredTotp,
    accept_totp,
    advance_step,
    count_recovery_codes,
    delete_totp,
    find_totp,
    offer_totp,
    replace_recovery_codes,
    reseal_totp,
    use_recovery_code,
)

__all__ = [
    "PendingRow",
    "StoredTotp",
    "accept_totp",
    "advance_step",
    "count_recovery_codes",
    "delete_all",
    "delete_pending",
    "delete_remembered",
    "delete_totp",
    "find_pending",
    "find_totp",
    "has_factor",
    "insert_pending",
    "insert_remembered",
    "is_remembered",
    "offer_totp",
    "remembered_of",
    "replace_recovery_codes",
    "reseal_totp",
    "use_pending",
    "use_recovery_code",
]
