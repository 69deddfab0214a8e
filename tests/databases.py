"""Which databases the tests run on."""

import os

from tests.processes import PROCESSES

DATABASES = os.environ.get("TEST_DATABASES", "sqlite,postgresql").split(",")
"""Tests that are about any database run once on each of these; those about one of them always run."""
if PROCESSES > 1:
    DATABASES = ["postgresql"]
