"""If the domain of a confirmed address lets people register, another address is no way around it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.mail_server import MailServer
from tests.product.people import PASSWORD, TIMEOUT, Person, people_on
from tests.product.test_password_reset import PAGE


@pytest.fixture
def more_settings(post: MailServer) -> dict[str, str]:
    return {
        "ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "ECHOSPHERE_CONFIRM_EMAIL": "on",
        "ECHOSPHERE_REGISTRATION": "domain",
        "ECHOSPHERE_REGISTRATION_DOMAINS": "example.org",
    }


@pytest.fixture
async def mallory(server: str, another_owner: str) -> AsyncIterator[Person]:
    """Someone who registered with an address of the domain that is not theirs."""
    async with people_on(server, "Mallory New") as [mallory]:
        yield mallory


async def test_an_address_of_another_domain_is_not_confirmed_instead(
    mallory: Person, post: MailServer, server: str
) -> None:
    headers = {**PAGE, "authorization": f"Bearer {mallory.token}"}
    change = {"action": "change", "email": "mallory@evil.example", "password": PASSWORD}
    async with httpx.AsyncClient(base_url=server, headers=headers, timeout=TIMEOUT) as tab:
        refused = await tab.post("/confirm-email", data=change)
        assert (refused.status_code, "from your organization" in refused.text) == (403, True)
        change["email"] = "mallory.two@example.org"
        assert (await tab.post("/confirm-email", data=change)).status_code == 200
    assert "mallory@evil.example" not in post.recipients
