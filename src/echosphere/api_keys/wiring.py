"""Installs keys: operations, and authentication by them."""

from echosphere.accounts import (
    AccountClosed,
    SecurityEvent,
    SessionCache,
    SignedOutEverywhere,
)
from echosphere.api_keys.authenticate import KeyAuthentication
from echosphere.api_keys.events import KeysEnded
from echosphere.api_keys.manage import (
    SECRETS,
    KeySecrets,
    end_all,
    end_with_ways_in,
)
from echosphere.api_keys.operations import KeysOperations
from echosphere.platform import Platform


def install(platform: Platform, sessions: SessionCache) -> None:
    """Install the feature; `sessions` knows what is asked of everybody."""
    database = platform.database
    secrets = KeySecrets(platform.settings.secret_key)
    database.provide(SECRETS, secrets)
    authentication = KeyAuthentication(database, sessions)
    platform.api.authenticate_key = authentication
    sessions.on_cleared.append(authentication.clear)
    platform.fan_out.listen_everywhere(KeysEnded, authentication.on_ended)
    platform.operations.add(KeysOperations(database, secrets).all())
    database.in_same_transaction(SecurityEvent, end_with_ways_in)
    database.in_same_transaction(AccountClosed, end_all)
    database.in_same_transaction(SignedOutEverywhere, end_all)
