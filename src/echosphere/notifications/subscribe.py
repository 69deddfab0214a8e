"""Subscribes browsers to notifications that arrive while EchoSphere is closed."""

from ipaddress import ip_address

from echosphere.accounts import active_sessions
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Invalid, NotFound, Unauthorized
from echosphere.core.ids import new_id
from echosphere.database import Command, Transaction
from echosphere.http_client import ForbiddenAddressError, TargetUrl, is_public_address, parse_url
from echosphere.notifications import store
from echosphere.notifications.notify import TEST
from echosphere.notifications.store import Subscription
from echosphere.notifications.vapid import from_base64url
from echosphere.notifications.wire import Subscribe

MAX_SUBSCRIPTIONS = 10
"""Subscriptions of one user; one more replaces the oldest."""

AUTH_BYTES = 16
"""Length of a browser's authentication secret."""


def check_endpoint(endpoint: str, *, allow_private: bool) -> None:
    """Refuse a URL that cannot be that of a push service.

    Args:
        endpoint: The URL to which push messages are sent.
        allow_private: Whether private addresses and plain HTTP are allowed; for development only.

    Raises:
        Invalid: It is not an HTTPS URL with a public host.
    """
    try:
        url = parse_url(endpoint)
    except ForbiddenAddressError:
        url = None
    if url is None or not (allow_private or _is_public_https(url)):
        problem = "must be the https:// address of a push service"
        raise Invalid(f"The endpoint {problem}.", fields={"endpoint": problem})


def check_keys(p256dh: str, auth: str) -> None:
    """Refuse keys that cannot be used for encryption.

    Raises:
        Invalid: Names the wrong one.
    """
    from echosphere.notifications.webpush import is_public_key  # noqa: PLC0415 - cryptography takes 8 MB; most servers need it late

    if not is_public_key(_bytes(p256dh)):
        problem = "must be an uncompressed point of P-256 in base64url"
        raise Invalid(f"The key 'p256dh' {problem}.", fields={"keys.p256dh": problem})
    if len(_bytes(auth)) != AUTH_BYTES:
        problem = f"must be {AUTH_BYTES} bytes in base64url"
        raise Invalid(f"The key 'auth' {problem}.", fields={"keys.auth": problem})


class AddSubscription(Command[str]):
    """Store a subscription that ends with the caller's session; return its id.

    Raises:
        Unauthorized: The session has just ended.
    """

    caller: Caller
    call: Subscribe

    def run(self, transaction: Transaction) -> str:
        """Store it."""
        if not active_sessions(transaction, [self.caller.session_id]):
            raise Unauthorized("Sign in first.")
        subscription = Subscription(
            new_id(),
            self.caller.user_id,
            self.caller.session_id,
            self.call.endpoint,
            self.call.keys.p256dh,
            self.call.keys.auth,
        )
        store.put_subscription(transaction, subscription)
        store.remove_oldest_subscriptions(transaction, self.caller.user_id, MAX_SUBSCRIPTIONS)
        return subscription.id


class RemoveOwnSubscription(Command[None]):
    """Remove one of the caller's subscriptions.

    Raises:
        NotFound: The caller has no such subscription.
    """

    caller: Caller
    subscription: str

    def run(self, transaction: Transaction) -> None:
        """Remove it."""
        if not store.remove_subscription(transaction, self.subscription, self.caller.user_id):
            raise NotFound("Subscription not found.")


class EnqueueTestPush(Command[None]):
    """Enqueue a test notification for the caller's browsers.

    Raises:
        Conflict: None has a subscription.
    """

    caller: Caller

    def run(self, transaction: Transaction) -> None:
        """Enqueue it."""
        if not store.subscriptions_of(transaction, [self.caller.user_id]):
            raise Conflict("None of your devices has asked for notifications. Turn them on first.")
        transaction.enqueue(TEST, {"user": self.caller.user_id})


def _is_public_https(url: TargetUrl) -> bool:
    if url.scheme != "https" or url.port != 443:
        return False
    try:
        ip_address(url.host)
    except ValueError:  # a host name: its addresses are checked with each request
        return "." in url.host
    return is_public_address(url.host)


def _bytes(given: str) -> bytes:
    try:
        return from_base64url(given)
    except ValueError:
        return b""
