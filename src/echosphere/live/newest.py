"""Sends a row once where one commit changed it several times."""

from collections.abc import Sequence
from dataclasses import replace

from echosphere.live.delivery import Delivery, ToMembers


def newest_rows(deliveries: Sequence[Delivery]) -> Sequence[Delivery]:
    """Return the deliveries of one commit without rows that a later one of them shows anew.

    A thousand people who react to one message at once would otherwise each be sent a thousand
    growing rows. No version is left out: a client would take that for a gap.
    """
    if not any(isinstance(one, ToMembers) and one.row is not None for one in deliveries):
        return deliveries
    shown: set[tuple[str, int]] = set()
    kept: list[Delivery] = []
    for one in reversed(deliveries):
        if isinstance(one, ToMembers) and one.row is not None:
            kept.append(_passed(one) if one.row in shown else one)
            shown.add(one.row)
        else:
            kept.append(one)
    kept.reverse()
    return kept


def _passed(delivery: ToMembers) -> ToMembers:
    if delivery.passed is None:
        return delivery
    event, payload = delivery.passed
    return replace(delivery, event=event, payload=payload)
