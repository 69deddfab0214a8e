"""What the texts of settings mean. Functions that read one raise ValueError when it makes no sense."""

import base64
import ipaddress
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from echosphere.core.durable_files import read_or_create
from echosphere.settings.setting import PREFIX, IncompleteSettingsError, SettingsError

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

MIN_SECRET_LENGTH = 32
MADE_SECRET_LENGTH = 64
FILE_KINDS = frozenset({"images", "videos", "audio", "documents", "text", "archives", "programs"})
"""What the settings for uploads may name besides media types and endings."""

FILE_RULE = re.compile(r"\.[a-z0-9_+-]{1,16}|[a-z]+/(?:\*|[a-z0-9][a-z0-9.+-]*)")
# Long enough that none of them stands in random characters by chance.
WEAK_SECRETS = ("change", "secret", "password", "example", "default")
VAPID_BYTES = 32
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def folder(given: str) -> Path:
    return Path(given).expanduser().resolve()


def secret_key(given: str) -> str:
    weak = any(word in given.lower() for word in WEAK_SECRETS) or len(set(given)) < 10
    _require(len(given) >= MIN_SECRET_LENGTH and not weak)
    return given


def kept_secret_key(before: Mapping[str, Any]) -> str:
    """Return the secret of this data folder; the first start makes it."""
    file = before["data"] / "secret.key"
    made = _kept_secret(file, lambda: secrets.token_urlsafe(48))
    is_whole = len(made) >= MADE_SECRET_LENGTH or file.read_text(encoding="utf-8").endswith("\n")
    if not is_whole or len(made) < MIN_SECRET_LENGTH:
        raise SettingsError(
            f"The file {file} is empty or truncated. Restore it from a backup. Without a "
            "backup, remove it: EchoSphere creates a new one, and unsubscribe links in e-mails "
            "already sent stop working."
        )
    return made


def restored_previous_key(before: Mapping[str, Any]) -> str:
    """Return the secret before that of this data folder, where a restore left one; "" for none."""
    file: Path = before["data"] / "secret.key.previous"
    with suppress(FileNotFoundError):
        return file.read_text(encoding="utf-8").strip()
    return ""


def vapid_key(given: str) -> str:
    """Return the private key with which push services are told who sends."""
    private = base64.b64decode(given + "=" * (-len(given) % 4), b"-_", validate=True)
    number = int.from_bytes(private)
    _require(len(private) == VAPID_BYTES and 0 < number < P256_ORDER)
    return _base64url(number)


def kept_vapid_key(before: Mapping[str, Any]) -> str:
    """Return the key of this data folder; the first start makes it."""
    file = before["data"] / "vapid.key"
    try:
        return vapid_key(_kept_secret(file, _new_vapid_key))
    except ValueError:
        raise SettingsError(
            f"The file {file} is empty, truncated or not a P-256 private key. Restore it from a "
            "backup. Without a backup, remove it: EchoSphere creates a new one, and users must "
            "turn notifications on again."
        ) from None


def contact(given: str) -> str:
    _require(given.startswith(("mailto:", "https://")) and not any(map(str.isspace, given)))
    return given


def operator_url(given: str) -> str:
    """Return the address of a page or mailbox of the operator; empty for none."""
    return given and contact(given)


def smtp_url(given: str) -> str:
    url = urlsplit(given)
    whole = url.scheme in ("smtp", "smtps") and url.hostname and url.port != 0
    _require(not given or (whole and not url.path.strip("/") and not url.query))
    return given


def mail_from(given: str) -> str:
    _, address = parseaddr(given)
    _require(address.count("@") == 1 and given.isprintable())
    return given


def mail_host(before: Mapping[str, Any]) -> str:
    """Return the name of this instance as mail addresses have it."""
    host = urlsplit(before["base_url"]).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return "localhost"


def base_url(given: str) -> str:
    """Return scheme and host of the address that people type."""
    url = urlsplit(given)
    _require(url.scheme in ("http", "https") and url.hostname and not url.path.strip("/"))
    return f"{url.scheme}://{url.netloc}"


def default_base_url(before: Mapping[str, Any]) -> str:
    """Return the address at which a browser on this machine reaches the server."""
    host = before["host"]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not listened on
        host = "localhost"
    try:
        return base_url(f"http://{f'[{host}]' if ':' in host else host}:{before['port']}")
    except ValueError:
        raise SettingsError(f"{PREFIX}HOST must be a name or an address, not {host!r}.") from None


def database_url(given: str) -> str:
    kinds = ("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")
    _require(given.startswith(kinds))
    for one in urlsplit(given).netloc.rpartition("@")[2].split(","):
        _ = urlsplit(f"//{one}").port
    return given


def host_and_port(given: str) -> tuple[str, int] | None:
    if not given:
        return None
    host, _, port = given.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    _require(host and port.isascii() and port.isdigit() and int(port) <= 65535)
    return host, int(port)


def networks(given: str) -> tuple[IpNetwork, ...]:
    return tuple(ipaddress.ip_network(part.strip()) for part in given.split(",") if part.strip())


def password_method(given: str) -> str:
    """Return parameters of scrypt that OpenSSL accepts, in a gibibyte of memory at most."""
    name, cost, block, parallel = given.split(":")
    _require(name == "scrypt" and f"{cost}{block}{parallel}".isascii())
    _require(all(map(str.isdigit, (cost, block, parallel))))
    power_of_two = int(cost) >= 1024 and int(cost).bit_count() == 1
    _require(power_of_two and 1 <= int(block) <= 32 and 1 <= int(parallel) <= 16)
    _require(int(cost) * int(block) <= 2**23)
    return given


