"""Signing in with OpenID Connect: at a service that knows who people are, instead of a password."""

from echosphere.openid_connect.checkup import check_provider
from echosphere.openid_connect.wiring import install

__all__ = ["check_provider", "install"]
