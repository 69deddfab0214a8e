"""Servers to attack: each is its own process with its own settings, started when first needed."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller

from tests.house.serving import free_port
from tests.mail_server import MailServer
from tests.product.people import PASSWORD, TIMEOUT, TRUST, Person
from tests.served import Served

OWNER = "olga.owner@example.org"
INVITE = re.compile(r"/invite/([\w-]{43})")

KINDS: dict[str, dict[str, str]] = {
    "open": {"REGISTRATION": "open"},
    "strict": {"REGISTRATION": "open", "RATE_LIMITS": "on", "TRUSTED_PROXIES": "127.0.0.1"},
    "narrow": {"REGISTRATION": "open", "RATE_LIMITS": "on", "REGISTRATIONS_PER_HOUR": "3"},
    "sending": {"REGISTRATION": "open", "ENDPOINT_NETWORKS": "127.0.0.1"},
    "previewing": {"REGISTRATION": "open", "ALLOW_PRIVATE_ADDRESSES": "on"},
    "invitation": {"REGISTRATION": "invitation"},
    "approval": {"REGISTRATION": "approval"},
    "closed": {"REGISTRATION": "closed"},
    "domain": {"REGISTRATION": "domain", "REGISTRATION_DOMAINS": "club.example"},
    "everybody-invites": {"REGISTRATION": "invitation", "SERVER_INVITES": "everybody"},
    "factor": {"REGISTRATION": "open", "REQUIRE_SECOND_FACTOR": "everybody"},
    "confirming": {"REGISTRATION": "open", "CONFIRM_EMAIL": "on"},
    "https": {"REGISTRATION": "open", "BASE_URL": "https://chat.club.example"},
    "named": {"REGISTRATION": "open"},
}
"""Settings by the name under which a test asks for a server. `named` is reached as `localhost`."""


@dataclass
class Target:
    """A server that is attacked.

    Attributes:
        served: Its process.
        base: Its address.
        post: The mail server that it knows.
    """

    served: Served
    base: str
    post: MailServer
    origin: str

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A browser on the server's own pages, in which no one is signed in."""
        return httpx.AsyncClient(
            base_url=self.base,
            headers={"Origin": self.origin} | headers,
            timeout=TIMEOUT,
            verify=TRUST,
            trust_env=False,
        )

    async def owner(self) -> Person:
        """The owner of the server, signed in again; whoever asks closes it."""
        return await self.sign_in(OWNER)

    async def sign_in(self, email: str, password: str = PASSWORD) -> Person:
        """Sign someone in as a program."""
        proof = {"email": email, "password": password, "bearer": True}
        async with self.browser() as http:
            answer = await http.post("/api/v1/sessions", json=proof)
        assert answer.status_code == 201, answer.text
        opened: Any = answer.json()
        return Person(self.base, opened["user"], opened["token"])

    def faults(self) -> list[str]:
        """What its log has of failures; a job that will be tried again is none."""
        return [line for line in self.served.log.splitlines() if "[error" in line]

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.served.data


Servers = Callable[[str], Target]


class Park:
    """Starts each kind of server once, and ends all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._targets: dict[str, Target] = {}
        self._post: MailServer | None = None

    def __call__(self, kind: str) -> Target:
        """Return the server of a kind, with its owner registered."""
        if kind not in self._targets:
            self._targets[kind] = self._start(kind)
        return self._targets[kind]

    def close(self) -> None:
        """End all; nothing may have failed inside."""
        for target in self._targets.values():
            target.served.stop()
        self._stack.close()
        faults = [one for target in self._targets.values() for one in target.faults()]
        assert faults == []

    def _start(self, kind: str) -> Target:
        post = self._mail_server()
        settings = {f"ECHOSPHERE_{name}": value for name, value in KINDS[kind].items()}
        settings["ECHOSPHERE_SMTP_URL"] = f"smtp://127.0.0.1:{post.port}"
        if kind == "named":
            port = free_port()
            base = {"ECHOSPHERE_BASE_URL": f"http://localhost:{port}"}
            settings |= base | {"ECHOSPHERE_PORT": str(port)}
        return start_target(self._folder / kind, settings, post)

    def _mail_server(self) -> MailServer:
        if self._post is None:
            self._post = MailServer()
            controller = Controller(
                self._post, "127.0.0.1", free_port(), server_hostname="mail.test"
            )
            controller.start()
            self._stack.callback(controller.stop)
            self._post.port = controller.port
        return self._post


def start_target(folder: Path, settings: dict[str, str], post: MailServer | None = None) -> Target:
    """Start a server in a new folder, and register its owner."""
    folder.mkdir()
    served = Served(folder / "data", **settings)
    # Where no one may register, the owner came before.
    is_closed = settings["ECHOSPHERE_REGISTRATION"] == "closed"
    address = served.start(**({"ECHOSPHERE_REGISTRATION": "open"} if is_closed else {}))
    origin = settings.get("ECHOSPHERE_BASE_URL", address)
    target = Target(served, address, post or MailServer(), origin)
    _own(target)
    if is_closed:
        served.stop()
        served.start(ECHOSPHERE_REGISTRATION="closed")
    return target


def _own(target: Target) -> None:
    """Register the owner, by the link that a public server prints."""
    account = {"email": OWNER, "name": "Olga", "password": PASSWORD}
    if target.origin.startswith("https:"):
        link = INVITE.search(target.served.read_line())
        assert link is not None
        account["invite"] = link[1]
    made = httpx.post(
        f"{target.base}/api/v1/accounts",
        json=account,
        headers={"Origin": target.origin},
        verify=TRUST,
        trust_env=False,
        timeout=TIMEOUT,
    )
    assert made.status_code == 201, made.text
    assert made.json()["user"]["role"] == "owner"