def refuse_open_http(url: str, *, insecure_http: bool) -> None:
    """Passwords must not cross a network in the clear by accident.

    Raises:
        SettingsError: The address is plain HTTP, and others can reach it.
    """
    host = urlsplit(url).hostname or ""
    if url.startswith("https://") or insecure_http or is_loopback_host(host):
        return
    raise SettingsError(
        f"{url} uses plain HTTP beyond this machine. Put an HTTPS proxy in front and set "
        f"{PREFIX}BASE_URL to its https:// address, or, on a network you trust, set "
        f"{PREFIX}INSECURE_HTTP=on."
    )


def domains(given: str) -> tuple[str, ...]:
    """Return domains in the form that addresses are stored in."""
    names = [part.strip().lower().removeprefix("@") for part in given.split(",") if part.strip()]
    for name in names:
        _require("." in name and not any(map(str.isspace, name)))
    return tuple(map(_in_letters, names))


def file_rules(given: str) -> tuple[str, ...]:
    """Return kinds of files, media types and endings."""
    rules = [part.strip().lower() for part in given.split(",") if part.strip()]
    for rule in rules:
        _require(rule in FILE_KINDS or FILE_RULE.fullmatch(rule))
    return tuple(dict.fromkeys(rules))


def refuse_no_domains(registration: str, allowed: tuple[str, ...]) -> None:
    """No one could register.

    Raises:
        IncompleteSettingsError: Registration is by domain, and no domain is given.
    """
    if registration == "domain" and not allowed:
        raise IncompleteSettingsError(
            f"With {PREFIX}REGISTRATION=domain, {PREFIX}REGISTRATION_DOMAINS must list the "
            "domains whose addresses can register, such as example.org.",
            "registration_domains",
        )


def refuse_no_mail(smtp_url: str, *, confirm_email: bool) -> None:
    """No one could confirm an address.

    Raises:
        IncompleteSettingsError: Addresses are to be confirmed by mail, and there is no mail server.
    """
    if confirm_email and not smtp_url:
        raise IncompleteSettingsError(
            f"With {PREFIX}CONFIRM_EMAIL=on, {PREFIX}SMTP_URL must name the mail server that sends "
            "the links, such as smtps://user:password@mail.example.org:465.",
            "smtp_url",
        )


def is_loopback_host(host: str) -> bool:
    """Whether a name or address is that of this machine alone."""
    return host == "localhost" or _is_loopback(host)


def is_loopback_url(url: str) -> bool:
    """Whether a URL leads to this machine alone."""
    return is_loopback_host(urlsplit(url).hostname or "")


def _in_letters(name: str) -> str:
    """Return a domain by IDNA 2008, as in stored addresses; Python's own codec knows 2003 only."""
    import idna  # noqa: PLC0415 - needed only where there are domains

    in_ascii = idna.encode(name, uts46=True, std3_rules=True, transitional=False)
    return idna.decode(in_ascii)


def _require(makes_sense: object) -> None:
    if not makes_sense:
        raise ValueError


def _kept_secret(path: Path, make: Callable[[], str]) -> str:
    try:
        return read_or_create(path, make)
    except OSError as error:
        raise SettingsError(f"The data folder {path.parent} cannot be used: {error}.") from None


def _new_vapid_key() -> str:
    """A private key of the curve P-256 is a number from 1 to one less than its order."""
    return _base64url(1 + secrets.randbelow(P256_ORDER - 1))


def _base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(VAPID_BYTES)).decode("ascii").rstrip("=")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bus_urls(given: str) -> tuple[str, ...]:
    """Return the addresses of NATS servers."""
    urls = tuple(one.strip() for one in given.split(",") if one.strip())
    for url in map(urlsplit, urls):
        _require(url.scheme in ("nats", "tls") and url.hostname and url.port != 0)
        _require(not url.path.strip("/") and not url.query)
    return urls


def process_name(given: str) -> str:
    """Return the name of this process; empty for a random one."""
    _require(not given or re.fullmatch("[a-z0-9]{1,16}", given))
    return given


class _OfSeveral(Protocol):
    """What a process that is one of several depends on."""

    @property
    def bus_url(self) -> tuple[str, ...]: ...
    @property
    def database_url(self) -> str: ...
    @property
    def storage_url(self) -> str: ...
    @property
    def storage_shared(self) -> bool: ...


def refuse_half_a_cluster(settings: _OfSeveral) -> None:
    """Refuse a process that would be one of several, but could not work as one.

    Raises:
        SettingsError: It has a database or files that the others would not see.
    """
    if not settings.bus_url:
        return
    if settings.database_url.startswith("sqlite"):
        raise SettingsError(
            f"With {PREFIX}BUS_URL, {PREFIX}DATABASE_URL must point to PostgreSQL: several "
            "servers cannot share SQLite. A single server needs no bus, with or without "
            f"--workers: omit {PREFIX}BUS_URL."
        )
    if settings.storage_url.startswith("file:") and not settings.storage_shared:
        raise SettingsError(
            f"With {PREFIX}BUS_URL, every process must be able to reach the files: set "
            f"{PREFIX}STORAGE_URL to s3://…, or {PREFIX}STORAGE_SHARED=on if all processes "
            "share the folder."
        )
