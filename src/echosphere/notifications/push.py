"""Hands notifications to the push services of browsers."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping
from enum import Enum
from time import monotonic
from typing import Any

from echosphere.core.clock import DAY, Clock
from echosphere.http_client import (
    FairQueue,
    ForbiddenAddressError,
    HttpClientError,
    SafeHttpClient,
    parse_url,
)
from echosphere.notifications.sealing import sealing
from echosphere.notifications.silence import Silence
from echosphere.notifications.store import Subscription
from echosphere.notifications.vapid import Vapid, from_base64url, to_base64url

AT_ONCE = 32
OF_A_PERSON = 2
OF_A_HOST = 16
"""Most people's browsers have one of three push services."""

MAX_WAITING_PER_USER = 4
"""More than these would hold the jobs that wait for them; they are tried again later."""

SECONDS = 10.0
SLOW = 3.0
"""Seconds after which an answer is taken, and its service left alone like one that is silent: all
wait for the same few places, and anybody can name one that answers just in time."""

KEPT_FOR = DAY // 1000
"""Seconds for which a push service keeps a message for a device that is off."""

MAX_ANSWER = 4_096
GONE = (404, 410)
BUSY = 429

log = logging.getLogger(__name__)


class Delivery(Enum):
    """What became of one push message."""

    TAKEN = "taken"
    GONE = "gone"  # the subscription is over
    LATER = "later"  # the push service is busy or away
    REFUSED = "refused"  # and will be again


class Pusher:
    """Sends to subscriptions.

    Args:
        http_client: Sends requests to push services.
        vapid: Signs in the name of this instance.
        clock: The server's time.
    """

    def __init__(self, http_client: SafeHttpClient, vapid: Vapid, clock: Clock) -> None:
        self._http_client = http_client
        self._vapid = vapid
        self._clock = clock
        self._queue = FairQueue(AT_ONCE, OF_A_PERSON, OF_A_HOST)
        self._silence = Silence(clock)

    async def push(
        self, to: Subscription, notification: Mapping[str, Any], *, again: bool = False
    ) -> Delivery:
        """Send one notification to one browser.

        Args:
            to: The browser.
            notification: What it is told.
            again: Whether this was tried before: it has its room among those that wait.
        """
        try:
            content = json.dumps(notification, ensure_ascii=False, separators=(",", ":"))
            auth = from_base64url(to.auth)
            seal = (await asyncio.to_thread(sealing)).encrypt
            body = seal(content.encode(), from_base64url(to.p256dh), auth)
            headers = self._headers(to, auth, str(notification["tag"]))
            if self._queue.waiting_for(to.user) >= MAX_WAITING_PER_USER:
                return self._later(to, again=again)
            async with self._queue.slot(to.user, parse_url(to.endpoint).host):
                if self._silence.holds(to.endpoint):
                    return self._later(to, again=again)
                began = monotonic()
                answer = await self._http_client.post(
                    to.endpoint, body, headers, max_bytes=MAX_ANSWER, timeout_seconds=SECONDS
                )
                is_slow = monotonic() - began >= SLOW
        except (ForbiddenAddressError, ValueError) as error:
            log.warning("A push subscription cannot be used: %s", error)
            return Delivery.REFUSED
        except HttpClientError as error:
            log.info("A push service does not answer: %s", error)
            self._silence.begin(to.endpoint)
            return Delivery.LATER
        delivery = _delivery(answer.status)
        if delivery is Delivery.LATER:
            return self._later(to, again=again)
        if is_slow:
            self._silence.begin(to.endpoint)
        else:
            self._silence.end(to.endpoint)
        return delivery

    def _later(self, to: Subscription, *, again: bool) -> Delivery:
        """A service that always says that it is busy is told no more than one that is silent."""
        waits = again or self._silence.has_room(to.endpoint)
        return Delivery.LATER if waits else Delivery.REFUSED

    def _headers(self, to: Subscription, auth: bytes, tag: str) -> dict[str, str]:
        # A device that was off needs only the newest of each conversation. The service does not
        # learn which one it is: another subscription gives it another name.
        topic = to_base64url(hashlib.sha256(auth + tag.encode()).digest()[:24])
        return {
            "Authorization": self._vapid.header(parse_url(to.endpoint).origin, self._clock()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_FOR),
            "Topic": topic,
            "Urgency": "high",
        }


def _delivery(status: int) -> Delivery:
    if 200 <= status < 300:
        return Delivery.TAKEN
    if status in GONE:
        return Delivery.GONE
    if status == BUSY or status >= 500:
        return Delivery.LATER
    log.warning("A push service refused a message with status %d", status)
    return Delivery.REFUSED
