"""Turns off e-mail digests by a signed link, without signing in."""

import hashlib
import hmac

from echosphere.accounts import change_setting
from echosphere.core.errors import NotFound
from echosphere.database import Command, Transaction
from echosphere.notifications.vapid import to_base64url

PURPOSE = b"unsubscribe from the digest:"


class UnsubscribeLinks:
    """Signs and verifies the links; each is valid for one user and never expires.

    Args:
        secret: The instance's secret key.
        base_url: Of this instance.
    """

    def __init__(self, secret: str, base_url: str) -> None:
        self._secret = secret.encode()
        self._base_url = base_url

    def link_for(self, user: str) -> str:
        """Return the link that turns off a user's digest."""
        return f"{self._base_url}/unsubscribe/{user}.{self._signature(user)}"

    def user_of(self, token: str) -> str:
        """Return the user id of a token.

        Raises:
            NotFound: The signature is wrong.
        """
        user, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(user).encode()):
            raise NotFound("Link not found.")
        return user

    def _signature(self, user: str) -> str:
        message = PURPOSE + user.encode()
        return to_base64url(hmac.new(self._secret, message, hashlib.sha256).digest())


class EndDigest(Command[None]):
    """Turn off a user's digest; idempotent."""

    user: str

    def run(self, transaction: Transaction) -> None:
        """Turn it off."""
        change_setting(transaction, self.user, "digest", value=False)
