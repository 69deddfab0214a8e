"""A provider's public keys (JWK Set, RFC 7517), and the signatures that they verify."""

from collections.abc import Mapping
from typing import Any

import msgspec

from echosphere.openid_connect.errors import ProviderError

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
    "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
)  # fmt: skip
"""Signatures with a key pair only: neither `none` nor HMAC, for which a public key would do."""

KEY_TYPES = ("RSA", "EC", "OKP")
MAX_KEYS = 50
MAX_TOKEN = 16 * 1024


class KeySet(msgspec.Struct):
    """A JWK Set; what is no public key for signatures is left out when it is used."""

    keys: list[dict[str, Any]]

    def usable(self, kid: str | None, algorithm: str) -> list[dict[str, Any]]:
        """Return the keys that may have made a signature; all of them where it names none."""
        return [
            key
            for key in self.keys[:MAX_KEYS]
            if key.get("kty") in KEY_TYPES
            and key.get("use") in (None, "sig")
            and key.get("alg") in (None, algorithm)
            and (kid is None or key.get("kid") == kid)
        ]


class UnknownKeyError(ProviderError):
    """No known key can have made the signature: the keys may have changed."""


def read_keys(document: bytes) -> KeySet:
    """Return a provider's keys.

    Raises:
        ProviderError: It is no JWK Set.
    """
    try:
        return msgspec.json.decode(document, type=KeySet)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise ProviderError(f"the keys cannot be read: {error}") from None


def verified_claims(token: str, keys: KeySet) -> dict[str, Any]:
    """Return the claims of a signed token.

    Raises:
        UnknownKeyError: None of the keys can have signed it.
        ProviderError: The signature is wrong, or of a kind that is not allowed.
    """
    header = _header(token)
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise ProviderError(f"a token is signed with {str(algorithm)[:20]!r}, which is not allowed")
    candidates = keys.usable(kid if isinstance(kid, str) else None, algorithm)
    if not candidates:
        raise UnknownKeyError("no known key has signed the token")
    for key in candidates:
        claims = _verify(token, key, algorithm)
        if claims is not None:
            return claims
    raise ProviderError("the signature of a token is wrong")


def _header(token: str) -> Mapping[str, Any]:
    from joserfc.errors import JoseError  # noqa: PLC0415 - it loads cryptography, 8 MB
    from joserfc.jws import extract_compact  # noqa: PLC0415 - as above

    if len(token) > MAX_TOKEN or not token.isascii():
        raise ProviderError("a token is too long")
    try:
        return extract_compact(token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise ProviderError(f"a token cannot be read: {error}") from None


def _verify(token: str, key: dict[str, Any], algorithm: str) -> dict[str, Any] | None:
    """Return the claims if this key signed the token, else None."""
    from joserfc import jwk, jwt  # noqa: PLC0415 - as above
    from joserfc.errors import JoseError  # noqa: PLC0415 - as above

    try:
        claims = jwt.decode(token, jwk.import_key(key), algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return dict(claims) if isinstance(claims, dict) else None
