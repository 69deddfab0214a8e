"""Finds out whom new reports concern who decide them, once in a span of time."""

from echosphere.accounts import Action, who_may
from echosphere.core.clock import MINUTE
from echosphere.database import Snapshot, Transaction
from echosphere.moderation import store

SPAN = 3 * MINUTE
"""Milliseconds; however many reports arrive within, those who decide them are told once."""


def begins_span(transaction: Transaction) -> int | None:
    """Return when the span of a report that was just stored began, if it is the first in it."""
    store.lock_reports(transaction)
    began = transaction.now - transaction.now % SPAN
    count = store.count_reports_between(transaction, began, began + SPAN)
    return began if count == 1 else None


def deciders_of(snapshot: Snapshot, began: int) -> frozenset[str]:
    """Return who is to be told of the reports of a span that wait: none of their own, or of themselves."""
    found = store.open_reports_between(snapshot, began, began + SPAN)
    deciders = who_may(snapshot, Action.SEE_REPORTS)
    return frozenset(one for one in deciders if any(one not in parties for parties in found))
