"""Encrypts Web Push messages (RFC 8291) and signs VAPID tokens.

Imported locally by its users: the cryptography package takes eight megabytes.
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
RECORD_SIZE = 4_096
"""Bytes of a record; push services accept no more."""

MAX_CONTENT = 3_000
PUBLIC_KEY_BYTES = 65
LAST_RECORD = b"\x02"


def encrypt(
    content: bytes,
    public_key: bytes,
    auth: bytes,
    *,
    salt: bytes | None = None,
    private_key: EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Encrypt a message as one record of the content coding `aes128gcm` (RFC 8188).

    Args:
        content: At most `MAX_CONTENT` bytes.
        point: The browser's public key, uncompressed (`p256dh`).
        auth: The browser's authentication secret.
        salt: 16 random bytes; passed by tests only.
        ours: The key pair of this one message; passed by tests only.

    Raises:
        ValueError: The public key is not on the curve, or the content is too long.
    """
    if len(content) > MAX_CONTENT:
        raise ValueError("too much for one push message")
    salt = salt or os.urandom(16)
    private_key = private_key or generate_private_key(CURVE)
    theirs = EllipticCurvePublicKey.from_encoded_point(CURVE, public_key)
    our_public_key = encode_public_key(private_key.public_key())
    info = b"WebPush: info\0" + public_key + our_public_key
    secret = _derive(private_key.exchange(ECDH(), theirs), auth, info, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_SIZE.to_bytes(4) + bytes([len(our_public_key)]) + our_public_key
    return header + AESGCM(key).encrypt(nonce, content + LAST_RECORD, None)


def is_public_key(given: bytes) -> bool:
    """Whether bytes are an uncompressed public key on the curve."""
    try:
        EllipticCurvePublicKey.from_encoded_point(CURVE, given)
    except ValueError:
        return False
    return len(given) == PUBLIC_KEY_BYTES


def public_key_of(key: bytes) -> bytes:
    """Return the public key (65 bytes) of a private key (32 bytes)."""
    return encode_public_key(_private(key).public_key())


def sign(key: bytes, message: bytes) -> bytes:
    """Return an ES256 signature (64 bytes, RFC 7518) by a private key (32 bytes)."""
    r, s = decode_dss_signature(_private(key).sign(message, ECDSA(SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def encode_public_key(key: EllipticCurvePublicKey) -> bytes:
    """Return a public key as an uncompressed point (65 bytes)."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _private(key: bytes) -> EllipticCurvePrivateKey:
    return derive_private_key(int.from_bytes(key), CURVE)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
