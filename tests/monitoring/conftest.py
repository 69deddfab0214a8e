"""Processes of one instance, as in the tests of several processes."""

from tests.cluster.conftest import nats, processes

__all__ = ["nats", "processes"]
