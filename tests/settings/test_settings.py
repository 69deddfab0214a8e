"""Settings: valid ones start the server, everything else stops the start with a clear message."""

import stat
from pathlib import Path

import pytest

from echosphere.accounts import normalize_email
from echosphere.administration.checklist import checklist_of
from echosphere.app import create_app
from echosphere.settings import Settings, SettingsError, declared_settings, load_settings

OLD_NAMES = {
    setting.old_name: (field, setting.default)
    for field, setting in declared_settings().values()
    if setting.old_name
}
SECRET = "k9Jd83hGq1Zr5Xw7Lb2Nv6Tm4Ps0Yc8Ef"


def load(folder: Path, **given: str) -> Settings:
    """Load settings for a folder; names are given without their common beginning."""
    return load_settings(
        {"ECHOSPHERE_DATA": str(folder)}
        | {
            name if name == "SECRET_KEY" else f"ECHOSPHERE_{name}": value
            for name, value in given.items()
        }
    )


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.host, settings.port, settings.base_url) == (
        "127.0.0.1",
        5000,
        "http://127.0.0.1:5000",
    )
    assert settings.database_url == f"sqlite:///{tmp_path / 'app.db'}"
    assert (settings.rate_limits, settings.secure) == (True, False)


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, second = load(tmp_path / "new"), load(tmp_path / "new")
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    file = tmp_path / "new" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load(tmp_path / "other").secret_key != first.secret_key
    assert load(tmp_path, SECRET_KEY=SECRET).secret_key == SECRET


def test_random_characters_are_taken_whatever_they_spell(tmp_path: Path) -> None:
    spelt = f"{SECRET[:20]}dEv{SECRET[20:]}"
    assert load(tmp_path, SECRET_KEY=spelt).secret_key == spelt


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    shown = repr(
        load(
            tmp_path,
            SECRET_KEY=SECRET,
            DATABASE_URL="postgresql://ada:hunter2@db/x",
            METRICS_TOKEN="metrics-token",
            SMTP_URL="smtps://ada:envelope@mail.example.org",
        )
    )
    assert not any(word in shown for word in (SECRET, "hunter2", "metrics-token", "envelope"))


@pytest.mark.parametrize(
    "given",
    [
        {"SECRET_KEY": "short"},
        {"VAPID_KEY": "short"},
        {"VAPID_KEY": "A" * 43},
        {"VAPID_KEY": "!" * 43},
        {"VAPID_CONTACT": "me@example.org"},
        {"SMTP_URL": "mail.example.org"},
        {"SMTP_URL": "http://mail.example.org"},
        {"SMTP_URL": "smtp://mail.example.org:mail"},
        {"MAIL_FROM": "nobody"},
        {"DIGEST_HOURS": "0"},
        {"LINK_PREVIEWS": "perhaps"},
        {"ALLOW_PRIVATE_ADDRESSES": "some"},
        {"SECRET_KEY": "x" * 64},
        {"SECRET_KEY": "change-me-" + SECRET},
        {"SECRET_KEY": "this-is-the-Default-" + SECRET},
        {"PORT": "0x50"},
        {"PORT": "-1"},
        {"PORT": "65536"},
        {"PORT": "five"},
        {"PORT": "\u0665\u0660\u0660\u0660"},
        {"BASE_URL": "chat.example.org"},
        {"BASE_URL": "ftp://chat.example.org"},
        {"BASE_URL": "https://"},
        {"BASE_URL": "https://chat.example.org/under/a/path"},
        {"BASE_URL": "http://chat.example.org"},
        {"BASE_URL": "http://[chat.example.org"},
        {"DATABASE_URL": "mysql://db/chat"},
        {"DATABASE_URL": "postgresql://db:port/chat"},
        {"DATABASE_URL": "postgresql://ada:word@one:5432,two:port/chat"},
        {"HOST": "192.0.2.1"},
        {"RATE_LIMITS": "maybe"},
        {"REGISTRATION": "perhaps"},
        {"REGISTRATION": "domain"},
        {"REGISTRATION_DOMAINS": "münchen_.example"},
        {"LOG_FORMAT": "xml"},
        {"LOG_LEVEL": "LOUD"},
        {"TRUSTED_PROXIES": "nginx"},
        {"TRUSTED_PROXIES": "10.0.0.1/8"},
        {"PASSWORD_METHOD": "md5"},
        {"PASSWORD_METHOD": "scrypt:x:8:1"},
        {"PASSWORD_METHOD": "scrypt:1025:8:1"},
        {"PASSWORD_METHOD": "scrypt:131072:8"},
        {"METRICS_LISTEN": "9464"},
        {"MAIL_FROM": "Echo\nSphere <chat@example.org>"},
        {"MAX_ATTACHMENT_MIB": "0"},
        {"MAX_ATTACHMENT_MIB": "1000000"},
        {"BASE_URI": "https://chat.example.org"},
        {"base_url": "https://chat.example.org"},
    ],
)
def test_nonsense_stops_the_start(tmp_path: Path, given: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, **given)
    name = next(iter(given))
    assert name.upper() in str(caught.value).upper() or "BASE_URL" in str(caught.value)


