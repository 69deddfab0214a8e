"""What leaves for a push service can be read by the browser alone, and says who sent it."""

import json
import os

import http_ece  # type: ignore[import-untyped]
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from echosphere.core.clock import HOUR
from echosphere.notifications.vapid import Vapid, from_base64url, to_base64url
from echosphere.notifications.webpush import (
    CURVE,
    MAX_CONTENT,
    encode_public_key,
    encrypt,
    is_public_key,
)

# Appendix A of RFC 8291.
CONTENT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)


def test_the_example_of_the_standard_comes_out_as_it_stands_there() -> None:
    private_key = derive_private_key(int.from_bytes(from_base64url(SENDER)), CURVE)
    body = encrypt(
        CONTENT,
        from_base64url(RECEIVER),
        from_base64url(AUTH),
        salt=from_base64url(SALT),
        private_key=private_key,
    )
    assert to_base64url(body) == BODY


def test_another_implementation_reads_it() -> None:
    key, auth = generate_private_key(CURVE), os.urandom(16)
    for content in (b"{}", "Grüße, 你好 🌻".encode(), b"x" * MAX_CONTENT):
        body = encrypt(content, encode_public_key(key.public_key()), auth)
        assert content not in body
        assert len(body) <= 4096
        assert http_ece.decrypt(body, private_key=key, auth_secret=auth) == content


def test_no_two_messages_look_alike() -> None:
    point, auth = encode_public_key(generate_private_key(CURVE).public_key()), os.urandom(16)
    assert encrypt(b"same", point, auth) != encrypt(b"same", point, auth)


def test_what_is_too_long_for_a_push_service_is_refused() -> None:
    point = encode_public_key(generate_private_key(CURVE).public_key())
    with pytest.raises(ValueError, match="too much"):
        encrypt(b"x" * (MAX_CONTENT + 1), point, os.urandom(16))


@pytest.mark.parametrize("given", [b"", b"\x04" + b"\x01" * 64, b"\x04" * 64, b"\0"])
def test_a_point_beside_the_curve_is_none(given: bytes) -> None:
    assert not is_public_key(given)


def test_the_signature_says_who_sends_to_which_service_and_until_when() -> None:
    key = generate_private_key(CURVE)
    number = key.private_numbers().private_value
    vapid = Vapid(to_base64url(number.to_bytes(32)), "mailto:ops@example.org")
    now = 1_800_000_000_000
    authorization = vapid.authorization("https://push.example.net", now)
    scheme, _, rest = authorization.partition(" ")
    token, public = (part.split("=", 1)[1] for part in rest.split(", "))
    head, claims, signature = token.split(".")
    assert scheme == "vapid"
    assert public == vapid.public_key == to_base64url(encode_public_key(key.public_key()))
    assert json.loads(from_base64url(head)) == {"typ": "JWT", "alg": "ES256"}
    said = json.loads(from_base64url(claims))
    assert said["aud"] == "https://push.example.net"
    assert said["sub"] == "mailto:ops@example.org"
    assert now / 1000 < said["exp"] <= now / 1000 + 24 * 60 * 60
    raw = from_base64url(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    theirs = EllipticCurvePublicKey.from_encoded_point(CURVE, from_base64url(public))
    theirs.verify(der, f"{head}.{claims}".encode(), ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        theirs.verify(der, f"{head}.other".encode(), ECDSA(SHA256()))


def test_a_signature_is_made_again_before_it_ends_and_for_each_service() -> None:
    vapid = Vapid(to_base64url((7).to_bytes(32)), "mailto:ops@example.org")
    first = vapid.authorization("https://one.example.net", 0)
    assert vapid.authorization("https://one.example.net", 5 * HOUR) == first
    assert vapid.authorization("https://one.example.net", 7 * HOUR) != first
    assert vapid.authorization("https://two.example.net", 0) != first
