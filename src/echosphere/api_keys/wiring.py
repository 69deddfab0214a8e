"""Installs keys: operations, and authentication by them."""

from echosphere.accounts import (
    AccountClosed,
    CallerCache,
    SecurityEvent,
    SignedOutEverywhere,
)
from echosphere.api_keys.authenticate import KEYS
from echosphere.api_keys.events import KeysEnded
from echosphere.api_keys.manage import (
    SECRETS,
    KeySecrets,
    end_all,
    end_with_ways_in,
)
from echosphere.api_keys.operations import KeysOperations
from echosphere.platform import Platform


def install(platform: Platform, callers: CallerCache) -> None:
    """Install the feature; `callers` finds who shows a key."""
    database = platform.database
    secrets = KeySecrets(platform.settings.secret_key)
    database.provide(SECRETS, secrets)
    platform.api.authenticate_key = callers.by(KEYS)
    platform.devices.authenticate_key = platform.api.authenticate_key

    def end(event: KeysEnded) -> None:
        callers.forget(event.key_ids)
        platform.sign_out(event.key_ids, "expired")

    platform.fan_out.listen_everywhere(KeysEnded, end)
    platform.operations.add(KeysOperations(database, secrets).all())
    database.in_same_transaction(SecurityEvent, end_with_ways_in)
    database.in_same_transaction(AccountClosed, end_all)
    database.in_same_transaction(SignedOutEverywhere, end_all)
