"""Counts the secrets of apps that are encrypted with another key than the instance's of now."""

from typing import NamedTuple

from echosphere.core.encryption import SealedWithAnotherKeyError, Sealer
from echosphere.database import Snapshot
from echosphere.second_factor import store
from echosphere.second_factor.encryption import PURPOSE


class OtherKeys(NamedTuple):
    """How many secrets need `SECRET_KEY_PREVIOUS`, and how many no known key opens."""

    outdated: int = 0
    lost: int = 0


def secrets_of_other_keys(snapshot: Snapshot, secret_key: str, previous: str) -> OtherKeys:
    """Try every secret; takes some seconds for 100,000 people."""
    sealer = Sealer(PURPOSE, secret_key, previous)
    outdated = lost = 0
    for user_id, sealed in store.all_secrets(snapshot):
        try:
            outdated += sealer.open(user_id, sealed)[1]
        except SealedWithAnotherKeyError:
            lost += 1
    return OtherKeys(outdated, lost)
