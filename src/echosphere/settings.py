"""All settings: read once from the environment and `.env`, checked, then frozen."""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from dotenv import dotenv_values

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
LogFormat = Literal["console", "json"]

MIN_SECRET_LENGTH = 32
WEAK_SECRETS = ("change", "secret", "password", "example", "default", "dev")
PREFIX = "ECHOSPHERE_"
KNOWN = {
    "BASE_URL",
    "DATA",
    "DATABASE_URL",
    "HOST",
    "INSECURE_HTTP",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "MAX_ATTACHMENT_MIB",
    "METRICS_TOKEN",
    "PASSWORD_METHOD",
    "PORT",
    "RATE_LIMITS",
    "REGISTRATION",
    "STORAGE_URL",
    "TRUSTED_PROXIES",
}


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
    insecure_http: bool = False
    password_method: str = "scrypt:131072:8:1"  # noqa: S105 - a method, not a password
    max_attachment: int = 25 * 1024 * 1024
    metrics_token: str | None = field(default=None, repr=False)
    log_format: LogFormat = "console"
    log_level: str = "INFO"

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
    values = _environment() if environment is None else dict(environment)
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
        database_url=read.text("DATABASE_URL", f"sqlite:///{data / 'app.db'}"),
        storage_url=read.text("STORAGE_URL", (data / "files").as_uri()),
        trusted_proxies=_networks(read.text("TRUSTED_PROXIES", "")),
        rate_limits=read.switch("RATE_LIMITS", default=True),
        registration=read.switch("REGISTRATION", default=True),
        insecure_http=read.switch("INSECURE_HTTP", default=False),
        password_method=_password_method(read.text("PASSWORD_METHOD", "scrypt:131072:8:1")),
        max_attachment=read.number("MAX_ATTACHMENT_MIB", 25, 1, 1024) * 1024 * 1024,
        metrics_token=read.text("METRICS_TOKEN", "") or None,
        log_format=cast("LogFormat", read.choice("LOG_FORMAT", "console", ("console", "json"))),
        log_level=read.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
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
    return from_file | dict(os.environ)


def _refuse_unknown(values: Mapping[str, str]) -> None:
    """A misspelt setting that is silently ignored has cost many an operator an evening."""
    for name in values:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in KNOWN:
            raise SettingsError(f"{name} is not a setting of EchoSphere; see docs/running.md.")


def _secret_key(given: str | None, data: Path) -> str:
    if given is None or not given.strip():
        return _kept_secret(data / "secret.key")
    weak = any(word in given.lower() for word in WEAK_SECRETS) or len(set(given)) < 10
    if len(given) < MIN_SECRET_LENGTH or weak:
        raise SettingsError(
            "SECRET_KEY is too weak: give at least 32 random characters, "
            "or none, and EchoSphere makes one and keeps it in the data folder."
        )
    return given


def _kept_secret(path: Path) -> str:
    """Return the secret of this data folder; the first start makes it, readable by us alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"The data folder {path.parent} cannot be used: {error}.") from None


def _base_url(given: str) -> str:
    url = urlsplit(given)
    if url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/"):
        raise SettingsError(
            f"{PREFIX}BASE_URL must look like https://chat.example.org, not {given!r}."
        )
    return f"{url.scheme}://{url.netloc}"


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
