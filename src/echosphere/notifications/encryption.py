"""Encrypts what a push service carries, so that only the person's browser reads it (RFC 8291).

It is reached through `sealing.py`, which loads it when it is needed.
"""

import os

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = SECP256R1()
RECORD = 4_096
"""Bytes of a record; push services take no more."""

MAX_CONTENT = 3_000
POINT_BYTES = 65
LAST_RECORD = b"\x02"


def encrypt(
    content: bytes,
    point: bytes,
    auth: bytes,
    *,
    salt: bytes | None = None,
    ours: EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return a body with the content coding `aes128gcm` (RFC 8188).

    Args:
        content: At most `MAX_CONTENT` bytes.
        point: The browser's public key, uncompressed (`p256dh`).
        auth: The browser's authentication secret.
        salt: 16 random bytes; given by tests only.
        ours: The key of this one message; given by tests only.

    Raises:
        ValueError: The point is not one of the curve, or there is too much content.
    """
    if len(content) > MAX_CONTENT:
        raise ValueError("too much for one push message")
    salt = salt or os.urandom(16)
    ours = ours or generate_private_key(CURVE)
    theirs = EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    our_point = point_of(ours.public_key())
    info = b"WebPush: info\0" + point + our_point
    secret = _derive(ours.exchange(ECDH(), theirs), auth, info, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4) + bytes([len(our_point)]) + our_point
    return header + AESGCM(key).encrypt(nonce, content + LAST_RECORD, None)


def is_point(given: bytes) -> bool:
    """Whether these bytes are a public key that can be encrypted for."""
    try:
        EllipticCurvePublicKey.from_encoded_point(CURVE, given)
    except ValueError:
        return False
    return len(given) == POINT_BYTES


def public_point(key: bytes) -> bytes:
    """Return the public key, as 65 bytes, that belongs to a private one of 32 bytes."""
    return point_of(_private(key).public_key())


def sign(key: bytes, said: bytes) -> bytes:
    """Return the 64 bytes of an ES256 signature (RFC 7518) by a private key of 32 bytes."""
    r, s = decode_dss_signature(_private(key).sign(said, ECDSA(SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def point_of(key: EllipticCurvePublicKey) -> bytes:
    """Return a public key as 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _private(key: bytes) -> EllipticCurvePrivateKey:
    return derive_private_key(int.from_bytes(key), CURVE)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
