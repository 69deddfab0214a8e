"""E-mail addresses in the one spelling that is stored and compared."""

import re
import unicodedata

import idna

from echosphere.accounts.account import BrokenRuleError

MAX_EMAIL = 254
MAX_LOCAL_PART = 64

WRONG = "Enter an e-mail address such as ana@example.org."
TOO_LONG = "This is too long for an e-mail address."

_LOCAL_PART = re.compile(r"(?!\.)(?!.*\.\.)[^\s@\"<>()\[\],;:\\]+(?<!\.)")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def accepted_email(given: str) -> str:
    """Return an address in its one spelling.

    What stands before the `@` is only lower-cased and composed: whose it is, its server decides.
    The domain is that of IDNA 2008 (RFC 5891, mapped as UTS 46 says, not transitional), in
    letters: `xn--mnchen-3ya` and `MÜNCHEN` are `münchen`, and `straße` stays another one than
    `strasse`.

    Raises:
        BrokenRuleError: It is none.
    """
    if len(given) > 4 * MAX_EMAIL:
        raise BrokenRuleError(TOO_LONG)
    local, at, domain = given.strip().rpartition("@")
    local = unicodedata.normalize("NFC", unicodedata.normalize("NFC", local).lower())
    if not at or not _LOCAL_PART.fullmatch(local) or _has_refused_characters(local):
        raise BrokenRuleError(WRONG)
    ascii_domain = _ascii(domain)
    if "." not in ascii_domain or ascii_domain.rpartition(".")[2].isdigit():
        raise BrokenRuleError(WRONG)
    size = len(local.encode())
    if size > MAX_LOCAL_PART or size + 1 + len(ascii_domain) > MAX_EMAIL:
        raise BrokenRuleError(TOO_LONG)
    email = f"{local}@{idna.decode(ascii_domain)}"
    if len(email.encode()) > MAX_EMAIL:
        raise BrokenRuleError(TOO_LONG)
    return email


def deliverable(email: str) -> str:
    """Return a stored address as mail servers know its domain: in ASCII."""
    local, _, domain = email.rpartition("@")
    return f"{local}@{_ascii(domain)}"


def _ascii(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True, std3_rules=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise BrokenRuleError(WRONG) from None


def _has_refused_characters(text: str) -> bool:
    return any(unicodedata.category(letter) in _REFUSED_CATEGORIES for letter in text)
