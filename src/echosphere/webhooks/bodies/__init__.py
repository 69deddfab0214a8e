"""What programs send to webhooks: our own shape, and those of services that many tools speak."""

from echosphere.webhooks.bodies.body import Body, read_payload
from echosphere.webhooks.bodies.parse import parse_body

__all__ = ["Body", "parse_body", "read_payload"]
