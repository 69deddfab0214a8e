"""Codes of an authenticator app: TOTP with SHA-1, 6 digits and 30 seconds (RFC 6238)."""

import hmac

from echosphere.core.clock import SECOND

STEP = 30 * SECOND
DIGITS = 6
ISSUER = "EchoSphere"


def new_secret() -> str:
    """Return a secret of 160 bits in base32, which apps take by hand too."""
    import pyotp  # noqa: PLC0415 - most starts and most calls need no codes

    return pyotp.random_base32()


def matching_step(secret: str, code: str, now: int) -> int | None:
    """Return the time step whose code this is, from the last to the next one; None if there is none.

    Args:
        secret: The secret in base32.
        code: What was entered.
        now: The time in milliseconds.
    """
    import pyotp  # noqa: PLC0415 - as above

    totp, current = pyotp.TOTP(secret), now // STEP
    steps = [
        step
        for step in (current, current - 1, current + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
    ]
    return steps[0] if steps else None


def setup_uri(secret: str, email: str) -> str:
    """Return the address that apps read from a QR code."""
    import pyotp  # noqa: PLC0415 - as above

    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_code(text: str) -> str:
    """Return a picture of a text, black on white, as a data URL: no page needs a style for it."""
    import segno  # noqa: PLC0415 - only setting up needs it

    return segno.make(text, error="m").svg_data_uri(scale=4, light="white")
