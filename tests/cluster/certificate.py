"""The certificate of nginx in front of several processes."""

import os
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp


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


def trust_it() -> None:
    """Let the clients of this process, and of those that it starts, trust it."""
    os.environ["SSL_CERT_FILE"] = os.environ["NODE_EXTRA_CA_CERTS"] = str(certificate())
