"""How often a person may upload."""

import pytest

from echosphere.attachments.web import UPLOADS
from echosphere.core.rate_limits import RateLimiter
from tests.attachments.conftest import Server


@pytest.fixture
def rate_limiter() -> RateLimiter:
    """Rates as in production, with a clock that stands."""
    return RateLimiter(clock=lambda: 0.0)


async def test_someone_who_uploads_without_pause_is_told_to_wait(server: Server) -> None:
    for _ in range(UPLOADS.burst):
        assert (await server.refused_or_taken(b"")).status_code == 400
    refused = await server.refused_or_taken(b"abc")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert (await server.refused_or_taken(b"abc", as_="second")).status_code == 201
