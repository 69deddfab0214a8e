"""The sign-in services (OpenID Connect providers) of a server, read from a file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from echosphere.settings.checks import is_loopback_host
from echosphere.settings.setting import PREFIX, IncompleteSettingsError, SettingsError

SETTING = f"{PREFIX}OPENID_PROVIDERS"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
MAX_LABEL = 40
MAX_PROVIDERS = 8
ROLES = ("owner", "administrator", "moderator", "member", "guest")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdProvider:
    """A service at which people may sign in; the sentences are those of docs/running.md.

    Attributes:
        name: Part of the addresses that the provider is told.
        label: What the button says.
        issuer: Where the provider describes itself, exactly as it calls itself.
        client_id: What the provider calls this server.
        client_secret: Proves that it is this server; "" for a public client.
        scopes: What is asked for.
        register: Whether people without an account get one, as far as registration allows.
        match_email: Whether a confirmed address signs in to the account that has it.
        private_address: Whether the issuer may be on this machine or its network.
        ca_file: Certificates that are trusted instead of the usual ones; "" for those.
        role_claim: The claim that roles come from; "" for none. Dots lead into objects.
        roles: The role for each value of the claim.
        factor_amr: Methods that count as a second factor.
        factor_acr: Classes that count as a second factor.
        sign_out: Whether signing out leads to the provider, too.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    register: bool = True
    match_email: bool = False
    private_address: bool = False
    ca_file: str = ""
    role_claim: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    factor_amr: tuple[str, ...] = ()
    factor_acr: tuple[str, ...] = ()
    sign_out: bool = True


REQUIRED = ("label", "issuer", "client_id")
TEXTS = ("label", "issuer", "client_id", "client_secret", "ca_file", "role_claim")
SWITCHES = ("register", "match_email", "private_address", "sign_out")
LISTS = ("scopes", "factor_amr", "factor_acr")
SECRET_FILE = "client_secret_file"  # noqa: S105 - the name of a key


def openid_providers(given: str) -> tuple[OpenIdProvider, ...]:
    """Read the file that a setting names; without one there are no providers.

    Raises:
        SettingsError: It cannot be read, or something in it makes no sense.
    """
    if not given:
        return ()
    path = Path(given).expanduser().resolve()
    tables = _tables(path)
    if len(tables) > MAX_PROVIDERS:
        raise SettingsError(f"{SETTING}: {path} can have up to {MAX_PROVIDERS} providers.")
    return tuple(_provider(path, name, table) for name, table in tables.items())


def refuse_no_way_in(*, local_passwords: bool, providers: tuple[OpenIdProvider, ...]) -> None:
    """No one could sign in.

    Raises:
        IncompleteSettingsError: There are neither passwords nor providers.
    """
    if not local_passwords and not providers:
        raise IncompleteSettingsError(
            f"With {PREFIX}LOCAL_PASSWORDS=off, {SETTING} must name at least one provider.",
            "openid_providers",
        )


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{SETTING}: {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise SettingsError(f"{SETTING}: {path} is not TOML: {error}.") from None


def _provider(path: Path, name: str, table: Any) -> OpenIdProvider:
    where = f"{SETTING}: [{name}] in {path}"
    if not NAME.fullmatch(name) or not isinstance(table, dict):
        raise SettingsError(
            f"{where} must be a table named with lowercase letters, digits and hyphens."
        )
    values: dict[str, Any] = {"name": name}
    for key, value in table.items():
        if key == SECRET_FILE:
            values["client_secret"] = _secret(where, path.parent / str(value))
        else:
            values[key] = _value(where, key, value)
    for key in REQUIRED:
        if not values.get(key):
            raise SettingsError(f"{where} needs {key}.")
    provider = OpenIdProvider(**values)
    _check(where, provider)
    return provider


def _value(where: str, key: str, value: Any) -> Any:
    """Return the value of a key, of the type that it must have."""
    if key in TEXTS and isinstance(value, str):
        return value.strip()
    if key in SWITCHES and isinstance(value, bool):
        return value
    if key in LISTS and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if key == "roles" and isinstance(value, dict) and set(value.values()) <= set(ROLES):
        return dict(value)
    known = (*TEXTS, SECRET_FILE, *SWITCHES, *LISTS, "roles")
    if key not in known:
        raise SettingsError(f"{where} has an unknown key {key}. Known keys: {', '.join(known)}.")
    raise SettingsError(f"{where}: {key} has an invalid value; see docs/running.md.")


def _secret(where: str, path: Path) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"{where}: the file {path} cannot be read: {error}.") from None


def _check(where: str, provider: OpenIdProvider) -> None:
    if len(provider.label) > MAX_LABEL or not provider.label.isprintable():
        raise SettingsError(f"{where}: label can have up to {MAX_LABEL} printable characters.")
    if "openid" not in provider.scopes:
        raise SettingsError(f"{where}: scopes must include openid.")
    if not _is_issuer(provider.issuer):
        raise SettingsError(
            f"{where}: issuer must be an https:// address without a query, exactly as the provider"
            " writes it. Plain http:// is for a provider on this machine."
        )
    if bool(provider.role_claim) != bool(provider.roles):
        raise SettingsError(f"{where}: role_claim and roles must be set together.")


def _is_issuer(given: str) -> bool:
    """Whether an issuer identifier is allowed (OpenID Connect Core, 2); secrets need HTTPS."""
    try:
        url = urlsplit(given)
        host = url.hostname or ""
    except ValueError:
        return False
    if not host or url.query or url.fragment or url.username is not None:
        return False
    return url.scheme == "https" or (url.scheme == "http" and is_loopback_host(host))
