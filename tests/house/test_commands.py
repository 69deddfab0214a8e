"""Commands as an operator runs them: how they refuse to begin, and how they end."""

import json
import os
import re
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import launcher
from tests.house.serving import free_port
from tests.served import QUICK, Served

DOCTOR_RUNS = int(os.environ.get("ECHOSPHERE_TEST_DOCTOR_RUNS", "6"))
"""How often the doctor must come and go without a fault; 38 in the long run."""

OTHERS = (["user", "list"], ["db", "upgrade"], ["sample"])
"""They begin alike: each refusal is tried with one of them, and with serving."""


def run(data: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    clean = launcher.without_settings()
    own = {"ECHOSPHERE_DATA": str(data), "ECHOSPHERE_PORT": str(free_port())}
    given = {f"ECHOSPHERE_{name}": value for name, value in more.items()}
    return launcher.run(list(command), clean | QUICK | own | given)


def a_file_in_its_place(data: Path) -> None:
    data.write_text("no folder")


def a_damaged_database(data: Path) -> None:
    data.mkdir()
    (data / "app.db").write_bytes(b"no database at all" * 1000)


def a_newer_database(data: Path) -> None:
    data.mkdir()
    with sqlite3.connect(data / "app.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    connection.close()


def an_empty_secret(data: Path) -> None:
    data.mkdir()
    (data / "secret.key").touch()


def a_secret_cut_short(data: Path) -> None:
    data.mkdir()
    (data / "secret.key").write_text("dGhpcyB3YXMgb25jZSBsb25nZXIgdGhhbiB0aGlzLCBJIHN3ZWFy")


def a_push_key_cut_short(data: Path) -> None:
    data.mkdir()
    (data / "vapid.key").write_text("p5tGMQ4fCNBVtcQ6MlKhgpRSyBPQd")


def nothing(_data: Path) -> None:
    """The settings alone are wrong."""


def test_a_command_that_makes_a_database_says_so(tmp_path: Path) -> None:
    first = run(tmp_path / "data", "user", "list")
    assert first.returncode == 0, first.stderr
    assert f"{tmp_path / 'data'} has no database yet" in first.stderr
    second = run(tmp_path / "data", "user", "list")
    assert second.returncode == 0, second.stderr
    assert second.stderr == ""


REFUSED: list[tuple[Callable[[Path], None], dict[str, str], str]] = [
    (nothing, {"NO_SUCH_SETTING": "1"}, "is not a setting"),
    (nothing, {"DATABASE_URL": "mysql://somewhere"}, "DATABASE_URL must start with"),
    (nothing, {"DATABASE_URL": "postgresql://ada@127.0.0.1:1/no"}, "The database cannot be used"),
    (nothing, {"DATABASE_URL": "postgresql://127.0.0.1:port/no"}, "a number as its port"),
    (nothing, {"DATABASE_URL": "sqlite:////dev/null/app.db"}, "/dev/null"),
    (nothing, {"METRICS_LISTEN": "somewhere"}, "must look like 127.0.0.1:9464"),
    (a_file_in_its_place, {}, "The data folder"),
    (a_damaged_database, {}, "not a database"),
    (a_newer_database, {}, "written by a newer EchoSphere"),
    (an_empty_secret, {}, "secret.key is empty or truncated"),
    (a_secret_cut_short, {}, "secret.key is empty or truncated"),
    (a_push_key_cut_short, {}, "vapid.key is empty, truncated"),
]


@pytest.mark.parametrize(
    ("prepare", "settings", "sentence"),
    REFUSED,
    ids=[f"{prepare.__name__} {settings}" for prepare, settings, _ in REFUSED],
)
def test_a_start_that_is_refused_is_one_sentence_in_every_command(
    tmp_path: Path, prepare: Callable[[Path], None], settings: dict[str, str], sentence: str
) -> None:
    prepare(tmp_path / "data")
    others = OTHERS if prepare is an_empty_secret else [OTHERS[len(sentence) % len(OTHERS)]]
    for command in (["serve"], *others):
        finished = run(tmp_path / "data", *command, **settings)
        assert finished.returncode > 0, (command, finished.stderr)
        assert sentence in finished.stderr, (command, finished.stderr)
        assert "Traceback" not in finished.stderr, (command, finished.stderr)
        said = [line for line in finished.stderr.splitlines() if "[info " not in line]
        assert 1 <= len(said) <= 2, (command, finished.stderr)  # uvicorn says that it ends


def test_a_storage_that_cannot_be_named_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for url in ("ftp://somewhere", "s3:", "nonsense"):
        finished = run(tmp_path / "data", "serve", STORAGE_URL=url)
        assert finished.returncode > 0
        assert "STORAGE_URL" in finished.stderr
        assert "Traceback" not in finished.stderr


def test_a_second_server_and_a_taken_port_are_refused_with_a_sentence(tmp_path: Path) -> None:
    served = Served(tmp_path / "data")
    port = served.start().rpartition(":")[2]
    second = run(tmp_path / "data", "serve")
    other = run(tmp_path / "other", "serve", PORT=port)
    assert served.stop() == 0
    assert "already running" in second.stderr
    assert "address already in use" in other.stderr
    for finished in (second, other):
        assert finished.returncode > 0
        assert "Traceback" not in finished.stderr


def test_the_doctor_comes_and_goes_and_always_says_what_it_found(tmp_path: Path) -> None:
    """The object store's threads woke up while Python ended, in 6 of 38 runs: SIGABRT."""
    assert run(tmp_path / "data", "user", "list").returncode == 0
    for _ in range(DOCTOR_RUNS):
        finished = run(tmp_path / "data", "doctor")
        assert (finished.returncode, finished.stderr) == (0, "")
        assert finished.stdout.count("ok  ") == len(finished.stdout.splitlines()) == 12, (
            finished.stdout
        )


def test_the_doctor_says_once_that_there_is_no_database(tmp_path: Path) -> None:
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/chat"
    finished = run(tmp_path / "data", "doctor", DATABASE_URL=away)
    assert finished.returncode == 1
    assert finished.stdout.count("Check ECHOSPHERE_DATABASE_URL") == 1, finished.stdout
    assert "FAIL  database: The database cannot be used: " in finished.stdout
    assert finished.stdout.count("FAIL  ") == 7
    assert "FAIL  passkeys: not checked, because" in finished.stdout
    assert "sqlalche.me" not in finished.stdout


def test_the_doctor_looks_at_stored_settings(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run(data, "setting", "set", "edit_minutes", "5").returncode == 0

    def told(*rows: str, **more: str) -> list[str]:
        with sqlite3.connect(data / "app.db") as connection:
            connection.execute("DELETE FROM server_settings")
            connection.executemany(
                "INSERT INTO server_settings (name, value, changed_at) VALUES (?, ?, 0)",
                [row.split("=") for row in rows],
            )
        connection.close()
        printed = run(data, "doctor", **more).stdout
        return [line for line in printed.splitlines() if "ok  " not in line]

    assert told("directory=on", BASE_URL="") == []
    removal = "`echosphere setting unset old_name` removes it."
    assert told("old_name=on", "directory=on", DIRECTORY="off") == [
        "warn  stored settings: directory is stored, but ECHOSPHERE_DIRECTORY is set and takes precedence",
        f"      old_name is stored, but this version does not have this setting. {removal}",
    ]
    advice = "`echosphere setting unset digest_hours` restores the default."
    problem = f"digest_hours must be a whole number from 1 to 720, not 'no'. {advice}"
    assert told("digest_hours=no", "old_name=on") == [f"FAIL  stored settings: {problem}"]
    assert "REGISTRATION_DOMAINS must list the domains" in told("registration=domain")[0]


def test_plain_http_that_others_reach_is_named_wherever_the_operator_looks(tmp_path: Path) -> None:
    served = Served(tmp_path / "data")
    served.start(ECHOSPHERE_HOST="0.0.0.0")
    assert served.stop() == 0
    said = "With ECHOSPHERE_HOST=0.0.0.0, other machines connect over plain HTTP"
    assert (tmp_path / "server.log").read_text().count(said) == 1
    doctor = run(tmp_path / "data", "doctor", HOST="0.0.0.0")
    assert f"warn  settings: {said}" in doctor.stdout


def test_the_doctor_names_accounts_whose_address_is_that_of_another(tmp_path: Path) -> None:
    """Domains got one spelling; of two accounts with one address, one was left without a way in."""
    data = tmp_path / "data"
    assert run(data, "user", "list").returncode == 0
    stored = {"a1": "ana@münchen.example", "a2": "ana@xn--mnchen-3ya.example", "b1": "b@x.example"}
    with sqlite3.connect(data / "app.db") as connection:
        connection.executemany(
            "INSERT INTO users (id, email, name, about, role, settings, created_at)"
            " VALUES (?, ?, 'Ana', '', 'member', '{}', 0)",
            stored.items(),
        )
    connection.close()
    ill = run(data, "doctor")
    assert ill.returncode == 1
    (told,) = [line for line in ill.stdout.splitlines() if line.startswith("FAIL")]
    assert "account a2: its address ana@xn--mnchen-3ya.example is that of a1" in told
    assert "run echosphere user address a2 NEW@EXAMPLE.ORG" in told
    for user, email, why in (
        ("a2", "b@x.example", "An account with this address already exists"),
        ("a2", "no address", "Enter an e-mail address"),
        ("a3", "new@x.example", "Account not found"),
    ):
        refused = run(data, "user", "address", user, email)
        assert refused.returncode == 1
        assert why in refused.stderr
        assert "Traceback" not in refused.stderr
    changed = run(data, "user", "address", "a2", "ana@XN--STRAE-OQA.example")
    assert changed.stdout == "Ana now signs in with ana@straße.example.\n"
    well = run(data, "doctor")
    assert (well.returncode, well.stderr) == (0, ""), well.stdout


def test_no_one_else_on_this_machine_may_read_what_the_server_writes(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    sqlite3.connect(data / "app.db").close()
    for name in ("app.db", "secret.key"):
        (data / name).touch()
        (data / name).chmod(0o644)
    (data / "secret.key").write_text("k" * 20 + "A-9_" * 11)
    served = Served(data)
    served.start()
    written = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()}
    assert served.stop() == 0
    files = {name: mode for name, mode in written.items() if (data / name).suffix}
    assert {"app.db", "app.db-wal", "app.db-shm", "secret.key", "vapid.key"} <= set(written)
    assert {name: oct(mode) for name, mode in files.items() if mode & 0o077} == {}


def test_a_lost_password_is_set_by_a_link_that_a_command_prints(tmp_path: Path) -> None:
    data, proof = tmp_path / "data", "kestrel over fjord"
    made = launcher.run(
        ["user", "create", "ana@example.org", "Ana"],
        os.environ | QUICK | {"ECHOSPHERE_DATA": str(data)},
        given=f"{proof}\n",
    )
    assert "Created Ana" in made.stdout
    unknown = run(data, "user", "reset", "ben@example.org")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "There is no account with this address." in unknown.stderr
    link = run(data, "user", "reset", "ANA@example.org", BASE_URL="https://chat.club.example")
    assert link.returncode == 0, link.stderr
    assert re.search(r"^https://chat\.club\.example/reset-password/[\w-]{43}$", link.stdout, re.M)
    (person,) = json.loads(run(data, "user", "list", "--json").stdout)["people"]
    user = person["id"]
    assert run(data, "user", "address", user, "ana@elsewhere.example").returncode == 0
    assert run(data, "user", "reset", "--factor", "ana@elsewhere.example").returncode == 0
    entries = [json.loads(line) for line in run(data, "audit", "export").stdout.splitlines()]
    acts = [one["action"].removeprefix("user.") for one in entries]
    assert acts == ["created", "reset_link", "email_changed", "second_factor_removed"]
    assert {(one["actor"], one["target"]) for one in entries} == {("command-line", user)}
