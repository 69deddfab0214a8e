"""A push service and a browser's keys, so that tests can read what is pushed."""

import asyncio
import itertools
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import http_ece  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from echosphere.notifications.vapid import from_base64url, to_base64url
from tests.product.local_server import HttpServer, Received
from tests.product.people import TIMEOUT, Person

_numbers = itertools.count(1)


@dataclass
class BrowserKeys:
    """What a browser keeps of its subscription."""

    endpoint: str
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    id: str = ""

    @property
    def path(self) -> str:
        return urlsplit(self.endpoint).path

    def wish(self) -> dict[str, Any]:
        """Return what the browser hands to the server."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": to_base64url(point), "auth": to_base64url(self.auth)}
        return {"endpoint": self.endpoint, "keys": keys}

    def read(self, pushed: Received) -> dict[str, Any]:
        """Decrypt a message as a browser does, with another implementation than the server's."""
        plain = http_ece.decrypt(pushed.body, private_key=self.key, auth_secret=self.auth)
        notification: dict[str, Any] = json.loads(plain)
        return notification


class PushService(HttpServer):
    """Takes push messages on a port of its own.

    Attributes:
        pushed: What came, in its order.
        statuses: By path, the answers to give instead of 201, one after the other.
        before: By path, what happens while the one who sends waits for the answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pushed: list[Received] = []
        self.statuses: dict[str, list[int]] = {}
        self.before: dict[str, Callable[[], Awaitable[object]]] = {}
        self._came = asyncio.Condition()

    async def subscribe(self, person: Person) -> BrowserKeys:
        """Have a person's device subscribe with keys of its own."""
        keys = BrowserKeys(f"{self.address}/push/{next(_numbers)}")
        made = await person.post("/notifications/subscriptions", keys.wish())
        keys.id = made["subscription"]["id"]
        return keys

    async def next_to(self, keys: BrowserKeys, count: int = 1) -> list[Received]:
        """Return the first messages to a browser, waiting until there are so many."""
        async with asyncio.timeout(TIMEOUT), self._came:
            await self._came.wait_for(lambda: len(self.to(keys)) >= count)
        return self.to(keys)

    def to(self, keys: BrowserKeys) -> list[Received]:
        """Return what came for a browser so far."""
        return [pushed for pushed in self.pushed if pushed.path == keys.path]

    async def answer(self, writer: asyncio.StreamWriter, received: Received) -> None:
        """Answer a push message."""
        if received.path in self.before:
            await self.before[received.path]()
        answers = self.statuses.get(received.path, [])
        await self.respond(writer, answers.pop(0) if answers else 201)
        async with self._came:
            self.pushed.append(received)
            self._came.notify_all()


async def subscribed(person: Person) -> str:
    """Subscribe a person to a push service that is not there; return the subscription's id."""
    wish = BrowserKeys(f"https://push.example.net/{next(_numbers)}").wish()
    made = await person.post("/notifications/subscriptions", wish)
    return str(made["subscription"]["id"])


def signed_by(pushed: Received) -> tuple[str, dict[str, Any]]:
    """Check the signature of a push message; return the public key and what was claimed.

    Raises:
        InvalidSignature: It is not by that key.
    """
    scheme, _, rest = pushed.headers["authorization"].partition(" ")
    assert scheme == "vapid"
    given = dict(part.split("=", 1) for part in rest.split(", "))
    head, claims, signature = given["t"].split(".")
    assert json.loads(from_base64url(head))["alg"] == "ES256"
    raw = from_base64url(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), from_base64url(given["k"]))
    key.verify(der, f"{head}.{claims}".encode(), ECDSA(SHA256()))
    return given["k"], json.loads(from_base64url(claims))


async def why(person: Person, message: dict[str, Any]) -> dict[str, Any]:
    """Return what the server says of a message once it has decided."""
    path = f"/conversations/{message['conversation']}/messages/{message['seq']}/notification"
    async with asyncio.timeout(TIMEOUT):
        while True:
            said: dict[str, Any] = (await person.get(path))["notification"]
            if said["at"] is not None:
                return said
            await asyncio.sleep(0.05)
