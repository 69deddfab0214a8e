"""deploy/nginx.conf in front of the product: what passes, what is stopped, what is hidden."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from echosphere.app import create_app
from tests.deploy.checks import find
from tests.doors import settings_in
from tests.house.repository import ROOT
from tests.house.serving import NGINX, connected, free_port, running, settings_for, wait_until

SECRET = "R" * 43
METRICS_TOKEN = "what only Prometheus knows"


@dataclass(frozen=True)
class Site:
    """Where people reach the product, and where it is behind nginx."""

    url: str
    behind: str
    log: Path


def write_configuration(folder: Path, port: int, behind: int) -> Path:
    """Write our configuration with this test's ports, and what the distribution has around it."""
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    site, upstreams = re.subn(r"server echosphere:5000;", f"server 127.0.0.1:{behind};", site)
    site, listens = re.subn(r"^    listen 80;", f"    listen 127.0.0.1:{port};", site, flags=re.M)
    site = re.sub(r"^    listen \[::\]:80;", "", site, flags=re.M)
    assert (upstreams, listens) == (1, 1)
    (folder / "site.conf").write_text(site)
    shutil.copy(ROOT / "deploy" / "nginx-echosphere.inc", folder / "echosphere.inc")
    complete = folder / "nginx.conf"
    complete.write_text(NGINX.format(folder=folder))
    return complete


def with_https(site: Path, folder: Path) -> None:
    """Uncomment what the file tells people to uncomment, with a certificate of our own."""
    made = folder / "certificate.pem"
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"]
    subprocess.run([*openssl, "-keyout", made, "-out", made], check=True, capture_output=True)
    text = re.sub(r"^    listen .*", "", site.read_text(), flags=re.M)
    text = re.sub(r"^(\s*)# (listen |ssl_)", r"\1\2", text, flags=re.M)
    text = re.sub(r"^# (server \{|\}|    )", r"\1", text, flags=re.M)
    text = re.sub(r"^\s*listen \[::\].*", "", text, flags=re.M)
    text = re.sub(r"listen (443|80)", lambda _: f"listen 127.0.0.1:{free_port()}", text)
    text = re.sub(r"/etc/nginx/certificates/\w+\.pem", str(made), text)
    site.write_text(text)


