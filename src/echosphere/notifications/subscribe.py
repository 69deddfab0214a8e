"""Takes in a browser that wants to be told while EchoSphere is closed."""

from ipaddress import ip_address

from echosphere.accounts import living_sessions
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Invalid, NotFound, Unauthorized
from echosphere.core.ids import new_id
from echosphere.database import Transaction
from echosphere.http_client import ForbiddenAddressError, TargetUrl, is_public_address, parse_url
from echosphere.notifications import store
from echosphere.notifications.notify import TEST
from echosphere.notifications.sealing import AUTH_BYTES, sealing
from echosphere.notifications.store import Subscription
from echosphere.notifications.vapid import from_base64url
from echosphere.notifications.wire import Subscribe

MAX_SUBSCRIPTIONS = 10
"""Browsers of one person; one more replaces the oldest."""


def check_endpoint(endpoint: str, *, allow_private: bool) -> None:
    """Refuse an address that is none of a push service.

    Args:
        endpoint: Where the browser wants messages to be sent.
        allow_private: Whether inner addresses and plain HTTP are allowed; for development only.

    Raises:
        Invalid: It is not an HTTPS address on the internet.
    """
    try:
        place = parse_url(endpoint)
    except ForbiddenAddressError:
        place = None
    if place is None or not (allow_private or _is_usual(place)):
        problem = "must be the https:// address of a push service"
        raise Invalid(f"The endpoint {problem}.", fields={"endpoint": problem})


def check_keys(p256dh: str, auth: str) -> None:
    """Refuse keys that nothing can be encrypted with.

    Raises:
        Invalid: Names the one that does not fit.
    """
    if not sealing().is_point(_bytes(p256dh)):
        problem = "must be an uncompressed point of P-256 in base64url"
        raise Invalid(f"The key 'p256dh' {problem}.", fields={"keys.p256dh": problem})
    if len(_bytes(auth)) != AUTH_BYTES:
        problem = f"must be {AUTH_BYTES} bytes in base64url"
        raise Invalid(f"The key 'auth' {problem}.", fields={"keys.auth": problem})


def subscribe(transaction: Transaction, caller: Caller, wish: Subscribe) -> str:
    """Store a subscription that lives as long as the caller's session; return its id.

    Raises:
        Unauthorized: The session ended a moment ago.
    """
    if not living_sessions(transaction, [caller.session_id]):
        raise Unauthorized("Sign in first.")
    subscription = Subscription(
        new_id(), caller.user_id, caller.session_id, wish.endpoint, wish.keys.p256dh, wish.keys.auth
    )
    store.put_subscription(transaction, subscription)
    store.keep_newest(transaction, caller.user_id, MAX_SUBSCRIPTIONS)
    return subscription.id


def unsubscribe(transaction: Transaction, caller: Caller, subscription: str) -> None:
    """Remove one of the caller's subscriptions.

    Raises:
        NotFound: The caller has no such subscription.
    """
    if not store.remove_subscription(transaction, subscription, caller.user_id):
        raise NotFound("There is no such subscription.")


def ask_for_test(transaction: Transaction, caller: Caller) -> None:
    """Have the caller's browsers told that they can be told.

    Raises:
        Conflict: There is none.
    """
    if not store.subscriptions_of(transaction, [caller.user_id]):
        raise Conflict("None of your devices has asked for notifications. Turn them on first.")
    transaction.enqueue(TEST, {"user": caller.user_id})


def _is_usual(place: TargetUrl) -> bool:
    if place.scheme != "https" or place.port != 443:
        return False
    try:
        ip_address(place.host)
    except ValueError:  # a name: what it stands for is checked each time
        return "." in place.host
    return is_public_address(place.host)


def _bytes(given: str) -> bytes:
    try:
        return from_base64url(given)
    except ValueError:
        return b""
