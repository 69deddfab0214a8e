"""Notes how an attempt went, and what that means for its endpoint."""

import msgspec

from echosphere.accounts import find_bot, settings_of
from echosphere.announcements import announce_to
from echosphere.audit import COMMAND_LINE
from echosphere.bots import RESPONSE_TOKENS, Position, current_position, ensure_log
from echosphere.core.clock import MINUTE
from echosphere.database import Command, Transaction
from echosphere.endpoints import store
from echosphere.endpoints.endpoint import GIVEN_UP, TEST, Delivery, Disabled, Endpoint, State
from echosphere.endpoints.plan import Wait, plan
from echosphere.endpoints.schedule import (
    GIVE_UP,
    RECOVERED,
    failing_since_after,
    wait_after,
)
from echosphere.i18n import translate

DELIVER = "endpoints.deliver"
"""The job that delivers what is due to one endpoint: `{endpoint, turn}`."""

JOB_WITHIN = 3 * MINUTE
"""Milliseconds: what is due later is found by the sweep, so that jobs do not pile up."""

EVENT_GONE = "event_gone"
RESTORED = "restored"
DISABLED = "disabled"
SECRET_LOST = "secret_lost"  # noqa: S105 - a word, no secret
"""Errors of deliveries, beside those of `deliver.py`."""


