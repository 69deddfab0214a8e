"""What programs send to webhooks: our own shape, and those of services that many tools speak."""

from echosphere.webhooks.bodies.body import Body, read_payload
from echosphere.webhooks.bodies.parse import FORM_WITH_FILES, parse_body, parse_form

__all__ = ["FORM_WITH_FILES", "Body", "parse_body", "parse_form", "read_payload"]
