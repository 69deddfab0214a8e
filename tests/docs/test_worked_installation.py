"""docs/scaling.md: its installation on one machine is run exactly as written."""

import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests import launcher
from tests.deploy.checks import find
from tests.house.repository import ROOT
from tests.house.serving import free_port, wait_until
from tests.product.people import Person, people_on

SCALING = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```bash\n(.*?)^```$", SCALING, re.MULTILINE | re.DOTALL)
PORTS = ["4222", "8333", "9333", "9334", "9335", "5001", "5002", "8443", "8080"]
SAID = '{"status":"ok"'


@dataclass(frozen=True)
class Installed:
    """Where the installation answers: each process by itself, and nginx; and its folder."""

    a: str
    b: str
    nginx: str
    folder: Path

    def client(self, url: str) -> httpx.Client:
        """Return a client of one of these addresses that trusts the certificate."""
        trusted = ssl.create_default_context(cafile=str(self.folder / "certificates/fullchain.pem"))
        return httpx.Client(
            base_url=url, verify=trusted, headers={"Origin": self.nginx}, timeout=30
        )


@pytest.fixture
def installed(tmp_path: Path, postgresql_url: str) -> Iterator[Installed]:
    """What the commands of the document install, on ports and a database of the test's own."""
    for program in ("nats-server", "weed", "nginx", "openssl", "curl"):
        find(program)
    # SeaweedFS takes for gRPC the ports ten thousand above those it is told.
    ports = dict(zip(PORTS, (str(free_port(and_above=10_000)) for _ in PORTS), strict=True))
    commands = re.sub(r"(?<!\d)\d{4}(?!\d)", lambda it: ports.get(it[0], it[0]), "".join(COMMANDS))
    database = "postgresql://echosphere:password@127.0.0.1/echosphere"
    assert database in commands
    beginning = f"set -e\ndeploy={ROOT}/deploy\ntrap 'kill $(jobs -p); wait' EXIT\n"
    script = tmp_path / "commands"
    script.write_text(beginning + commands.replace(database, postgresql_url) + "\nread -r\n")
    clean = launcher.without_settings()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin"
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(
            ["bash", script],
            cwd=tmp_path,
            env=clean | {"PATH": path, "ECHOSPHERE_PASSWORD_METHOD": "scrypt:1024:8:1"},
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        _wait_for_all(process, tmp_path)
        a, b = (f"http://127.0.0.1:{ports[port]}" for port in ("5001", "5002"))
        yield Installed(a, b, f"https://localhost:{ports['8443']}", tmp_path)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def _wait_for_all(process: subprocess.Popen[bytes], folder: Path) -> None:
    def answer() -> bool:
        assert process.poll() is None, (folder / "said").read_text()
        return (folder / "said").read_text().count(SAID) == 3

    def logs() -> str:
        return "\n".join(file.read_text()[-2000:] for file in folder.glob("*.log"))

    wait_until(answer, logs)


async def test_the_installation_of_the_document_serves_people_on_both_processes(
    installed: Installed,
) -> None:
    with installed.client(installed.nginx) as client:
        files_are_on_both(installed, client)
        polling_sessions_come_to_their_process(client)
    await words_cross_over(installed)


def files_are_on_both(installed: Installed, client: httpx.Client) -> None:
    person = {"email": "ada@example.org", "name": "Ada", "password": "correct horse battery"}
    created = client.post("/api/v1/accounts", json=person)
    assert created.status_code == 201, created.text
    assert created.json()["user"]["role"] == "owner"
    content = os.urandom(300_000)
    uploaded = client.post("/api/v1/attachments", files={"file": ("noise.bin", content)})
    assert uploaded.status_code == 201, uploaded.text
    where = uploaded.json()["attachment"]["url"]
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    for process in (installed.a, installed.b):
        assert httpx.get(process + where, headers={"Cookie": cookies}).content == content


def polling_sessions_come_to_their_process(client: httpx.Client) -> None:
    names = set()
    for _ in range(6):
        opened = client.get("/socket.io/?EIO=4&transport=polling").text
        session = opened.partition('"sid":"')[2].partition('"')[0]
        names.add(session.partition("-")[0])
        # Without the map, half of them would come to a process that does not know them.
        sent = client.post(f"/socket.io/?EIO=4&transport=polling&sid={session}", content="40")
        assert (sent.status_code, sent.text) == (200, "ok")
    assert names == {"a", "b"}


async def words_cross_over(installed: Installed) -> None:
    async with people_on(installed.a, "Ben", "Cem") as (ben, cem):
        conversation = await ben.talk_to(cem)
        elsewhere = Person(installed.b, cem.user, cem.token)
        listening = await elsewhere.connect()
        await (await ben.connect()).say(conversation, "hello")
        assert (await listening.next("message"))["message"]["body"] == "hello"
        await elsewhere.close()