def examine(configuration: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [find("nginx"), "-t", "-c", configuration, "-p", configuration.parent],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product behind nginx, both running."""
    folder = tmp_path_factory.mktemp("nginx")
    port, behind = free_port(), free_port()
    nginx = [find("nginx"), "-c", str(write_configuration(folder, port, behind)), "-p", str(folder)]
    log = folder / "access.log"
    there = Site(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{behind}", log)
    environment = settings_for(
        folder / "data",
        behind,
        there.url,
        ECHOSPHERE_TRUSTED_PROXIES="127.0.0.1",
        ECHOSPHERE_METRICS_TOKEN=METRICS_TOKEN,
    )
    echosphere = [sys.executable, "-m", "echosphere", "serve"]
    with (
        running(echosphere, f"{there.behind}/healthz", environment, folder),
        running(nginx, f"{there.url}/healthz", dict(os.environ), folder),
    ):
        yield there


@pytest.fixture(scope="module")
def member(site: Site) -> Iterator[httpx.Client]:
    """Someone signed in, whose requests come from an address of their own."""
    transport = httpx.HTTPTransport(local_address="127.0.0.7")
    headers = {"Origin": site.url}
    with httpx.Client(base_url=site.url, headers=headers, transport=transport) as client:
        person = {"email": "ada@example.org", "name": "Ada", "password": "correct horse battery"}
        # What a client says about where it comes from must not count.
        spoofed = {"X-Forwarded-For": "203.0.113.9"}
        created = client.post("/api/v1/accounts", json=person, headers=spoofed)
        assert created.status_code == 201, created.text
        yield client


def test_nginx_understands_the_configuration(tmp_path: Path) -> None:
    found = examine(write_configuration(tmp_path, free_port(), free_port()))
    assert found.returncode == 0, found.stderr


@pytest.fixture
def https(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """The ports of nginx for HTTPS and for plain HTTP, with nothing behind it."""
    configuration = write_configuration(tmp_path, free_port(), free_port())
    with_https(tmp_path / "site.conf", tmp_path)
    found = examine(configuration)
    assert found.returncode == 0, found.stderr
    listening = re.findall(r"listen 127\.0\.0\.1:(\d+)", (tmp_path / "site.conf").read_text())
    secure, plain = (int(port) for port in listening)
    nginx = [find("nginx"), "-c", str(configuration), "-p", str(tmp_path)]
    with running(nginx, f"http://127.0.0.1:{plain}/", dict(os.environ), tmp_path):
        yield secure, plain


def test_pages_lead_to_https_and_programs_are_refused_without_it(https: tuple[int, int]) -> None:
    _, plain = https
    page = httpx.get(f"http://127.0.0.1:{plain}/login?next=/")
    assert page.status_code == 301
    assert page.headers["location"] == "https://127.0.0.1/login?next=/"
    for path in ("/api/v1/me", "/socket.io/?EIO=4&transport=polling"):
        assert httpx.get(f"http://127.0.0.1:{plain}{path}").status_code == 403


@pytest.mark.parametrize(
    ("cipher", "taken"), [("ECDHE-RSA-AES128-GCM-SHA256", True), ("AES128-SHA", False)]
)
def test_ciphers_are_those_that_keep_earlier_traffic_secret(
    https: tuple[int, int], cipher: str, taken: bool
) -> None:
    secure, _ = https
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    refusal = nullcontext() if taken else pytest.raises(ssl.SSLError)
    with (
        socket.create_connection(("127.0.0.1", secure)) as connection,
        refusal,
        context.wrap_socket(connection) as encrypted,
    ):
        assert (encrypted.cipher() or [""])[0] == cipher


def test_the_product_sees_the_clients_address_and_not_what_the_client_claims(
    member: httpx.Client,
) -> None:
    (session,) = member.get("/api/v1/sessions").json()["sessions"]
    assert session["address"] == "127.0.0.7"


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_socket_io_passes_on_both_transports(
    site: Site, member: httpx.Client, transport: str
) -> None:
    async with connected(site.url, dict(member.cookies), transport) as client:
        answer = await client.call("sync", {"versions": {}}, timeout=10)
    assert answer["ok"] is True


def test_a_file_goes_up_and_comes_down_again(member: httpx.Client) -> None:
    content = os.urandom(3_000_000)
    uploaded = member.post("/api/v1/attachments", files={"file": ("noise.bin", content)})
    assert uploaded.status_code == 201, uploaded.text
    assert member.get(uploaded.json()["attachment"]["url"]).content == content


def test_assistants_get_through_with_a_key_alone(site: Site) -> None:
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    refused = httpx.post(f"{site.url}/mcp", json=ping)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (
        401,
        'Bearer realm="EchoSphere"',
    )
    assert httpx.get(f"{site.url}/mcp").status_code == 405


def test_a_body_beyond_every_limit_is_stopped_before_the_product(site: Site) -> None:
    connection = HTTPConnection(site.url.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", "/api/v1/attachments")
    connection.putheader("Content-Length", str(27 * 1024 * 1024))
    connection.endheaders()
    # Not one byte of the body is waited for.
    assert connection.getresponse().status == 413
    connection.close()


def test_measurements_are_for_the_operator_only(site: Site) -> None:
    told = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    assert httpx.get(f"{site.behind}/metrics", headers=told).status_code == 200
    assert httpx.get(f"{site.behind}/metrics").status_code == 404
    assert httpx.get(f"{site.url}/metrics", headers=told).status_code == 404


LINKS = [
    "join", "invite", "reset-password", "confirm-address", "confirm-email", "unsubscribe",
    "api/v1/invites", "hooks", "api/v1/respond",
]  # fmt: skip


def test_the_access_log_has_no_link_that_lets_someone_in(site: Site) -> None:
    for kind in LINKS:
        httpx.get(f"{site.url}/{kind}/{SECRET}")
        for page in ("register", "login", "login/code"):
            httpx.get(f"{site.url}/{page}", params={"next": f"/{kind}/{SECRET}"})
    httpx.get(f"{site.url}/login/openid/club/callback", params={"code": SECRET})
    httpx.get(f"{site.url}/healthz?last")
    # nginx writes a line when the answer is on its way, or a little later.
    wait_until(lambda: "/healthz?last" in site.log.read_text())
    assert SECRET not in site.log.read_text()


def test_every_page_with_a_secret_in_its_path_is_among_those_links(tmp_path: Path) -> None:
    rules = create_app(settings_in(tmp_path)).web.url_map.iter_rules()
    secret = {rule.rule.partition("/<token>")[0] for rule in rules if "<token>" in rule.rule}
    assert {path.removeprefix("/") for path in secret} == set(LINKS)


def test_static_files_are_compressed_and_private_answers_are_not(
    site: Site, member: httpx.Client
) -> None:
    page = httpx.get(f"{site.url}/login").text
    style = re.search(r'href="(/static/client/[^"]+\.css)"', page)
    assert style is not None
    assert httpx.get(site.url + style[1]).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in member.get("/api/v1/me").headers


def test_no_one_learns_which_version_of_nginx_it_is(site: Site) -> None:
    assert httpx.get(f"{site.url}/metrics").headers["server"] == "nginx"
