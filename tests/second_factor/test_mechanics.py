"""The parts of second factors: codes, recovery codes, encrypted secrets."""

import base64
import re

import pytest

from echosphere.core.clock import SECOND
from echosphere.core.encryption import SealedWithAnotherKeyError, Sealer
from echosphere.second_factor.encryption import PURPOSE
from echosphere.second_factor.recovery_codes import code_hash, new_codes, normalize_code
from echosphere.second_factor.totp import matching_step, new_secret, qr_code, setup_uri

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
"""Of the test vectors in appendix B of RFC 6238; ours are the last six of their eight digits."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert matching_step(RFC_SECRET, code, seconds * SECOND) == seconds // 30


def test_a_code_is_taken_half_a_minute_early_or_late_and_no_more() -> None:
    at = 1_234_567_890 * SECOND
    taken = [
        matching_step(RFC_SECRET, "005924", at + shift * 30 * SECOND) for shift in range(-3, 4)
    ]
    step = 1_234_567_890 // 30
    assert taken == [None, None, step, step, step, None, None]


def test_an_app_reads_who_and_what_from_the_qr_code() -> None:
    secret = new_secret()
    uri = setup_uri(secret, "ana@example.org")
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    assert uri == f"otpauth://totp/EchoSphere:ana%40example.org?secret={secret}&issuer=EchoSphere"
    picture = qr_code(uri)
    assert picture.startswith("data:image/svg+xml")
    assert "style" not in picture


def test_recovery_codes_differ_and_are_read_however_they_are_typed() -> None:
    codes = new_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([2-9a-hjkmnp-z]{4}-){3}[2-9a-hjkmnp-z]{4}", one) for one in codes)
    typed = f" {codes[0].upper().replace('-', ' ')} "
    assert normalize_code(typed) == normalize_code(codes[0])
    assert code_hash("ana", typed) == code_hash("ana", codes[0]) != code_hash("ben", codes[0])


def test_a_sealed_secret_opens_for_its_user_alone_and_with_the_key_before() -> None:
    before, after = Sealer(PURPOSE, "a" * 40), Sealer(PURPOSE, "b" * 40, "a" * 40)
    sealed = before.seal("ana", "JBSWY3DP")
    assert "JBSWY3DP" not in base64.urlsafe_b64decode(sealed).decode("latin-1")
    assert before.seal("ana", "JBSWY3DP") != sealed
    assert before.open("ana", sealed) == ("JBSWY3DP", False)
    assert after.open("ana", sealed) == ("JBSWY3DP", True)
    for stranger, user in ((before, "ben"), (Sealer(PURPOSE, "c" * 40), "ana")):
        with pytest.raises(SealedWithAnotherKeyError):
            stranger.open(user, sealed)
