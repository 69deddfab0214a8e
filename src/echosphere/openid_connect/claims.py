"""What is made of a person's claims: a name, an address, a role, a second factor."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from echosphere.accounts import AccountRole, InvalidValueError, normalize_email, validate_name
from echosphere.settings import OpenIdProvider

Claims = Mapping[str, Any]

NAME_CLAIMS = ("name", "preferred_username", "nickname", "given_name")
MAX_CLAIM = 1_000
SOMEBODY = "New here"
"""The name of someone of whom the provider tells none that is allowed; they can change it."""


class Identity(msgspec.Struct, frozen=True):
    """Someone as a provider has authenticated them.

    Attributes:
        provider: The provider's name.
        issuer: Together with `subject` who it is, for ever.
        subject: The provider's id of the person.
        sid: The provider's session, if it tells.
        email: The address, normalised; None without one.
        verified: Whether the provider has confirmed the address.
        name: What they are called here if they are new.
        values: The values of the claim that roles come from.
        has_factor: Whether the provider has asked for what counts as a second factor.
        authenticated_at: When they last proved there who they are; None if that is not told.
    """

    provider: str
    issuer: str
    subject: str
    sid: str | None
    email: str | None
    verified: bool
    name: str
    values: tuple[str, ...] = ()
    has_factor: bool = False
    authenticated_at: int | None = None


def email_of(claims: Claims) -> str | None:
    """Return the address in the form in which it is stored, or None."""
    given = claims.get("email")
    if not isinstance(given, str):
        return None
    try:
        return normalize_email(given[:MAX_CLAIM])
    except InvalidValueError:
        return None


def is_verified(claims: Claims) -> bool:
    """Whether the provider has confirmed the address; nothing but `true` says so."""
    return claims.get("email_verified") is True


def name_of(claims: Claims, email: str | None) -> str:
    """Return the first name among the claims that is allowed here, cleaned as if typed."""
    for given in _names(claims, email):
        try:
            return validate_name(given[:MAX_CLAIM])
        except InvalidValueError:
            continue
    return SOMEBODY


def _names(claims: Claims, email: str | None) -> Iterator[str]:
    for claim in NAME_CLAIMS:
        given = claims.get(claim)
        if isinstance(given, str):
            yield given
    if email is not None:
        yield email.partition("@")[0]


def values_of(claims: Claims, path: str) -> tuple[str, ...]:
    """Return the texts at a claim; dots lead into objects, as in `realm_access.roles`."""
    found: Any = claims
    if path and path not in claims:
        for part in path.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    elif path:
        found = claims[path]
    listed = found if isinstance(found, list) else [found]
    return tuple(one for one in listed if isinstance(one, str)) if path else ()


def has_factor(claims: Claims, provider: OpenIdProvider) -> bool:
    """Whether the sign-in at the provider counts as one with a second factor (RFC 8176)."""
    methods = claims.get("amr")
    used = methods if isinstance(methods, list) else []
    return any(one in provider.factor_amr for one in used if isinstance(one, str)) or (
        isinstance(claims.get("acr"), str) and claims["acr"] in provider.factor_acr
    )


def role_for(current: str, values: tuple[str, ...], roles: Mapping[str, str]) -> AccountRole:
    """Return the role that an account has from now on.

    The highest role of the values counts. Without any, a role that the mapping could have given
    ends. An owner stays one unless the mapping has owners; guests become more by a value only.
    """
    own = AccountRole(current)
    given = [AccountRole(role) for value, role in roles.items() if value in values]
    mapped = set(roles.values())
    if own is AccountRole.OWNER and AccountRole.OWNER.value not in mapped:
        return own
    if given:
        return min(given, key=list(AccountRole).index)
    lifted = own.outranks(AccountRole.MEMBER) and own.value in mapped
    return AccountRole.MEMBER if lifted else own
