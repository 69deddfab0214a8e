"""Signing in with OpenID Connect: at a service that knows who people are, instead of a password."""

from echosphere.openid_connect.checkup import check_provider
from echosphere.openid_connect.link import has_way_in
from echosphere.openid_connect.services import services_of, unlink, ways_in
from echosphere.openid_connect.wire import SignInService
from echosphere.openid_connect.wiring import install

__all__ = [
    "SignInService",
    "check_provider",
    "has_way_in",
    "install",
    "services_of",
    "unlink",
    "ways_in",
]
