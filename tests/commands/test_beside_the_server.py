"""Administrative commands beside a running server: the same as without one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from echosphere.control import own_os_user
from tests.house.serving import free_port
from tests.served import QUICK, Served

PASSWORD = "kestrel over fjord"


class Operator:
    """Whoever runs commands on the machine of a server."""

    def __init__(self, data: Path, database_url: str) -> None:
        self._data, self._database_url = data, database_url

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if "ECHOSPHERE_" not in name}
        own = {"ECHOSPHERE_DATA": str(self._data), "ECHOSPHERE_DATABASE_URL": self._database_url}
        return subprocess.run(
            [sys.executable, "-m", "echosphere", *command],
            env=clean | QUICK | own | {f"ECHOSPHERE_{name}": value for name, value in more.items()},
            input=f"{PASSWORD}\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def does(self, *command: str) -> Any:
        """Run a command that succeeds; return its answer."""
        done = self.run(*command, "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return json.loads(done.stdout)

    def is_refused(self, *command: str) -> str:
        """Run a command that is refused; return the reason."""
        done = self.run(*command)
        assert (done.returncode, done.stdout) == (1, ""), done
        return done.stderr


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    served = Served(
        tmp_path / "data",
        ECHOSPHERE_DATABASE_URL=database_url,
        ECHOSPHERE_BASE_URL=f"http://127.0.0.1:{free_port()}",
    )
    yield served
    served.kill()


@pytest.fixture
def operator(served: Served, database_url: str) -> Operator:
    return Operator(served.data, database_url)


@contextmanager
def signed_in(served: Served, email: str) -> Iterator[httpx.Client]:
    """A program that somebody has signed in with."""
    with httpx.Client(base_url=f"{served.address}/api/v1", timeout=30) as client:
        given = {"email": email, "password": PASSWORD, "bearer": True}
        answer = client.post("/sessions", json=given)
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


def test_accounts_are_looked_after_while_the_server_runs(
    served: Served, operator: Operator
) -> None:
    owner = operator.does("user", "create", "olga@example.org", "Olga")["person"]
    assert owner["role"] == "owner"
    served.start()
    ben = operator.does("user", "create", "ben@example.org", "Ben", "--role", "moderator")["person"]
    assert [one["id"] for one in operator.does("user", "list")["people"]] == [
        ben["id"],
        owner["id"],
    ]
    assert "ben@example.org" in operator.run("user", "list", "--query", "BEN@").stdout
    with signed_in(served, "ben@example.org") as program:
        assert program.get("/me").json()["user"]["role"] == "moderator"
        assert operator.does("user", "role", ben["id"], "member")["person"]["role"] == "member"
        assert program.get("/me").status_code == 401
    with signed_in(served, "ben@example.org") as program:
        kept_out = operator.does(
            "user", "suspend", "ben@example.org", "--until", "2d", "--reason", "x"
        )
        assert kept_out["person"]["suspended_until"] is not None
        assert program.get("/me").status_code == 401
    operator.does("user", "unsuspend", "ben@example.org")
    with signed_in(served, "ben@example.org") as program:
        operator.does("user", "sign-out", "BEN@example.org")
        assert program.get("/me").status_code == 401
    assert "last owner" in operator.is_refused("user", "role", owner["id"], "member")
    assert "last owner" in operator.is_refused("user", "deactivate", owner["id"], "--reason", "x")
    link = operator.does("user", "reset", "ben@example.org")["link"]
    page = httpx.get(f"{served.address}/{link.partition('/reset-password/')[1]}{link[-43:]}")
    assert "ben@example.org" in page.text
    assert "no account with this address" in operator.is_refused("user", "show", "x@example.org")
    log = [json.loads(line) for line in operator.run("audit", "export").stdout.splitlines()]
    assert [one["action"].removeprefix("user.") for one in log] == [
        "created",
        "created",
        "role_changed",
        "suspended",
        "reactivated",
        "signed_out",
        "reset_link",
    ]
    assert {(one["actor"], one["address"]) for one in log} == {("command-line", own_os_user())}
    head = operator.does("audit", "verify")["head"]
    assert head == operator.run("audit", "head").stdout.strip()
    assert served.stop() == 0
    assert operator.does("audit", "verify", "--head", head)["number"] == len(log)


def test_reports_and_registrations_are_answered_while_the_server_runs(
    served: Served, operator: Operator
) -> None:
    served.start(ECHOSPHERE_REGISTRATION="approval")
    operator.does("user", "create", "olga@example.org", "Olga")
    with httpx.Client(base_url=f"{served.address}/api/v1", timeout=30) as stranger:
        for name in ("Ben", "Eva"):
            person = {"email": f"{name}@example.org", "name": name, "password": PASSWORD}
            assert stranger.post("/accounts", json=person).status_code == 202
    ben, eva = operator.does("approval", "list")["registrations"]
    assert "eva@example.org" in operator.run("approval", "list").stdout
    operator.does("approval", "approve", ben["id"])
    assert operator.does("approval", "refuse", eva["id"])["approved"] is False
    assert "no such registration" in operator.is_refused("approval", "approve", eva["id"])
    with (
        signed_in(served, "ben@example.org") as his,
        signed_in(served, "olga@example.org") as program,
    ):
        own = his.get("/me").json()["user"]["id"]
        program.post("/contacts", json={"email": "ben@example.org"})
        [request] = his.get("/contacts/requests").json()["requests"]
        his.post(f"/contacts/requests/{request['id']}", json={"accept": True})
        reported = program.post(f"/users/{own}/reports", json={"reason": "abuse", "text": "Look."})
        assert reported.status_code == 202, reported.text
    [report] = operator.does("report", "list")["reports"]
    assert "Look." in operator.run("report", "show", report["id"]).stdout
    with signed_in(served, "ben@example.org") as program:
        ban = ("report", "decide", report["id"], "ban", "--reason", "None.")
        assert operator.does(*ban)["report"]["decision"] == "ban"
        assert program.get("/me").status_code == 401
    assert "decided already" in operator.is_refused(*ban)
    assert "for good" in operator.run("user", "show", "ben@example.org").stdout


def test_a_server_that_was_killed_is_not_waited_for(served: Served, operator: Operator) -> None:
    served.start()
    operator.does("user", "create", "olga@example.org", "Olga")
    served.kill()
    assert operator.does("user", "show", "olga@example.org")["person"]["name"] == "Olga"
    served.start()
    assert operator.does("user", "list")["people"][0]["name"] == "Olga"


def test_beside_a_server_that_cannot_be_reached_a_command_says_what_to_do(
    sqlite_url: str, tmp_path: Path
) -> None:
    served = Served(tmp_path / "data", ECHOSPHERE_DATABASE_URL=sqlite_url)
    served.start()
    try:
        elsewhere = Operator(tmp_path / "elsewhere", sqlite_url).run("user", "list")
    finally:
        served.kill()
    assert elsewhere.returncode == 3
    assert "Another EchoSphere server is already running" in elsewhere.stderr


def test_what_is_typed_wrongly_is_told_with_2_and_examples(tmp_path: Path) -> None:
    operator = Operator(tmp_path / "data", f"sqlite:///{tmp_path}/app.db")
    for wrong in (
        ("user", "suspend", "a", "--until", "soon", "--reason", "x"),
        ("user", "nothing"),
    ):
        told = operator.run(*wrong)
        assert (told.returncode, told.stdout) == (2, "")
    help_of = operator.run("user", "suspend", "--help")
    assert help_of.returncode == 0
    assert "echosphere user suspend ana@example.org --until 7d" in help_of.stdout
