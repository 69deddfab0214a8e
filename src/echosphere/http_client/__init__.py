"""HTTP requests to URLs that users supply; private addresses are never connected to."""

from echosphere.http_client.addresses import is_public_address
from echosphere.http_client.client import SafeHttpClient
from echosphere.http_client.errors import (
    ForbiddenAddressError,
    HttpClientError,
    ResponseTooLargeError,
    TimedOutError,
)
from echosphere.http_client.fair_queue import MAX_WAITING_PER_USER, FairQueue
from echosphere.http_client.response import Resolver, Response
from echosphere.http_client.urls import TargetUrl, parse_url, resolve_reference

__all__ = [
    "MAX_WAITING_PER_USER",
    "FairQueue",
    "ForbiddenAddressError",
    "HttpClientError",
    "Resolver",
    "Response",
    "ResponseTooLargeError",
    "SafeHttpClient",
    "TargetUrl",
    "TimedOutError",
    "is_public_address",
    "parse_url",
    "resolve_reference",
]
