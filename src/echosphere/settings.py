"""All settings: read once from the environment and `.env`, checked, then frozen."""

import base64
import ipaddress
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from os import environ
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from dotenv import dotenv_values

from echosphere.core.durable_files import read_or_create

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
LogFormat = Literal["console", "json"]

MIN_SECRET_LENGTH = 32
MADE_SECRET_LENGTH = 64
WEAK_SECRETS = ("change", "secret", "password", "example", "default", "dev")
VAPID_BYTES = 32
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PREFIX = "ECHOSPHERE_"
KNOWN = {
    "ALLOW_PRIVATE_ADDRESSES",
    "BASE_URL",
    "DATA",
    "DATABASE_URL",
    "DIRECTORY",
    "EDIT_MINUTES",
    "HOST",
    "DIGEST_HOURS",
    "DISK_RESERVE_MIB",
    "INSECURE_HTTP",
    "LINK_PREVIEWS",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "MAIL_FROM",
    "MAX_ATTACHMENT_MIB",
    "METRICS_LISTEN",
    "STORAGE_IN_ALL_MIB",
    "STORAGE_PER_PERSON_MIB",
    "UPLOAD_MIB_PER_MINUTE",
    "METRICS_TOKEN",
    "PASSWORD_METHOD",
    "PORT",
    "RATE_LIMITS",
    "REGISTRATION",
    "REGISTRATIONS_PER_HOUR",
    "SMTP_URL",
    "STORAGE_URL",
    "TRUSTED_PROXIES",
    "VAPID_CONTACT",
    "VAPID_KEY",
}
RENAMED = {"INNER_ADDRESSES": "ALLOW_PRIVATE_ADDRESSES"}
"""Deprecated names of settings, and their present names."""

log = logging.getLogger(__name__)


class SettingsError(Exception):
    """A setting makes no sense; the text says which and what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decided. Sizes are in bytes, times in seconds."""

    data: Path
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 5000
    base_url: str = "http://127.0.0.1:5000"
    database_url: str = field(default="", repr=False)
    storage_url: str = ""
    trusted_proxies: tuple[IpNetwork, ...] = ()
    rate_limits: bool = True
    registration: bool = True
    registrations_per_hour: int = 40
    directory: bool = False
    insecure_http: bool = False
    password_method: str = "scrypt:131072:8:1"  # noqa: S105 - a method, not a password
    max_attachment: int = 25 * 1024 * 1024
    storage_per_person: int = 5 * 1024 * 1024 * 1024
    storage_in_all: int = 0
    upload_mib_per_minute: int = 100
    metrics_token: str | None = field(default=None, repr=False)
    metrics_listen: tuple[str, int] | None = None
    log_format: LogFormat = "console"
    log_level: str = "INFO"
    vapid_key: str = field(default="", repr=False)
    vapid_contact: str = ""
    link_previews: bool = True
    allow_private_addresses: bool = False
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    digest_hours: int = 12
    edit_minutes: int = 0
    disk_reserve: int = 256 * 1024 * 1024

    @property
    def secure(self) -> bool:
        """Whether people reach this instance over HTTPS."""
        return self.base_url.startswith("https://")


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment and from `.env` in the working folder.

    Args:
        environment: Used instead of both when given.

    Raises:
        SettingsError: A value makes no sense or a name is not known.
    """
    values = _with_present_names(_environment() if environment is None else environment)
    _refuse_unknown(values)
    read = _Reader(values)
    data = Path(read.text("DATA", "./data")).expanduser().resolve()
    host, port = read.text("HOST", "127.0.0.1"), read.number("PORT", 5000, 0, 65535)
    base_url = _base_url(read.text("BASE_URL", f"http://{_in_url(host)}:{port}"))
    settings = Settings(
        data=data,
        secret_key=_secret_key(values.get("SECRET_KEY"), data),
        host=host,
        port=port,
        base_url=base_url,
        database_url=_database_url(read.text("DATABASE_URL", f"sqlite:///{data / 'app.db'}")),
        storage_url=read.text("STORAGE_URL", (data / "files").as_uri()),
        trusted_proxies=_networks(read.text("TRUSTED_PROXIES", "")),
        rate_limits=read.switch("RATE_LIMITS", default=True),
        registration=read.switch("REGISTRATION", default=True),
        registrations_per_hour=read.number("REGISTRATIONS_PER_HOUR", 40, 1, 100_000),
        directory=read.switch("DIRECTORY", default=False),
        insecure_http=read.switch("INSECURE_HTTP", default=False),
        password_method=_password_method(read.text("PASSWORD_METHOD", "scrypt:131072:8:1")),
        storage_per_person=read.number("STORAGE_PER_PERSON_MIB", 5_120, 0, 2**30) * 1024 * 1024,
        storage_in_all=read.number("STORAGE_IN_ALL_MIB", 0, 0, 2**30) * 1024 * 1024,
        upload_mib_per_minute=read.number("UPLOAD_MIB_PER_MINUTE", 100, 1, 100_000),
        max_attachment=read.number("MAX_ATTACHMENT_MIB", 25, 1, 1024) * 1024 * 1024,
        metrics_token=read.text("METRICS_TOKEN", "") or None,
        metrics_listen=_metrics_listen(read.text("METRICS_LISTEN", "")),
        log_format=cast("LogFormat", read.choice("LOG_FORMAT", "console", ("console", "json"))),
        log_level=read.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        vapid_key=_vapid_key(read.text("VAPID_KEY", ""), data),
        vapid_contact=_vapid_contact(read.text("VAPID_CONTACT", ""), base_url),
        link_previews=read.switch("LINK_PREVIEWS", default=True),
        allow_private_addresses=read.switch("ALLOW_PRIVATE_ADDRESSES", default=False),
        smtp_url=_smtp_url(read.text("SMTP_URL", "")),
        mail_from=_mail_from(read.text("MAIL_FROM", ""), base_url),
        digest_hours=read.number("DIGEST_HOURS", 12, 1, 24 * 30),
        disk_reserve=read.number("DISK_RESERVE_MIB", 256, 0, 1024 * 1024) * 1024 * 1024,
        edit_minutes=read.number("EDIT_MINUTES", 0, 0, 60 * 24 * 365),
    )
    _refuse_open_http(settings)
    return settings


class _Reader:
    """Takes one setting at a time and says clearly what is wrong with it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str) -> str:
        return self._values.get(PREFIX + name, "").strip() or default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        given = self.text(name, str(default))
        if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
            raise SettingsError(
                f"{PREFIX}{name} must be a whole number from {least} to {most}, not {given!r}."
            )
        return int(given)

    def switch(self, name: str, *, default: bool) -> bool:
        words = {"on": True, "off": False, "true": True, "false": False, "1": True, "0": False}
        given = self.text(name, "on" if default else "off").lower()
        if given not in words:
            raise SettingsError(f"{PREFIX}{name} must be on or off, not {given!r}.")
        return words[given]

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        given = self.text(name, default)
        if given not in allowed:
            raise SettingsError(
                f"{PREFIX}{name} must be one of {', '.join(allowed)}, not {given!r}."
            )
        return given


