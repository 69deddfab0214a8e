"""Whatever an application connects to, its connections end with it."""

from pathlib import Path

import httpx
import pytest

from echosphere.http_client import SafeHttpClient
from tests.openid_connect.conftest import providers_file
from tests.openid_connect.odd_provider import OddProvider
from tests.product.conftest import Running, settings_for
from tests.product.once import on_one_database

pytestmark = on_one_database


async def test_every_client_is_stopped(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    used, stopped = set[SafeHttpClient](), set[SafeHttpClient]()
    request, stop = SafeHttpClient.get, SafeHttpClient.stop

    async def noted_get(client: SafeHttpClient, *given: object, **named: object) -> object:
        used.add(client)
        return await request(client, *given, **named)  # type: ignore[arg-type]

    async def noted_stop(client: SafeHttpClient) -> None:
        stopped.add(client)
        await stop(client)

    monkeypatch.setattr(SafeHttpClient, "get", noted_get)
    monkeypatch.setattr(SafeHttpClient, "stop", noted_stop)
    one, two = OddProvider(), OddProvider()
    await one.start()
    await two.start()
    services = {"ECHOSPHERE_OPENID_PROVIDERS": str(providers_file(tmp_path, one, two, ""))}
    running = Running(settings_for(tmp_path / "data", database_url, **services))
    base = await running.start()
    async with httpx.AsyncClient(base_url=base) as browser:
        answer = await browser.get("/login/openid/one", headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == 303, answer.text

    await running.stop()

    assert len(used) == 1
    assert used <= stopped
    assert running.application.http_client in stopped
    for provider in (one, two):
        await provider.stop()
