"""Over how many processes the tests run."""

import os

PROCESSES = int(os.environ.get("TEST_PROCESSES", "1"))
"""How many serve each product that the tests start, see tests/cluster/surroundings.py."""
