"""Endpoints: addresses of programs to which the events of bots are posted, signed and with retries."""

from echosphere.endpoints.trouble import trouble_of_endpoints
from echosphere.endpoints.wiring import install

__all__ = ["install", "trouble_of_endpoints"]
