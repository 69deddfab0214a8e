"""Delivers events to endpoints: the job of one endpoint at a time, in one process."""

import asyncio
import logging
from time import monotonic
from typing import Any

from echosphere.bots import ResponseTokens
from echosphere.core.clock import SECOND
from echosphere.core.encryption import SealedWithAnotherKeyError, Sealer
from echosphere.core.text import strip_invisible
from echosphere.database import Database
from echosphere.endpoints.answers import take_answer
from echosphere.endpoints.endpoint import TEST
from echosphere.endpoints.note import (
    EVENT_GONE,
    SECRET_LOST,
    BeginAgainNow,
    NoteAttempt,
    Outcome,
    RestEndpoint,
    SkipEvents,
)
from echosphere.endpoints.plan import Attempt, BeginAgain, SentEvent, Skip, Wait, next_step
from echosphere.endpoints.schedule import parse_retry_after
from echosphere.endpoints.signature import signed_headers
from echosphere.endpoints.targets import Targets
from echosphere.http_client import (
    FairQueue,
    ForbiddenAddressError,
    HttpClientError,
    Response,
    TimedOutError,
    parse_url,
)

MAX_RUNNING = 32
MAX_PER_OWNER = 4
MAX_PER_HOST = 8
MAX_WAITING_PER_OWNER = 8
"""More would block the jobs that wait for them; they come again."""

COME_AGAIN = 2 * SECOND
"""Milliseconds after which they do."""

MAX_STEPS = 50
"""Of one job; then it leaves its place to others."""

SHOWN = 200
"""Characters of an answer that are kept."""

REFUSED = "refused"
REDIRECT = "redirect"
TIMED_OUT = "timed_out"
UNREACHABLE = "unreachable"
FORBIDDEN = "forbidden_address"
ANSWER = "answer"
"""Errors of deliveries; the last one is of a reply that could not be posted."""

TOO_LONG = "The answer is larger than 64 KiB and was not read."
UNREADABLE = "The answer is compressed in an unsupported way and was not read."

log = logging.getLogger(__name__)


class Deliverer:
    """Sends what is due to one endpoint, one event after the other.

    Args:
        database: Holds endpoints, events and deliveries.
        targets: Sends requests.
        sealer: Opens the secrets of endpoints.
        tokens: Say where commands and presses are answered.
    """

    def __init__(
        self, database: Database, targets: Targets, sealer: Sealer, tokens: ResponseTokens
    ) -> None:
        self._database = database
        self._targets = targets
        self._sealer = sealer
        self._tokens = tokens
        self._queue = FairQueue(MAX_RUNNING, MAX_PER_OWNER, MAX_PER_HOST)

    async def deliver(self, payload: dict[str, Any]) -> None:
        """Run the job of an endpoint: what is due is sent, and how that went is noted before the next."""
        endpoint, turn = payload["endpoint"], payload["turn"]
        for _ in range(MAX_STEPS):
            step = await self._database.read(next_step, endpoint, turn, self._tokens)
            match step:
                case Attempt():
                    if self._queue.waiting_for(step.owner) >= MAX_WAITING_PER_OWNER:
                        await self._database.write(RestEndpoint(endpoint, turn, COME_AGAIN))
                        return
                    await self._attempt_in_turn(step, turn)
                case Skip(position):
                    await self._database.write(SkipEvents(endpoint, turn, position))
                case BeginAgain():
                    await self._database.write(BeginAgainNow(endpoint, turn))
                case Wait():
                    break
                case None:
                    return
        await self._database.write(RestEndpoint(endpoint, turn))

    async def _attempt_in_turn(self, attempt: Attempt, turn: int) -> None:
        host = parse_url(attempt.endpoint.url).host
        async with self._queue.slot(attempt.owner, host) as has_waited:
            if has_waited:
                # A message may have been deleted meanwhile, or the bot may have left.
                now = await self._database.read(next_step, attempt.endpoint.id, turn, self._tokens)
                if not (isinstance(now, Attempt) and now.endpoint.url == attempt.endpoint.url):
                    return
                attempt = now
            await self._attempt(attempt, turn)

    async def _attempt(self, attempt: Attempt, turn: int) -> None:
        if attempt.event is None:
            outcome = Outcome(error=EVENT_GONE)
        else:
            outcome = await self._send(attempt, attempt.event)
        endpoint, delivery = attempt.endpoint.id, attempt.delivery
        await self._database.write(NoteAttempt(endpoint, turn, delivery, attempt.is_new, outcome))

    async def _send(self, attempt: Attempt, event: SentEvent) -> Outcome:
        url, now = attempt.endpoint.url, self._database.clock()
        try:
            secrets = await asyncio.to_thread(self._open_secrets, attempt, now)
        except SealedWithAnotherKeyError:
            return Outcome(error=SECRET_LOST)
        began = monotonic()
        seconds = self._database.clock() // SECOND
        headers = signed_headers(attempt.delivery.event, seconds, event.body, secrets)
        headers["Content-Type"] = "application/json"
        try:
            response = await self._targets.post(url, event.body, headers)
        except HttpClientError as error:
            return _without_answer(error, _milliseconds_since(began))
        duration = _milliseconds_since(began)
        return await self._outcome(attempt, response, duration)

    def _open_secrets(self, attempt: Attempt, now: int) -> list[str]:
        """Return what signs; in a thread, since the first use loads a large module."""
        endpoint = attempt.endpoint
        return [self._sealer.open(endpoint.id, one)[0] for one in endpoint.secrets_at(now)]

    async def _outcome(self, attempt: Attempt, response: Response, duration: int) -> Outcome:
        status = response.status
        if not 200 <= status < 300:
            return Outcome(
                status,
                REDIRECT if 300 <= status < 400 else REFUSED,
                _beginning_of(response),
                duration,
                parse_retry_after(response.headers.get("retry-after", ""), self._database.clock()),
            )
        if attempt.delivery.type == TEST:
            return Outcome(status, "", _beginning_of(response), duration)
        if not (response.is_complete and response.is_readable):
            problem = UNREADABLE if response.is_complete else TOO_LONG
            return Outcome(status, ANSWER, problem, duration)
        # What a success says is not kept: a reply is a message, and must be deleted with it.
        taken = await take_answer(self._database, attempt, response.body)
        error = ANSWER if taken.problem else ""
        return Outcome(status, error, _shown(taken.problem), duration, 0, taken.seq)


def _without_answer(error: HttpClientError, duration: int) -> Outcome:
    log.info("An endpoint is not responding: %s", error)
    if isinstance(error, ForbiddenAddressError):
        word = FORBIDDEN
    else:
        word = TIMED_OUT if isinstance(error, TimedOutError) else UNREACHABLE
    return Outcome(None, word, _shown(str(error)), duration)


def _beginning_of(response: Response) -> str:
    return _shown(response.body[: SHOWN * 4].decode("utf-8", "replace"))


def _shown(text: str) -> str:
    """Return the beginning of a text; it may quote what the endpoint sent, with whatever is in it."""
    return strip_invisible(text)[:SHOWN]


def _milliseconds_since(began: float) -> int:
    return round((monotonic() - began) * 1000)
