"""Keys with which programs act for a user, each limited to some scopes."""

from echosphere.api_keys.api_key import CREATION_RATE, REVOKED, ApiKey
from echosphere.api_keys.authenticate import active_credentials
from echosphere.api_keys.events import KeysEnded
from echosphere.api_keys.manage import (
    ENDS_KEYS,
    SECRETS,
    KeySecrets,
    add_key,
    end_keys_of,
    list_keys,
    remove_key,
)
from echosphere.api_keys.wire import CreatedKey, KeyShape, key_shape
from echosphere.api_keys.wiring import install

__all__ = [
    "CREATION_RATE",
    "ENDS_KEYS",
    "REVOKED",
    "SECRETS",
    "ApiKey",
    "CreatedKey",
    "KeySecrets",
    "KeyShape",
    "KeysEnded",
    "active_credentials",
    "add_key",
    "end_keys_of",
    "install",
    "key_shape",
    "list_keys",
    "remove_key",
]
