"""The certificate of nginx in front of several processes."""

import hashlib
import os
import subprocess
from base64 import b64encode
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate


@cache
def certificate() -> Path:
    """A certificate for this machine's own addresses, and its key, in one file."""
    made = Path(mkdtemp()) / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", made, "-out", made),
        ],
        check=True,
        capture_output=True,
    )
    return made


def key_hash() -> str:
    """Return the hash of its key by which a browser can be told to trust it."""
    key = load_pem_x509_certificate(certificate().read_bytes()).public_key()
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(hashlib.sha256(encoded).digest()).decode()


def trust_it() -> None:
    """Let the clients of this process, and of those that it starts, trust it."""
    for name in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE"):
        os.environ[name] = str(certificate())
