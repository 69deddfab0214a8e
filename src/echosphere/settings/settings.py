"""Every setting of EchoSphere, and reading them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from os import environ
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

from dotenv import dotenv_values

from echosphere.settings import checks
from echosphere.settings.openid_providers import (
    OpenIdProvider,
    openid_providers,
    refuse_no_way_in,
)
from echosphere.settings.setting import (
    PREFIX,
    Setting,
    SettingsError,
    choice,
    number,
    size,
    switch,
    words,
)

log = logging.getLogger(__name__)


def operator_link() -> Setting:
    """Declare an address of the operator, by default none."""
    form = "start with https:// or mailto: and contain no spaces"
    return Setting(read=checks.operator_url, form=form, changeable=True)


def kinds_of_files() -> Setting:
    """Declare a list of files, by default none."""
    form = (
        "list kinds (images, documents and others), types like image/png, or extensions like .pdf"
    )
    return words(checks.file_rules, form, changeable=True)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings:
    """What the operator decided, with sizes in bytes.

    Each setting is declared here and nowhere else. Its line in the table of docs/running.md is made
    from the declaration and from the sentence below it: `python -m tests.docs.settings_table`.
    """

    data: Annotated[Path, Setting("./data", checks.folder)]
    """the data folder"""
    secret_key: Annotated[
        str,
        Setting(
            checks.kept_secret_key,
            checks.secret_key,
            "be at least 32 random characters, or be omitted",
            "created and stored in the data folder",
            prefix="",
            secret=True,
        ),
    ]
    """signs cookies and encrypts the secrets of second factors; at least 32 random characters"""
    secret_key_previous: Annotated[
        str,
        Setting(
            checks.restored_previous_key,
            checks.secret_key,
            "be the previous secret key, or be omitted",
            "none",
            prefix="",
            secret=True,
        ),
    ]
    """the previous `SECRET_KEY`, while it is being changed: what it encrypted can still be read,
    and is re-encrypted when it is used; a restore writes the one from the backup to the data
    folder"""
    host: Annotated[str, Setting("127.0.0.1")]
    """the address to listen on"""
    port: Annotated[int, number(5000, 0, 65535)]
    """the port; 0 picks a free one"""
    base_url: Annotated[
        str,
        Setting(
            checks.default_base_url,
            checks.base_url,
            "look like https://chat.example.org",
            "`http://HOST:PORT`",
        ),
    ]
    """the address people type; links and the Origin check use it. `https://` turns on secure cookies
    and HSTS"""
    database_url: Annotated[
        str,
        Setting(
            lambda before: f"sqlite:///{before['data'] / 'app.db'}",
            checks.database_url,
            "start with sqlite:/// or postgresql:// and have a number as its port",
            "`sqlite:///DATA/app.db`",
            secret=True,
        ),
    ]
    """or `postgresql://user:password@host/name`; for several hosts, one of which accepts writes:
    `postgresql://user:password@host1:5432,host2:5432/name?target_session_attrs=read-write`"""
    storage_url: Annotated[
        str,
        Setting(
            lambda before: (before["data"] / "files").as_uri(), default_shown="`file://DATA/files`"
        ),
    ]
    """where attachments are stored; or `s3://bucket/prefix` with the usual `AWS_…` variables"""
    storage_shared: Annotated[bool, switch("off")]
    """`on`: all processes of this instance share the folder under `file://` (for example over
    NFS); several processes need this or S3"""
    bus_url: Annotated[
        tuple[str, ...],
        Setting(
            read=checks.bus_urls, form="list addresses such as nats://10.0.0.5:4222", secret=True
        ),
    ]
    """NATS, over which several processes exchange events: `nats://` or `tls://`, with
    `user:password@` if needed; several servers of one cluster separated by commas. Needs
    PostgreSQL"""
    process_name: Annotated[
        str, Setting(read=checks.process_name, form="be 1 to 16 characters from a-z and 0-9")
    ]
    """the name of this process if there are several, such as `a`: ids of long-polling sessions
    start with it, so that a proxy knows where a poll belongs; random if not set"""
    worker_silence_seconds: Annotated[int, number(30, 2, 3600)]
    """after how many seconds a worker (`echosphere serve --workers N`) that hangs is killed and
    replaced; increase it when using a debugger"""
    trusted_proxies: Annotated[
        tuple[checks.IpNetwork, ...],
        Setting(
            read=checks.networks, form="list addresses or networks, such as 127.0.0.1,10.0.0.0/8"
        ),
    ]
    """addresses or networks, separated by commas, whose `X-Forwarded-For` is trusted"""
    rate_limits: Annotated[bool, switch("on")]
    """`off` for benchmarks only; sizes stay limited"""
    local_passwords: Annotated[bool, switch("on", changeable=True)]
    """`off`: people can sign in only with the providers in `ECHOSPHERE_OPENID_PROVIDERS`;
    passwords are not accepted anywhere, and `echosphere user reset` prints a link that signs in
    once"""
    openid_providers: Annotated[
        tuple[OpenIdProvider, ...], Setting(read=openid_providers, form="name a file", secret=True)
    ]
    """a TOML file with the OpenID Connect providers that people can sign in with; see below"""
    require_second_factor: Annotated[
        str, choice("nobody", "administrators", "everybody", changeable=True)
    ]
    """who must have a second factor; people without one can only set one up, also with a bearer
    token"""
    registration: Annotated[
        Literal["auto", "open", "invitation", "domain", "approval", "closed"],
        choice(
            "auto",
            "open",
            "invitation",
            "domain",
            "approval",
            "closed",
            aliases={"on": "open", "off": "closed"},
            changeable=True,
        ),
    ]
    """who can register: `open` anyone; `invitation` people with an invitation to the server;
    `domain` people with an address in `ECHOSPHERE_REGISTRATION_DOMAINS` or an invitation;
    `approval` people whom an administrator approves, or who have an invitation; `closed` no one,
    but the command line can still create accounts. `auto` is `invitation` if others can reach the
    server, and `open` on your own machine and on servers that had users before this setting
    existed. The earlier values `on` and `off` mean `open` and `closed`"""
    registration_domains: Annotated[
        tuple[str, ...],
        words(checks.domains, "list domains, such as example.org", changeable=True),
    ]
    """domains of e-mail addresses, separated by commas, for `ECHOSPHERE_REGISTRATION=domain`;
    without `ECHOSPHERE_CONFIRM_EMAIL=on`, anyone can claim such an address"""
    confirm_email: Annotated[bool, switch("off", changeable=True)]
    """`on`: people who register must first confirm their e-mail address with a link in an e-mail,
    and so must people who registered earlier without confirming it; needs `ECHOSPHERE_SMTP_URL`.
    Invitations by e-mail and password reset links also confirm it"""
    server_invites: Annotated[
        Literal["administrators", "everybody"],
        choice("administrators", "everybody", changeable=True),
    ]
    """who can invite people to the server; guests never can"""
    registrations_per_hour: Annotated[int, number(40, 1, 100_000, changeable=True)]
    """how many accounts can be created from one network address; people with an invitation count
    against the invitation instead"""
    directory: Annotated[bool, switch("off", changeable=True)]
    """`on`: everyone with an account can find everyone else by name, except people who opt out;
    if anyone can register, that means anyone"""
    insecure_http: Annotated[bool, switch("off")]
    """`on` allows plain HTTP outside this machine, for a network you trust"""
    password_method: Annotated[
        str,
        Setting(
            "scrypt:131072:8:1",
            checks.password_method,
            "look like scrypt:131072:8:1, with a power of two of at least 1024 as its first number",
        ),
    ]
    """cost of password hashes; existing ones are renewed at the next sign-in"""
    max_attachment: Annotated[int, size(25, 1, 1024, changeable=True)]
    """maximum size of one file; nginx has its own limit"""
    allowed_files: Annotated[tuple[str, ...], kinds_of_files()]
    """the only types of files that can be uploaded: `images`, `videos`, `audio`, `documents`,
    `text`, `archives`, `programs`, media types such as `image/png` or `video/*`, extensions such
    as `.dwg`, separated by commas. The detected type counts, not the name; the extension counts
    only if the format is not detected. Without this setting, any type; voice messages are
    `audio`"""
    refused_files: Annotated[tuple[str, ...], kinds_of_files()]
    """types of files that cannot be uploaded, even if they are allowed, in the form of
    `ECHOSPHERE_ALLOWED_FILES`; an extension also rejects the file name"""
    storage_per_person: Annotated[int, size(5120, 0, 2**30, changeable=True)]
    """storage limit for the files of one person; 0 for no limit"""
    storage_in_all: Annotated[int, size(0, 0, 2**30, changeable=True)]
    """storage limit for all files together; 0 for as much as the disk holds"""
    disk_reserve: Annotated[int, size(256, 0, 2**20, changeable=True)]
    """if less space is free on the disk of the data folder, uploads are rejected while messages
    continue to work; 0 for no reserve"""
    max_export: Annotated[int, size(20_480, 0, 2**30, changeable=True)]
    """maximum size of a personal data download; 0 for no limit"""
    upload_mib_per_minute: Annotated[int, number(100, 1, 100_000, changeable=True)]
    """how much one person can upload; up to five minutes' worth at once"""
    metrics_token: Annotated[str | None, Setting(read=lambda given: given or None, secret=True)]
    """bearer token for `/metrics`; without this setting, it always returns 404"""
    metrics_listen: Annotated[
        tuple[str, int] | None, Setting(read=checks.host_and_port, form="look like 127.0.0.1:9464")
    ]
    """an address for `/metrics` only, without a token, such as `127.0.0.1:9464`; make sure that
    only Prometheus can reach it"""
    log_format: Annotated[Literal["console", "json"], choice("console", "json")]
    """`json` writes one object per line"""
    log_level: Annotated[str, choice("INFO", "DEBUG", "WARNING", "ERROR")]
    """how much is logged"""
    vapid_key: Annotated[
        str,
        Setting(
            checks.kept_vapid_key,
            checks.vapid_key,
            "be a P-256 private key, 32 bytes in base64url, or be omitted",
            "created and stored in the data folder",
            secret=True,
        ),
    ]
    """P-256 private key, 32 bytes in base64url"""
    vapid_contact: Annotated[
        str,
        Setting(
            lambda before: f"mailto:postmaster@{checks.mail_host(before)}",
            checks.contact,
            "look like mailto:you@example.org",
            "`mailto:postmaster@HOST of the base URL`",
        ),
    ]
    """whom a push service can contact if something is wrong"""
    link_previews: Annotated[bool, switch("on", changeable=True)]
    """`off`: the server never fetches linked pages"""
    allow_private_addresses: Annotated[bool, switch("off", old_name="INNER_ADDRESSES")]
    """`on` lets link previews and Web Push reach this machine and its network, without HTTPS and on
    any port; for development only"""
    endpoint_networks: Annotated[
        tuple[checks.IpNetwork, ...],
        Setting(
            read=checks.networks, form="list addresses or networks, such as 192.168.1.20,10.0.0.0/8"
        ),
    ]
    """addresses or networks, separated by commas, that endpoints of bots can lead to although
    they are not public; without HTTPS and on any port"""
    smtp_url: Annotated[
        str,
        Setting(
            read=checks.smtp_url,
            form="look like smtps://user:password@mail.example.org:465",
            secret=True,
        ),
    ]
    """the mail server: `smtps://user:password@mail.example.org:465`, or `smtp://…:587`, which
    switches to encryption; percent-encode special characters. Without it, no e-mail is sent"""
    mail_from: Annotated[
        str,
        Setting(
            lambda before: f"EchoSphere <echosphere@{checks.mail_host(before)}>",
            checks.mail_from,
            "look like EchoSphere <chat@example.org>",
            "`EchoSphere <echosphere@HOST of the base URL>`",
        ),
    ]
    """the sender of e-mails"""
    imprint_url: Annotated[str, operator_link()]
    """the operator's imprint, linked from the sign-in and registration pages"""
    privacy_url: Annotated[str, operator_link()]
    """the operator's privacy notice, linked from the sign-in and registration pages"""
    contact_url: Annotated[str, operator_link()]
    """a contact page or address (`mailto:…`) of the operator, linked from the sign-in and
    registration pages"""
    security_contact: Annotated[str, operator_link()]
    """a page or address for reporting vulnerabilities, published in
    `/.well-known/security.txt`"""
    digest_hours: Annotated[int, number(12, 1, 24 * 30, changeable=True)]
    """how many hours a message stays unread before its recipient gets an e-mail; needs
    `ECHOSPHERE_SMTP_URL`"""
    retention_days: Annotated[int, number(0, 0, 36_500, changeable=True)]
    """after how many days messages are permanently deleted everywhere; 0 keeps them. The owner of
    a group can choose fewer days for it"""
    edit_minutes: Annotated[int, number(0, 0, 60 * 24 * 365, changeable=True)]
    """for how many minutes people can edit a message; 0 for no limit"""
    given: frozenset[str] = frozenset()
    """the fields of those that the environment sets: no change while the server runs replaces them"""

    def __repr__(self) -> str:
        hidden = {field for field, setting in declared_settings().values() if setting.secret}
        shown = (f"{name}={getattr(self, name)!r}" for name in self.__slots__ if name not in hidden)
        return f"Settings({', '.join(shown)})"

    @property
    def is_public(self) -> bool:
        """Whether other machines can reach this instance."""
        return not (checks.is_loopback_host(self.host) and checks.is_loopback_url(self.base_url))

    @property
    def secure(self) -> bool:
        """Whether people reach this instance over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def has_database(self) -> bool:
        """Whether there may be one; an SQLite file is created at the first start."""
        kind, _, path = self.database_url.partition(":///")
        return kind != "sqlite" or Path(path).exists()

    @property
    def open_http(self) -> str:
        """What to say where other machines reach this one over plain HTTP by oversight; or nothing."""
        allowed = self.secure or self.insecure_http or self.trusted_proxies
        if allowed or checks.is_loopback_host(self.host):
            return ""
        return (
            f"With {PREFIX}HOST={self.host}, other machines connect over plain HTTP, where "
            "passwords can be intercepted. Put an HTTPS proxy in front and set "
            f"{PREFIX}BASE_URL to its https:// address, or, on a network you trust, set "
            f"{PREFIX}INSECURE_HTTP=on."
        )


def declared_settings() -> dict[str, tuple[str, Setting]]:
    """Return the field and the declaration of each setting, by its name in the environment."""
    hints = get_type_hints(Settings, include_extras=True)
    fields = {field: hint.__metadata__[0] for field, hint in hints.items() if field != "given"}
    return {
        f"{setting.prefix}{field.upper()}{setting.suffix}": (field, setting)
        for field, setting in fields.items()
    }


@cache
def changeable_settings() -> dict[str, tuple[str, Setting]]:
    """Return the field and the declaration of each setting that can change while the server runs.

    Their names are those in the environment without `ECHOSPHERE_`, in small letters.
    """
    return {
        name.removeprefix(PREFIX).lower(): (field, setting)
        for name, (field, setting) in declared_settings().items()
        if setting.changeable
    }


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment and from `.env` in the working folder.

    Args:
        environment: Used instead of both when given.

    Raises:
        SettingsError: A value makes no sense or a name is not known.
    """
    given = _environment() if environment is None else dict(environment)
    declared = declared_settings()
    _take_old_names(given, declared)
    _refuse_unknown(given, declared)
    values: dict[str, Any] = {}
    set_here: set[str] = set()
    for name, (field, setting) in declared.items():
        written = given.get(name, "").strip()
        if written:
            set_here.add(field)
        if written or isinstance(setting.default, str):
            values[field] = setting.value_of(name, written or str(setting.default))
        else:
            values[field] = setting.default(values)
    settings = Settings(**values, given=frozenset(set_here))
    checks.refuse_open_http(settings.base_url, insecure_http=settings.insecure_http)
    require_complete(settings)
    return settings