def test_a_database_may_have_several_hosts(tmp_path: Path) -> None:
    url = "postgresql://ada:word@one:5432,two:5433,three/chat?target_session_attrs=read-write"
    assert load(tmp_path, DATABASE_URL=url).database_url == url


def test_domains_are_spelled_as_those_of_stored_addresses(tmp_path: Path) -> None:
    given = "straße.example, MÜNCHEN.example, xn--mnchen-3ya.example"
    domains = load(tmp_path, REGISTRATION_DOMAINS=given).registration_domains
    stored = tuple(
        normalize_email(f"a@{one.strip()}").partition("@")[2] for one in given.split(",")
    )
    assert domains == stored == ("straße.example", "münchen.example", "münchen.example")


def test_plain_http_beyond_this_machine_needs_a_word(tmp_path: Path) -> None:
    open_network = {"HOST": "0.0.0.0", "BASE_URL": "http://chat.home.arpa:5000"}
    with pytest.raises(SettingsError, match="INSECURE_HTTP"):
        load(tmp_path, **open_network)
    assert load(tmp_path, **open_network, INSECURE_HTTP="on").insecure_http
    assert load(tmp_path, HOST="0.0.0.0", BASE_URL="https://chat.example.org").secure
    for here in ("http://localhost:8000", "http://127.0.0.1", "http://[::1]:5000"):
        assert load(tmp_path, BASE_URL=here).base_url == here


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SettingsError, match="file"):
        load(tmp_path / "file" / "data")


def test_the_address_is_made_from_host_and_port(tmp_path: Path) -> None:
    assert load(tmp_path, HOST="::1", PORT="80").base_url == "http://[::1]:80"
    assert load(tmp_path, BASE_URL="https://chat.example.org/").base_url == (
        "https://chat.example.org"
    )
    networks = load(tmp_path, TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8,::1").trusted_proxies
    assert [str(one) for one in networks] == ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]


def test_a_refused_secret_is_not_shown(tmp_path: Path) -> None:
    for name, value in [
        ("SMTP_URL", "envelope"),
        ("DATABASE_URL", "hunter2"),
        ("VAPID_KEY", "k3y"),
    ]:
        with pytest.raises(SettingsError) as caught:
            load(tmp_path, **{name: value})
        assert value not in str(caught.value)


@pytest.mark.parametrize("old", OLD_NAMES)
def test_an_old_name_still_starts_and_is_warned_of(
    old: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    field, default = OLD_NAMES[old]
    assert default in ("on", "off")
    other = "on" if default == "off" else "off"

    application = create_app(load(tmp_path, **{old: other}))

    assert getattr(application.settings, field) is (other == "on")
    assert f"ECHOSPHERE_{old} is now called ECHOSPHERE_{field.upper()}" in caplog.text


def test_the_new_name_wins_over_the_old_one(tmp_path: Path) -> None:
    both = load(tmp_path, INNER_ADDRESSES="on", ALLOW_PRIVATE_ADDRESSES="off")
    assert both.allow_private_addresses is False


def test_no_setting_is_named_twice() -> None:
    names = list(declared_settings())
    old_names = [f"ECHOSPHERE_{old}" for old in OLD_NAMES]
    assert old_names
    assert len({*names, *old_names}) == len(names) + len(old_names)


@pytest.mark.parametrize(
    ("given", "warned"),
    [
        ({}, False),
        ({"HOST": "::1"}, False),
        ({"HOST": "0.0.0.0"}, True),
        ({"HOST": "192.168.1.5", "BASE_URL": "http://localhost"}, True),
        ({"HOST": "::", "BASE_URL": "https://chat.club.example"}, False),
        ({"HOST": "::", "TRUSTED_PROXIES": "10.0.0.0/8"}, False),
        ({"HOST": "::", "INSECURE_HTTP": "on"}, False),
    ],
)
def test_plain_http_beyond_this_machine_is_named(
    tmp_path: Path, given: dict[str, str], *, warned: bool
) -> None:
    settings = load(tmp_path, **given)
    assert bool(settings.open_http) == warned
    checks = {one.name: one for one in checklist_of(settings, "open")}
    open_at = f"http://{settings.host}:5000"
    assert checks["https"].value == (open_at if warned else None)


def test_the_settings_of_a_bot_in_the_same_shell_are_not_refused(tmp_path: Path) -> None:
    assert load(tmp_path, URL="http://127.0.0.1:5000", KEY="esb_x").port == 5000
    with pytest.raises(SettingsError, match="ECHOSPHERE_KEYS is not a setting"):
        load(tmp_path, KEYS="esb_x")