def _environment() -> dict[str, str]:
    from_file = {name: value or "" for name, value in dotenv_values(".env").items()}
    return from_file | dict(environ)


def _with_present_names(values: Mapping[str, str]) -> dict[str, str]:
    """Replace deprecated names; a value under the present name takes precedence."""
    present = dict(values)
    for old, new in RENAMED.items():
        value = present.pop(PREFIX + old, None)
        if value is not None:
            log.warning("%s%s is deprecated; use %s%s instead.", PREFIX, old, PREFIX, new)
            present.setdefault(PREFIX + new, value)
    return present


def _refuse_unknown(values: Mapping[str, str]) -> None:
    """A misspelt setting that is silently ignored has cost many an operator an evening."""
    for name in values:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in KNOWN:
            raise SettingsError(f"{name} is not a setting of EchoSphere; see docs/running.md.")


def _secret_key(given: str | None, data: Path) -> str:
    if given is None or not given.strip():
        made = _kept_secret(data / "secret.key", lambda: secrets.token_urlsafe(48))
        if len(made) < MADE_SECRET_LENGTH:
            raise SettingsError(
                f"The file {data / 'secret.key'} is empty or cut short. Put it back from a backup. "
                "Without one, remove it: EchoSphere makes another; links to unsubscribe in mails "
                "that were sent stop working."
            )
        return made
    weak = any(word in given.lower() for word in WEAK_SECRETS) or len(set(given)) < 10
    if len(given) < MIN_SECRET_LENGTH or weak:
        raise SettingsError(
            "SECRET_KEY is too weak: give at least 32 random characters, "
            "or none, and EchoSphere makes one and keeps it in the data folder."
        )
    return given


def _new_vapid_key() -> str:
    """A private key of the curve P-256 is a number from 1 to one less than its order."""
    return _base64url(1 + secrets.randbelow(P256_ORDER - 1))


def _vapid_key(given: str, data: Path) -> str:
    """Return the private key with which push services are told who sends."""
    key = given or _kept_secret(data / "vapid.key", _new_vapid_key)
    try:
        private = base64.b64decode(key + "=" * (-len(key) % 4), b"-_", validate=True)
    except ValueError:
        private = b""
    number = int.from_bytes(private)
    if len(private) == VAPID_BYTES and 0 < number < P256_ORDER:
        return _base64url(number)
    if given:
        raise SettingsError(
            f"{PREFIX}VAPID_KEY must hold a private key of P-256: 32 bytes in base64url. "
            "Without one, EchoSphere makes one and keeps it in the data folder."
        )
    raise SettingsError(
        f"The file {data / 'vapid.key'} is empty, cut short or no private key of P-256. Put it back "
        "from a backup. Without one, remove it: EchoSphere makes another, and people have to switch "
        "notifications on again."
    )


