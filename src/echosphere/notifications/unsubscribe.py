"""Ends the mails to a person by a link in each of them, without signing in."""

import hashlib
import hmac

from echosphere.accounts import change_setting
from echosphere.core.errors import NotFound
from echosphere.database import Transaction
from echosphere.notifications.vapid import to_base64url

PURPOSE = b"unsubscribe from the digest:"


class Unsubscribing:
    """Makes and reads the links; each is good for one person and this one purpose, for ever.

    Args:
        secret: The instance's secret key.
        base_url: Of this instance.
    """

    def __init__(self, secret: str, base_url: str) -> None:
        self._secret = secret.encode()
        self._base_url = base_url

    def link_for(self, user: str) -> str:
        """Return the link that ends the mails to a person."""
        return f"{self._base_url}/unsubscribe/{user}.{self._signature(user)}"

    def user_of(self, token: str) -> str:
        """Return whose link it is.

        Raises:
            NotFound: It is none of ours.
        """
        user, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(user).encode()):
            raise NotFound("There is no such link.")
        return user

    def _signature(self, user: str) -> str:
        said = PURPOSE + user.encode()
        return to_base64url(hmac.new(self._secret, said, hashlib.sha256).digest())


def end_digest(transaction: Transaction, user: str) -> None:
    """Send a person no more digests; doing it twice changes nothing."""
    change_setting(transaction, user, "digest", value=False)
