"""An authenticator in software, and the browser around it."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN = "http://localhost:5000"


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """Holds one passkey; what it says wrong is set before it is asked."""

    origin: str = ORIGIN
    rp_id: str | None = None
    verified: bool = True
    counter: int = 0
    cross_origin: bool = False
    attestation: str = "none"
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: str = ""
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def but(self, **wrong: Any) -> "Authenticator":
        """Return the same authenticator, with something wrong about it."""
        return replace(self, **wrong)

    def make(self, options: dict[str, Any], name: str = "My key") -> dict[str, Any]:
        """Make a passkey, as `navigator.credentials.create` does."""
        self.user_handle = options["user_handle"]
        data = self._data(options["rp_id"], attested=True)
        made = {"fmt": self.attestation, "attStmt": {}, "authData": data}
        return {
            "credential": encode(self.credential),
            "client_data": encode(self._client_data("webauthn.create", options)),
            "attestation": encode(cbor2.dumps(made)),
            "name": name,
            "transports": ["internal"],
        }

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """Sign a challenge, as `navigator.credentials.get` does."""
        data = self._data(options["rp_id"])
        client_data = self._client_data("webauthn.get", options)
        signed = data + hashlib.sha256(client_data).digest()
        return {
            "credential": encode(self.credential),
            "client_data": encode(client_data),
            "authenticator_data": encode(data),
            "signature": encode(self.key.sign(signed, ECDSA(SHA256()))),
            "user_handle": self.user_handle,
        }

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
        }
        return json.dumps(said).encode()

    def _data(self, rp_id: str, *, attested: bool = False) -> bytes:
        flags = USER_PRESENT | (USER_VERIFIED if self.verified else 0)
        flags |= ATTESTED if attested else 0
        head = hashlib.sha256((self.rp_id or rp_id).encode()).digest()
        data = head + bytes([flags]) + self.counter.to_bytes(4)
        if attested:
            size = len(self.credential).to_bytes(2)
            data += bytes(16) + size + self.credential + self._public_key()
        return data

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        return cbor2.dumps({1: 2, 3: -7, -1: 1} | point)