def require_complete(settings: Settings) -> None:
    """Refuse settings of which one makes no sense without another.

    Raises:
        IncompleteSettingsError: One is missing.
    """
    checks.refuse_no_mail(settings.smtp_url, confirm_email=settings.confirm_email)
    checks.refuse_half_a_cluster(settings)
    checks.refuse_no_domains(settings.registration, settings.registration_domains)
    refuse_no_way_in(local_passwords=settings.local_passwords, providers=settings.openid_providers)


OF_BOTS = frozenset(
    f"{PREFIX}{name}" for name in ("URL", "KEY", "HOOK", "SECRET", "STATE", "TRANSPORT", "LOG")
)
"""What the SDKs for bots and `echosphere-bot` read from the environment."""


def _environment() -> dict[str, str]:
    from_file = {name: value or "" for name, value in dotenv_values(".env").items()}
    return from_file | dict(environ)


def _take_old_names(given: dict[str, str], declared: Mapping[str, tuple[str, Setting]]) -> None:
    for name, (_, setting) in declared.items():
        old = f"{setting.prefix}{setting.old_name}"
        if setting.old_name and old in given:
            log.warning("%s is now called %s; the old name will be removed.", old, name)
            given.setdefault(name, given.pop(old))


def _refuse_unknown(given: Mapping[str, str], declared: Mapping[str, object]) -> None:
    """A misspelt setting that is silently ignored has cost many an operator an evening.

    Those of a bot are set in the same shell by whoever runs both there.
    """
    for name in given:
        if name.startswith(PREFIX) and name not in declared and name not in OF_BOTS:
            raise SettingsError(f"{name} is not a setting of EchoSphere; see docs/running.md.")
