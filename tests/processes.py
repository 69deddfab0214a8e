"""Over how many processes the tests run: `TEST_PROCESSES`, and which tests stay with one, and why.

With more than one, each product that a test starts is so many on one PostgreSQL database, joined by NATS,
behind nginx with TLS, which spreads requests over them. Those of `Running` live on the loop of the test,
those of `Served` in processes of their own.
"""

import os

PROCESSES = int(os.environ.get("TEST_PROCESSES", "1"))
"""How many serve each product that the tests start."""


def in_all(figure: int) -> int:
    """Return how often all processes together allow what one process allows so often.

    Each has its share, rounded up: that is the figure of an operator who has several.
    """
    return PROCESSES * -(-figure // PROCESSES)
