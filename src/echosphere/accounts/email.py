"""Normal form of e-mail addresses, in which they are stored and compared."""

import re
import unicodedata

from echosphere.accounts.account import InvalidValueError

MAX_EMAIL = 254
MAX_LOCAL_PART = 64

WRONG = "Enter an e-mail address such as ana@example.org."
TOO_LONG = "This e-mail address is too long."

_LOCAL_PART = re.compile(r"(?!\.)(?!.*\.\.)[^\s@\"<>()\[\],;:\\]+(?<!\.)")
_PLAIN_DOMAIN = re.compile(
    r"(?=.{1,253}\Z)(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?!\Z)|\Z))+"
)
"""A domain that IDNA leaves as it is: `idna` and its tables, 2 MB, are not loaded for it."""

_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def normalize_email(given: str) -> str:
    """Return an address in normal form.

    The local part is only lower-cased and composed (NFC), since its meaning is up to its server.
    The domain follows IDNA 2008 (RFC 5891, with the non-transitional mapping of UTS 46), in
    Unicode: `xn--mnchen-3ya` and `MÜNCHEN` become `münchen`; `straße` and `strasse` differ.

    Raises:
        InvalidValueError: It is not an e-mail address.
    """
    if len(given) > 4 * MAX_EMAIL:
        raise InvalidValueError(TOO_LONG)
    local, at, domain = given.strip().rpartition("@")
    local = unicodedata.normalize("NFC", unicodedata.normalize("NFC", local).lower())
    if not at or not _LOCAL_PART.fullmatch(local) or _has_refused_characters(local):
        raise InvalidValueError(WRONG)
    ascii_domain = _ascii(domain)
    if "." not in ascii_domain or ascii_domain.rpartition(".")[2].isdigit():
        raise InvalidValueError(WRONG)
    size = len(local.encode())
    if size > MAX_LOCAL_PART or size + 1 + len(ascii_domain) > MAX_EMAIL:
        raise InvalidValueError(TOO_LONG)
    email = f"{local}@{_unicode(ascii_domain)}"
    if len(email.encode()) > MAX_EMAIL:
        raise InvalidValueError(TOO_LONG)
    return email


def ascii_email(email: str) -> str:
    """Return a stored address with its domain in ASCII, as mail servers expect it."""
    local, _, domain = email.rpartition("@")
    return f"{local}@{_ascii(domain)}"


def _ascii(domain: str) -> str:
    if domain.isascii() and _PLAIN_DOMAIN.fullmatch(domain.lower()):
        return domain.lower()
    import idna  # noqa: PLC0415 - see _PLAIN_DOMAIN

    try:
        return idna.encode(domain, uts46=True, std3_rules=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise InvalidValueError(WRONG) from None


def _unicode(ascii_domain: str) -> str:
    if _PLAIN_DOMAIN.fullmatch(ascii_domain):
        return ascii_domain
    import idna  # noqa: PLC0415 - see _PLAIN_DOMAIN

    return idna.decode(ascii_domain)


def _has_refused_characters(text: str) -> bool:
    return any(unicodedata.category(letter) in _REFUSED_CATEGORIES for letter in text)


def redact_email(email: str) -> str:
    """Return an address of which its owner recognises enough, and no one else learns it."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