class Outcome(msgspec.Struct, frozen=True):
    """How an attempt went.

    Attributes:
        status: Of the answer; None if there was none.
        error: What went wrong, as a word; empty for nothing.
        answer: The beginning of an answer that was no success, or what was wrong with it.
        duration: Milliseconds until the answer; None if nothing was sent.
        retry_after: Milliseconds for which the endpoint wants to be left alone.
        reply_seq: The message that the answer became.
    """

    status: int | None = None
    error: str = ""
    answer: str = ""
    duration: int | None = None
    retry_after: int = 0
    reply_seq: int | None = None

    @property
    def is_success(self) -> bool:
        """Whether the endpoint has taken the event."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def says_nothing(self) -> bool:
        """Whether the endpoint was not asked."""
        return self.error in (EVENT_GONE, SECRET_LOST)


class NoteAttempt(Command[None], own_transaction=True):
    """Store how an attempt went, unless another job has taken the place of this one.

    Attributes:
        delivery: As it was before the attempt.
        is_new: Whether it is not stored yet.
    """

    endpoint: str
    turn: int
    delivery: Delivery
    is_new: bool
    outcome: Outcome

    def run(self, transaction: Transaction) -> None:
        """Store it."""
        endpoint = store.lock_endpoint(transaction, self.endpoint)
        if endpoint is None or endpoint.turn != self.turn:
            return
        paused_until = endpoint.paused_until or 0
        delivery = _after(self.delivery, self.outcome, transaction.now, paused_until)
        endpoint = _without_time_off(endpoint, transaction)
        if not self.is_new:
            store.save_delivery(transaction, delivery)
        else:
            store.insert_delivery(transaction, delivery)
            if delivery.position is not None and delivery.position > endpoint.position:
                store.advance(transaction, endpoint.id, delivery.position)
        _draw_conclusions(transaction, endpoint, delivery, self.outcome)


class SkipEvents(Command[None], own_transaction=True):
    """Pass what an endpoint does not want, or may not see any more."""

    endpoint: str
    turn: int
    position: Position

    def run(self, transaction: Transaction) -> None:
        """Pass it."""
        endpoint = store.lock_endpoint(transaction, self.endpoint)
        if endpoint is not None and endpoint.turn == self.turn:
            store.advance(transaction, endpoint.id, self.position)


class BeginAgainNow(Command[None], own_transaction=True):
    """Have an endpoint go on in another log, which has only what happened since a restore, or a move.

    What waited in the one before is given up: nobody knows what was sent since the backup was made.
    """

    endpoint: str
    turn: int

    def run(self, transaction: Transaction) -> None:
        """Begin."""
        endpoint = store.lock_endpoint(transaction, self.endpoint)
        if endpoint is not None and endpoint.turn == self.turn:
            _begin_at(transaction, endpoint.id, Position(0, 0))
            store.give_up_all(transaction, endpoint.id, RESTORED)


class RestEndpoint(Command[None], own_transaction=True):
    """End a job: have the next one come when there is something to do.

    The state is read behind the lock, so whatever happens later finds the endpoint at rest and wakes it.

    Attributes:
        later: Milliseconds after which it goes on in any case; None for when it has something to do.
    """

    endpoint: str
    turn: int
    later: int | None = None

    def run(self, transaction: Transaction) -> None:
        """End it."""
        endpoint = store.lock_endpoint(transaction, self.endpoint)
        if endpoint is None or endpoint.turn != self.turn or endpoint.disabled_at is not None:
            return
        now, tokens = transaction.now, RESPONSE_TOKENS.of(transaction)
        later = None if self.later is None else Wait(now + self.later)
        step = later or plan(transaction, endpoint, tokens)
        wait = step if isinstance(step, Wait) else Wait(now)
        if wait.until is not None and wait.until - now <= JOB_WITHIN:
            _enqueue(transaction, endpoint.id, wait.until, held=wait.held)
        else:
            store.rest(transaction, endpoint.id, held=wait.held)


class WakeEndpoints(Command[None], own_transaction=True):
    """Have endpoints do what there is to do now, unless they are at it.

    Whether they are is asked behind the lock: a job that ends just now may have looked before the event
    was there.

    Attributes:
        endpoints: Their ids, sorted.
        for_new: There are new events, for which some endpoints have no time yet.
        overdue: A job that was due before this, in milliseconds, has died.
    """

    endpoints: tuple[str, ...]
    for_new: bool = False
    overdue: int = 0

    def run(self, transaction: Transaction) -> None:
        """Wake them."""
        for one in self.endpoints:
            endpoint = store.lock_endpoint(transaction, one)
            if endpoint is not None and (not self.for_new or endpoint.takes_new(transaction.now)):
                wake(transaction, endpoint, self.overdue)


def wake(transaction: Transaction, endpoint: Endpoint, overdue: int = 0) -> None:
    """Have a locked endpoint do what there is to do now, unless it is at it."""
    due_at = endpoint.due_at
    if due_at is None or due_at > transaction.now or due_at < overdue:
        _enqueue(transaction, endpoint.id, transaction.now, held=endpoint.held)


def start_over(transaction: Transaction, endpoint: Endpoint) -> None:
    """Have a locked endpoint do what there is to do now, and ignore how what it is at goes."""
    _enqueue(transaction, endpoint.id, transaction.now, held=endpoint.held)


def begin_now(transaction: Transaction, endpoint: str) -> None:
    """Have an endpoint hear of what happens from now on, as if nothing had gone wrong."""
    _begin_at(transaction, endpoint, current_position(transaction))


def _begin_at(transaction: Transaction, endpoint: str, position: Position) -> None:
    store.update_endpoint(
        transaction,
        endpoint,
        log=ensure_log(transaction),
        txid=position.txid,
        number=position.number,
        failing_since=None,
        paused_until=None,
        held=False,
    )


def disable(transaction: Transaction, endpoint: Endpoint, why: Disabled) -> None:
    """Send nothing more to a locked endpoint; what waits is given up."""
    store.update_endpoint(
        transaction,
        endpoint.id,
        disabled_at=transaction.now,
        disabled_why=why.value,
        due_at=None,
        turn=endpoint.turn + 1,
        paused_until=None,
        held=False,
    )
    store.give_up_all(transaction, endpoint.id, DISABLED)
    if why in GIVEN_UP:
        _tell_owner(transaction, endpoint, why)


def _tell_owner(transaction: Transaction, endpoint: Endpoint, why: Disabled) -> None:
    bot = find_bot(transaction, endpoint.bot)
    if bot is not None:
        language = settings_of(transaction, bot.owner).language
        text = translate(language, _sentence(why, endpoint.url, bot.name))
        announce_to(transaction, bot.owner, COMMAND_LINE.id, text)


def _sentence(why: Disabled, url: str, bot: str) -> str:
    if why is Disabled.GONE:
        return f"The endpoint {url!r} of your bot {bot!r} answered that it no longer exists, and was disabled."
    if why is Disabled.FAILING:
        return f"The endpoint {url!r} of your bot {bot!r} failed for a day, and was disabled."
    return (
        f"The endpoint {url!r} of your bot {bot!r} was disabled, because the server's secret key"
        " has changed. Create a new secret."
    )


def _enqueue(transaction: Transaction, endpoint: str, due_at: int, *, held: bool) -> None:
    turn = store.schedule(transaction, endpoint, due_at, held=held)
    if turn is not None:
        payload = {"endpoint": endpoint, "turn": turn}
        transaction.enqueue(DELIVER, payload, after=max(0, due_at - transaction.now))


def _after(before: Delivery, outcome: Outcome, now: int, paused_until: int) -> Delivery:
    """Return a delivery after an attempt."""
    attempts = before.attempts + 1
    wait = None
    if not (outcome.is_success or outcome.says_nothing or before.type == TEST):
        wait = wait_after(attempts, outcome.retry_after)
    next_at = None if wait is None else max(now + wait, paused_until)
    state = State.DELIVERED if outcome.is_success else State.WAITING if wait else State.FAILED
    return before._replace(
        state=state.value,
        attempts=attempts,
        tried_at=now,
        status=outcome.status,
        error=outcome.error,
        answer=outcome.answer,
        duration=outcome.duration,
        next_at=next_at,
        reply_seq=outcome.reply_seq if outcome.reply_seq is not None else before.reply_seq,
    )


def _without_time_off(endpoint: Endpoint, transaction: Transaction) -> Endpoint:
    """Return an endpoint as it is before an attempt is stored, without the time in which none was made.

    A server that is off, or an owner who is kept out, says nothing about the endpoint.
    """
    since, now = endpoint.failing_since, transaction.now
    if since is None:
        return endpoint
    waiting = store.waiting(transaction, endpoint.id)
    if waiting.first is None:
        return endpoint
    due = max(waiting.first, waiting.last_tried or 0, endpoint.paused_until or 0, since)
    return endpoint._replace(failing_since=failing_since_after(since, now - due, now))


def _draw_conclusions(
    transaction: Transaction, endpoint: Endpoint, delivery: Delivery, outcome: Outcome
) -> None:
    """Store what an attempt says about its endpoint: it works, it fails, or is to be left alone."""
    if outcome.is_success:
        _note_success(transaction, endpoint)
    elif outcome.status == 410:
        disable(transaction, endpoint, Disabled.GONE)
    elif outcome.error == SECRET_LOST:
        disable(transaction, endpoint, Disabled.SECRET)
    elif outcome.error == EVENT_GONE or delivery.type == TEST:
        since = _still_failing(transaction, endpoint, endpoint.failing_since)
        store.update_endpoint(transaction, endpoint.id, failing_since=since)
    else:
        _note_failure(transaction, endpoint, outcome)


def _note_success(transaction: Transaction, endpoint: Endpoint) -> None:
    since = endpoint.failing_since
    if since is None:
        return
    store.update_endpoint(transaction, endpoint.id, failing_since=None)
    if transaction.now - since >= RECOVERED:
        store.retry_all(transaction, endpoint.id, max(transaction.now, endpoint.paused_until or 0))


def _note_failure(transaction: Transaction, endpoint: Endpoint, outcome: Outcome) -> None:
    now = transaction.now
    since = now if endpoint.failing_since is None else endpoint.failing_since
    if now - since >= GIVE_UP:
        disable(transaction, endpoint, Disabled.FAILING)
        return
    pause = now + outcome.retry_after if outcome.retry_after else endpoint.paused_until
    if pause is not None:
        store.hold_back(transaction, endpoint.id, pause)
    still = _still_failing(transaction, endpoint, since)
    store.update_endpoint(transaction, endpoint.id, failing_since=still, paused_until=pause)


def _still_failing(transaction: Transaction, endpoint: Endpoint, since: int | None) -> int | None:
    """Return since when an endpoint fails; None if nothing is tried again.

    Else a day without events would count as a day of failures.
    """
    if since is None:
        return None
    return since if store.waiting(transaction, endpoint.id).number else None
