"""Sends notifications to the push services of browsers."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping
from enum import Enum
from time import monotonic
from typing import Any

from echosphere.core.clock import DAY, SECOND, Clock
from echosphere.http_client import (
    FairQueue,
    ForbiddenAddressError,
    HttpClientError,
    SafeHttpClient,
    parse_url,
)
from echosphere.notifications.backoff import EndpointBackoff
from echosphere.notifications.store import Subscription
from echosphere.notifications.vapid import Vapid, from_base64url, to_base64url

MAX_RUNNING = 32
MAX_PER_USER = 2
MAX_PER_HOST = 16
"""Most browsers use one of three push services."""

MAX_WAITING_PER_USER = 4
"""More would block the jobs that wait for them; they are retried later."""

TIMEOUT_SECONDS = 10.0
SLOW_SECONDS = 3.0
"""A response that takes longer counts, but its service is backed off from like one that times out:
all share a few slots, and anyone can subscribe with a service that is slow on purpose."""

TTL_SECONDS = DAY // 1000
"""How long a push service keeps a message for a device that is offline."""

MAX_RESPONSE = 4_096
GONE = (404, 410)
TOO_MANY_REQUESTS = 429

log = logging.getLogger(__name__)


class Delivery(Enum):
    """The result of sending one push message."""

    ACCEPTED = "accepted"
    GONE = "gone"  # the subscription has ended
    RETRY = "retry"  # the push service is busy or unreachable
    REJECTED = "rejected"  # a retry would be rejected too


class PushSender:
    """Sends push messages to subscriptions.

    Args:
        http_client: Sends requests to push services.
        vapid: Signs requests.
        clock: The server's time.
    """

    def __init__(self, http_client: SafeHttpClient, vapid: Vapid, clock: Clock) -> None:
        self._http_client = http_client
        self._vapid = vapid
        self._clock = clock
        self._queue = FairQueue(MAX_RUNNING, MAX_PER_USER, MAX_PER_HOST)
        self._backoff = EndpointBackoff(clock)

    async def push(
        self, to: Subscription, notification: Mapping[str, Any], *, is_retry: bool = False
    ) -> Delivery:
        """Send one notification to one browser.

        Args:
            to: The browser's subscription.
            notification: The JSON object that the service worker receives.
            is_retry: Whether it already counts among the waiting messages.
        """
        try:
            content = json.dumps(notification, ensure_ascii=False, separators=(",", ":"))
            auth = from_base64url(to.auth)
            public_key = from_base64url(to.p256dh)
            body = await asyncio.to_thread(_encrypt, content.encode(), public_key, auth)
            headers = self._headers(to, auth, notification)
            if self._queue.waiting_for(to.user) >= MAX_WAITING_PER_USER:
                return self._retry_or_reject(to, is_retry=is_retry)
            async with self._queue.slot(to.user, parse_url(to.endpoint).host):
                if self._backoff.is_backing_off(to.endpoint):
                    return self._retry_or_reject(to, is_retry=is_retry)
                began = monotonic()
                response = await self._http_client.post(
                    to.endpoint,
                    body,
                    headers,
                    max_bytes=MAX_RESPONSE,
                    timeout_seconds=TIMEOUT_SECONDS,
                )
                is_slow = monotonic() - began >= SLOW_SECONDS
        except (ForbiddenAddressError, ValueError) as error:
            log.warning("A push subscription cannot be used: %s", error)
            return Delivery.REJECTED
        except HttpClientError as error:
            log.info("A push service is not responding: %s", error)
            self._backoff.record_failure(to.endpoint)
            return Delivery.RETRY
        delivery = _delivery(response.status)
        if delivery is Delivery.RETRY:
            return self._retry_or_reject(to, is_retry=is_retry)
        if is_slow:
            self._backoff.record_failure(to.endpoint)
        else:
            self._backoff.record_success(to.endpoint)
        return delivery

    def _retry_or_reject(self, to: Subscription, *, is_retry: bool) -> Delivery:
        """Limit how much waits for a service that is always busy, as for one that times out."""
        waits = is_retry or self._backoff.may_wait(to.endpoint)
        return Delivery.RETRY if waits else Delivery.REJECTED

    def _headers(
        self, to: Subscription, auth: bytes, notification: Mapping[str, Any]
    ) -> dict[str, str]:
        # A device that was offline needs only the newest message of each conversation. The hash
        # differs for each subscription, so the service cannot link conversations.
        topic = to_base64url(hashlib.sha256(auth + str(notification["tag"]).encode()).digest()[:24])
        return {
            "Authorization": self._vapid.authorization(
                parse_url(to.endpoint).origin, self._clock()
            ),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(self._seconds_to_live(notification.get("expires_at"))),
            "Topic": topic,
            "Urgency": "high",
        }

    def _seconds_to_live(self, expires_at: int | None) -> int:
        """Return how long a push service keeps a notification: never longer than its message lasts."""
        if expires_at is None:
            return TTL_SECONDS
        left: int = (expires_at - self._clock()) // SECOND
        return max(0, min(TTL_SECONDS, left))


def _encrypt(content: bytes, public_key: bytes, auth: bytes) -> bytes:
    from echosphere.notifications.webpush import encrypt  # noqa: PLC0415 - cryptography takes 8 MB; most servers need it late

    return encrypt(content, public_key, auth)


def _delivery(status: int) -> Delivery:
    if 200 <= status < 300:
        return Delivery.ACCEPTED
    if status in GONE:
        return Delivery.GONE
    if status == TOO_MANY_REQUESTS or status >= 500:
        return Delivery.RETRY
    log.warning("A push service rejected a message with status %d", status)
    return Delivery.REJECTED
