"""Keys with which programs act for a user, each limited to some scopes."""

from echosphere.api_keys.wiring import install

__all__ = ["install"]
