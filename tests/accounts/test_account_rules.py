"""Which addresses, names and passwords an account may have."""

import re
import subprocess
import sys
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echosphere.accounts import InvalidValueError, email, normalize_email
from echosphere.accounts.account import validate_about
from echosphere.accounts.device import device_name
from echosphere.accounts.name import validate_name
from echosphere.accounts.password import to_estimate, validate_password
from echosphere.accounts.strength_worker import is_guessable
from echosphere.messages.mentions import ALL_NAMES


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  Ana.B+Chat@Example.ORG ", "ana.b+chat@example.org"),
        ("ana@ＥＸＡＭＰＬＥ.org", "ana@example.org"),  # noqa: RUF001 - wide letters
        ("ana@bücher.example", "ana@bücher.example"),
        ("ana@xn--bcher-kva.example", "ana@bücher.example"),
        ("ana@XN--BCHER-KVA.example", "ana@bücher.example"),
        ("ana@BU\u0308CHER.example", "ana@bücher.example"),
        ("m@straße.example", "m@straße.example"),
        ("m@xn--strae-oqa.example", "m@straße.example"),
        ("m@strasse.example", "m@strasse.example"),
        ("ana@example\u3002org", "ana@example.org"),
        ("STRASSE@example.org", "strasse@example.org"),
        ("straße@example.org", "straße@example.org"),
        ("e\u0301va@example.org", "éva@example.org"),
    ],
)
def test_an_address_has_one_spelling(given: str, kept: str) -> None:
    assert normalize_email(given) == kept
    assert normalize_email(kept) == kept


def outcome(given: str) -> str:
    try:
        return normalize_email(given)
    except InvalidValueError as refused:
        return str(refused)


MAPPED = "aé_\N{KELVIN SIGN}\N{COMBINING DIAERESIS}\N{IDEOGRAPHIC FULL STOP}"
LABELS = st.text("abzABZ019-", max_size=8) | st.sampled_from(["xn--bcher-kva", "a" * 63, "a" * 64])


@given(st.lists(LABELS | st.text(MAPPED, max_size=3), min_size=1, max_size=6))
def test_a_domain_that_needs_no_library_becomes_what_the_library_makes_of_it(
    labels: list[str],
) -> None:
    address = "ana@" + ".".join(labels)
    with patch.object(email, "_PLAIN_DOMAIN", re.compile("(?!)")):
        by_the_library = outcome(address)
    assert outcome(address) == by_the_library


def test_ordinary_addresses_leave_the_tables_of_idna_on_the_disk() -> None:
    program = (
        "import sys; from echosphere.accounts import normalize_email as f; f('Ana@example.org')"
    )
    loaded = f"{program}; assert 'idna' not in sys.modules"
    subprocess.run([sys.executable, "-c", loaded], check=True, timeout=60)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "ana",
        "@example.org",
        "ana@",
        "ana@example",
        "ana@@example.org",
        "ana b@example.org",
        "ana@exam ple.org",
        "ana@-example.org",
        "ana@example-.org",
        "ana@example.123",
        "ana@192.0.2.1",
        "ana@xn--a.example",
        "ana@ex_ample.org",
        "ana@♥.example",
        "ana@example..org",
        ".ana@example.org",
        "ana.@example.org",
        "an..a@example.org",
        "ana\u200b@example.org",
        "ana\n@example.org",
        "Ana <ana@example.org>",
        "x" * 65 + "@example.org",
        "x@" + "y" * 60 + ".example" * 30 + ".org",
        "x" * 100_000,
    ],
)
def test_invalid_addresses_are_refused(given: str) -> None:
    with pytest.raises(InvalidValueError):
        normalize_email(given)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Ana", "Ana"),
        ("  Ana \t de\u00a0la  Cruz ", "Ana de la Cruz"),
        ("A\u202en\u200ba\x07", "Ana"),
        ("e\u0301va", "éva"),
        ("张伟", "张伟"),
        ("Иван", "Иван"),
        ("🦊", "🦊"),
        ("Admiral", "Admiral"),
        ("x" * 80, "x" * 80),
        *(
            (name, name)
            for name in (
                "Ali",
                "Alleke",
                "Admina",
                "Supporta Müller",
                "Mod Lang",
                "Elihu Root",
                "Anna Staff",
                "Alle Meyer",
                "Al L.",
                "He Re",
                "Team Rot",
                "Ida Channel",
                "Otto Ownerman",
                "Søren Łuk",
                "-Anne Heller",
                "Мария",
                "Νίκος",
                "Hallo Welt",
                "Alison",
                "Adam Inn",
            )
        ),
    ],
)
def test_a_name_keeps_what_can_be_seen(given: str, kept: str) -> None:
    assert validate_name(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "   ",
        "\u200b\u2060",
        "\u3164",
        "...",
        "x" * 81,
        "admin",
        "ADMIN",
        "Ad min",
        "аdmin",  # noqa: RUF001 - Cyrillic
        "EchoSphere",
        "Echo-Sphere",
        "EchοSphere",  # noqa: RUF001 - Greek
        "Echo5phere",
        "System",
        "sys\u200btem",
        "5upport",
        "Closed account",
        "EchoSphere Support",
        "Security Team",
        "Administrator (EchoSphere)",
        "ᴀᴅᴍɪɴ",
        "ɑdmin",  # noqa: RUF001 - that is the point
        "alle",
        "Jeder",
        "Everyone",
        "Admin Anna",
        "AdminTeam",
        "the.admin",
        "Kundendienst",
        "Das Sicherheitsteam",
        "Ｓｕｐｐｏｒｔ",  # noqa: RUF001
        "𝐀𝐝𝐦𝐢𝐧",  # noqa: RUF001
        "Mоderator Mia",  # noqa: RUF001 - Cyrillic
        "System Service",
        "AIle",
        *ALL_NAMES,
    ],
)
def test_a_name_that_is_none_or_pretends_is_refused(given: str) -> None:
    with pytest.raises(InvalidValueError):
        validate_name(given)