def _base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32)).decode("ascii").rstrip("=")


def _vapid_contact(given: str, base_url: str) -> str:
    contact = given or f"mailto:postmaster@{_mail_host(base_url)}"
    if not contact.startswith(("mailto:", "https://")) or any(map(str.isspace, contact)):
        raise SettingsError(
            f"{PREFIX}VAPID_CONTACT must look like mailto:you@example.org, not {given!r}."
        )
    return contact


def _smtp_url(given: str) -> str:
    if not given:
        return ""
    try:
        url = urlsplit(given)
        whole = url.scheme in ("smtp", "smtps") and url.hostname and url.port != 0
    except ValueError:
        whole = False
    if not whole or url.path.strip("/") or url.query:
        raise SettingsError(
            f"{PREFIX}SMTP_URL must look like smtps://user:password@mail.example.org:465 "
            "or smtp://mail.example.org:587."
        )
    return given


def _mail_from(given: str, base_url: str) -> str:
    sender = given or f"EchoSphere <echosphere@{_mail_host(base_url)}>"
    _, address = parseaddr(sender)
    if address.count("@") != 1 or not sender.isprintable():
        raise SettingsError(
            f"{PREFIX}MAIL_FROM must look like EchoSphere <chat@example.org>, not {given!r}."
        )
    return sender


def _mail_host(base_url: str) -> str:
    """Return the name of this instance as mail addresses have it."""
    host = urlsplit(base_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return "localhost"


def _kept_secret(path: Path, make: Callable[[], str]) -> str:
    """Return a secret of this data folder; the first start makes it, readable by us alone."""
    try:
        return read_or_create(path, make)
    except OSError as error:
        raise SettingsError(f"The data folder {path.parent} cannot be used: {error}.") from None


def _base_url(given: str) -> str:
    url = urlsplit(given)
    if url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/"):
        raise SettingsError(
            f"{PREFIX}BASE_URL must look like https://chat.example.org, not {given!r}."
        )
    return f"{url.scheme}://{url.netloc}"


def _database_url(given: str) -> str:
    if not given.startswith(
        ("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")
    ):
        raise SettingsError(
            f"{PREFIX}DATABASE_URL must begin with sqlite:/// or postgresql://, "
            f"not {given.partition(':')[0]!r}."
        )
    try:
        _ = urlsplit(given).port
    except ValueError:
        raise SettingsError(
            f"{PREFIX}DATABASE_URL cannot be understood: its port is not a number."
        ) from None
    return given


def _metrics_listen(given: str) -> tuple[str, int] | None:
    if not given:
        return None
    host, _, port = given.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit() and int(port) <= 65535):
        raise SettingsError(f"{PREFIX}METRICS_LISTEN must look like 127.0.0.1:9464, not {given!r}.")
    return host, int(port)


def _in_url(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not listened on
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _networks(given: str) -> tuple[IpNetwork, ...]:
    try:
        return tuple(
            ipaddress.ip_network(part.strip()) for part in given.split(",") if part.strip()
        )
    except ValueError:
        raise SettingsError(
            f"{PREFIX}TRUSTED_PROXIES must list addresses or networks, "
            f"such as 127.0.0.1,10.0.0.0/8, not {given!r}."
        ) from None


def _password_method(given: str) -> str:
    parts = given.split(":")
    numbers = [int(part) for part in parts[1:] if part.isascii() and part.isdigit()]
    if len(parts) != 4 or parts[0] != "scrypt" or len(numbers) != 3 or not _can_hash(*numbers):
        raise SettingsError(
            f"{PREFIX}PASSWORD_METHOD must look like scrypt:131072:8:1, with a power of two from "
            f"1024 on as its first number, not {given!r}."
        )
    return given


def _can_hash(cost: int, block: int, parallel: int) -> bool:
    """Whether OpenSSL accepts these parameters of scrypt, in a gibibyte of memory at most."""
    power_of_two = cost >= 1024 and cost & (cost - 1) == 0
    return power_of_two and 1 <= block <= 32 and 1 <= parallel <= 16 and cost * block <= 2**23


def _refuse_open_http(settings: Settings) -> None:
    """Passwords must not cross a network in the clear by accident."""
    if settings.secure or settings.insecure_http:
        return
    host = urlsplit(settings.base_url).hostname or ""
    if host == "localhost" or _is_loopback(host):
        return
    raise SettingsError(
        f"{settings.base_url} is plain HTTP outside this machine. Put a proxy with HTTPS in front "
        f"and set {PREFIX}BASE_URL to its https:// address, or, on a network you trust, set "
        f"{PREFIX}INSECURE_HTTP=on."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
