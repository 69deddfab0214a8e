"""Checks a provider for `echosphere doctor`."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from echosphere.core.clock import SECOND
from echosphere.core.counting import counted
from echosphere.openid_connect.errors import ProviderError
from echosphere.openid_connect.provider import Provider
from echosphere.openid_connect.tokens import LEEWAY
from echosphere.settings import OpenIdProvider


async def check_provider(configured: OpenIdProvider) -> str:
    """Return what is right with a provider: it answers, is the issuer, has keys, and agrees on the time.

    Raises:
        ProviderError: It does not.
    """
    provider = Provider(configured)
    try:
        await provider.metadata()
        count = await provider.count_keys()
        apart = _seconds_apart(provider.dated)
    finally:
        await provider.stop()
    if apart is not None and apart > LEEWAY // SECOND:
        raise ProviderError(
            f"its clock and this one are {apart} seconds apart; synchronize both with network time"
        )
    clock = "it sends no time" if apart is None else "same time"
    return f"{configured.issuer} answers, {counted(count, 'key')}, {clock}"


def _seconds_apart(dated: str | None) -> int | None:
    try:
        told = parsedate_to_datetime(dated or "")
    except ValueError:
        return None
    return abs(int((datetime.now(UTC) - told).total_seconds()))
