"""deploy/Caddyfile in front of the product: what passes, and what is stopped."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.deploy.checks import find
from tests.house.repository import ROOT
from tests.house.serving import connected, free_port, running, settings_for


def configuration(port: int, plain: int, behind: int) -> str:
    """Return our Caddyfile with this test's ports, without HTTPS, for which there is no name here."""
    text = (ROOT / "deploy" / "Caddyfile").read_text()
    for ours, here in [
        ("\n{\n", "\n{\n\tadmin off\n\tauto_https off\n"),
        ("\nhttp://chat.example.org {", f"\nhttp://127.0.0.1:{plain} {{"),
        ("\nchat.example.org {", f"\nhttp://127.0.0.1:{port} {{"),
        ("127.0.0.1:5000", f"127.0.0.1:{behind}"),
    ]:
        assert text.count(ours) == 1
        text = text.replace(ours, here)
    return text


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Where people reach the product, and where those come who forgot HTTPS."""
    port, plain, behind = free_port(), free_port(), free_port()
    file = tmp_path / "Caddyfile"
    file.write_text(configuration(port, plain, behind))
    url = f"http://127.0.0.1:{port}"
    more = {"ECHOSPHERE_TRUSTED_PROXIES": "127.0.0.1", "ECHOSPHERE_METRICS_TOKEN": "known"}
    environment = settings_for(tmp_path / "data", behind, url, **more)
    echosphere = [sys.executable, "-m", "echosphere", "serve"]
    own = dict(os.environ) | {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    caddy = [find("caddy"), "run", "--adapter", "caddyfile", "--config", str(file)]
    with (
        running(echosphere, f"http://127.0.0.1:{behind}/healthz", environment, tmp_path),
        running(caddy, f"{url}/healthz", own, tmp_path),
    ):
        yield url, f"http://127.0.0.1:{plain}"


async def test_caddy_passes_on_what_people_need_and_stops_the_rest(site: tuple[str, str]) -> None:
    url, plain = site
    transport = httpx.HTTPTransport(local_address="127.0.0.7")
    with httpx.Client(base_url=url, headers={"Origin": url}, transport=transport) as client:
        person = {"email": "ada@example.org", "name": "Ada", "password": "correct horse battery"}
        spoofed = {"X-Forwarded-For": "203.0.113.9"}
        created = client.post("/api/v1/accounts", json=person, headers=spoofed)
        assert created.status_code == 201, created.text
        (session,) = client.get("/api/v1/sessions").json()["sessions"]
        assert session["address"] == "127.0.0.7"
        content = os.urandom(3_000_000)
        uploaded = client.post("/api/v1/attachments", files={"file": ("noise.bin", content)})
        assert client.get(uploaded.json()["attachment"]["url"]).content == content
        cookies = dict(client.cookies)
    for kind in ("websocket", "polling"):
        async with connected(url, cookies, kind) as socket:
            assert (await socket.call("sync", {"versions": {}}, timeout=10))["ok"] is True
    assert httpx.get(f"{url}/metrics", headers={"Authorization": "Bearer known"}).status_code == 404
    assert httpx.post(f"{url}/mcp", json={}).headers["WWW-Authenticate"].startswith("Bearer")
    assert httpx.get(f"{plain}/login").headers["location"] == "https://127.0.0.1/login"
    assert httpx.get(f"{plain}/api/v1/me").status_code == 403
