"""deploy/nginx.conf in front of the product: what passes, what is stopped, what is hidden."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from tests.conftest import missing
from tests.house.repository import ROOT
from tests.house.serving import connected, free_port, running, settings_for

SECRET = "R" * 43
METRICS_TOKEN = "what only Prometheus knows"

COMPLETE = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Site:
    """Where people reach the product, and where it is behind nginx."""

    url: str
    behind: str
    log: Path


def find_nginx() -> str:
    # Debian keeps it where only root looks.
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        missing("nginx")
    return str(found)


def write_configuration(folder: Path, port: int, behind: int) -> Path:
    """Write our configuration with this test's ports, and what the distribution has around it."""
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    site, upstreams = re.subn(r"server echosphere:5000;", f"server 127.0.0.1:{behind};", site)
    site, listens = re.subn(r"^    listen 80;", f"    listen 127.0.0.1:{port};", site, flags=re.M)
    site = re.sub(r"^    listen \[::\]:80;", "", site, flags=re.M)
    assert (upstreams, listens) == (1, 1)
    (folder / "site.conf").write_text(site)
    complete = folder / "nginx.conf"
    complete.write_text(COMPLETE.format(folder=folder))
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
        [find_nginx(), "-t", "-c", configuration, "-p", configuration.parent],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product behind nginx, both running."""
    folder = tmp_path_factory.mktemp("nginx")
    port, behind = free_port(), free_port()
    nginx = [find_nginx(), "-c", str(write_configuration(folder, port, behind)), "-p", str(folder)]
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
    """Somebody signed in, whose requests come from an address of their own."""
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


def test_nginx_understands_the_lines_for_https(tmp_path: Path) -> None:
    configuration = write_configuration(tmp_path, free_port(), free_port())
    with_https(tmp_path / "site.conf", tmp_path)
    assert "return 301 https://" in (tmp_path / "site.conf").read_text()
    found = examine(configuration)
    assert found.returncode == 0, found.stderr


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


LINKS = ["join", "invite", "reset-password", "confirm-address", "unsubscribe", "api/v1/invites"]


def test_the_access_log_has_no_link_that_lets_somebody_in(site: Site) -> None:
    for kind in LINKS:
        httpx.get(f"{site.url}/{kind}/{SECRET}")
        for page in ("register", "login", "login/code"):
            httpx.get(f"{site.url}/{page}", params={"next": f"/{kind}/{SECRET}"})
    httpx.get(f"{site.url}/healthz?last")
    log = site.log.read_text()
    assert "/healthz?last" in log
    assert SECRET not in log


def test_static_files_are_compressed_and_private_answers_are_not(
    site: Site, member: httpx.Client
) -> None:
    page = httpx.get(f"{site.url}/login").text
    style = re.search(r'href="(/static/client/[^"]+\.css)"', page)
    assert style is not None
    assert httpx.get(site.url + style[1]).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in member.get("/api/v1/me").headers


def test_nobody_learns_which_version_of_nginx_it_is(site: Site) -> None:
    assert httpx.get(f"{site.url}/metrics").headers["server"] == "nginx"
