"""Sends a row once if one commit changed it several times."""

from collections.abc import Sequence

import msgspec

from echosphere.realtime.delivery.deliveries import Delivery, ToMembers


def coalesce_updates(deliveries: Sequence[Delivery]) -> Sequence[Delivery]:
    """Return the deliveries of one commit without rows that a later one replaces.

    If a thousand users reacted to one message at once, each would otherwise be sent a thousand
    growing rows. No version is left out: a client would take that for a gap.
    """
    if not any(isinstance(one, ToMembers) and one.row is not None for one in deliveries):
        return deliveries
    shown: set[tuple[str, int]] = set()
    kept: list[Delivery] = []
    for one in reversed(deliveries):
        if isinstance(one, ToMembers) and one.row is not None:
            kept.append(_only_version(one) if one.row in shown else one)
            shown.add(one.row)
        else:
            kept.append(one)
    kept.reverse()
    return kept


def _only_version(delivery: ToMembers) -> ToMembers:
    if delivery.version_only is None:
        return delivery
    event, payload = delivery.version_only
    return msgspec.structs.replace(delivery, event=event, payload=payload)