def test_a_description_keeps_its_lines() -> None:
    assert validate_about(" one \r\n\r\n two\u202e ") == "one\n\ntwo"


def new_password(given: str, name: str, email: str, server: str = "") -> str:
    estimate = to_estimate(given, name=name, email=email, server=server)
    guessable = estimate is not None and is_guessable(*estimate)
    return validate_password(given, name=name, email=email, server=server, guessable=guessable)


@pytest.mark.parametrize(
    "given",
    [
        "kestrel-over-fjord",
        "correct horse battery",
        "l0pefug8tz",
        "!%/&)=;:-+_#",
        "ÄÖÜßéáçñøł",
        "drei blaue Esel",
        "x9" + "kestrel" * 145,
    ],
)
def test_a_password_of_ones_own_is_accepted(given: str) -> None:
    assert new_password(given, "Ana Lovelace", "ana.l@example.org")


def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    composed, apart = "\u00e9kestrel-fjord", "e\u0301kestrel-fjord"
    kept = {new_password(one, "x", "x@y.zz") for one in (composed, apart)}
    assert kept == {composed}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "ninechars",
        "x" * 1025,
        "é" * 513,
        "\ufdfa" * 300,  # one letter that becomes eighteen
        "aaaaaaaaaaaa",
        "abababababab",
        "abcabcabcabc",
        "1234567890",
        "9876543210123",
        "qwertyuiop12",
        "q1w2e3r4t5y6",
        "password123",
        "Passw0rd!2024",
        "P@ssw0rd1999",
        "iloveyou2023",
        "winterSummer99",
        "monkeydragon1",
        "letmein!!!!!!",
        "ana.lovelace1",
        "Lovelace-ana9",
        "ana.l@example.org",
        "terminator",
        "strawberry",
        "realmadrid",
        "Realmadrid1",
        "5tr4wb3rry!",
        "sonnenschein",
        "Sonnenschein1",
        "schmetterling",
        "passwort1234",
        "fussball2024",
        "qwertzuiopü",
        "asdfghjklöä",
        "chat-verein1",
        "1234567890" * 100,
        "password" * 100,
        "sommer" * 50,
    ],
)
def test_a_password_that_is_soon_guessed_is_refused(given: str) -> None:
    with pytest.raises(InvalidValueError):
        new_password(given, "Ana Lovelace", "ana.l@example.org", "chat.verein.example")


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0 Safari/537.36 Edg/138.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/138.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("python-httpx/0.28.1", "python-httpx/0.28.1"),
        ("x\u202e\x1b[31m", "x[31m"),
        ("", "Unknown device"),
        ("y" * 5_000, "y" * 80),
    ],
)
def test_a_device_has_a_name_that_its_owner_knows(said: str, named: str) -> None:
    assert device_name(said) == named
