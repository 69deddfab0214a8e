"""How often Python's garbage collector runs."""

import gc

YOUNG_OBJECTS = 10_000
"""Objects after which Python looks for cycles among the new ones.

Its own 700 are fewer than a batch of messages has in flight: they were all looked at, and kept,
several times a batch.
"""


def settle_collector() -> None:
    """Set the collector up for a process that has just started and will serve for long."""
    gc.collect()
    gc.freeze()  # what lives until the end need not be looked at again
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
