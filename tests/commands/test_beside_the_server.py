"""Administrative commands beside a running server: the same as without one."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx
import pyotp
import pytest

from echosphere.control import own_os_user
from tests import launcher
from tests.house.serving import free_port
from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.story import Story
from tests.importing.test_export import contents
from tests.importing.written import message, write_import
from tests.served import QUICK, Served

PASSWORD = "kestrel over fjord"


class Operator:
    """Whoever runs commands on the machine of a server."""

    def __init__(self, data: Path, database_url: str) -> None:
        self._data, self._database_url = data, database_url

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        given = {f"ECHOSPHERE_{name}": value for name, value in more.items()}
        environment = self._environment() | given
        return launcher.run(list(command), environment, given=f"{PASSWORD}\n")

    def _environment(self) -> dict[str, str]:
        own = {"ECHOSPHERE_DATA": str(self._data), "ECHOSPHERE_DATABASE_URL": self._database_url}
        return launcher.without_settings() | QUICK | own

    def does(self, *command: str) -> Any:
        """Run a command that succeeds; return its answer."""
        done = self.run(*command, "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return json.loads(done.stdout)

    def tells(self, *command: str) -> Any:
        """Run a command that succeeds and says on the way how far it is; return its answer."""
        done = self.run(*command, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, *command: str, tells: IO[str]) -> launcher.Running:
        """Start a command that tells how far it is."""
        return launcher.start(list(command), self._environment(), stderr=tells)

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
    """A program that someone has signed in with."""
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


def test_bots_are_made_while_the_server_runs_and_while_it_does_not(
    served: Served, operator: Operator
) -> None:
    assert "This server has no owner" in operator.is_refused("bot", "create", "Echo")
    operator.does("user", "create", "olga@example.org", "Olga")
    operator.does("user", "create", "ben@example.org", "Ben")
    before = operator.does("bot", "create", "Echo")
    served.start()
    made = operator.does("bot", "create", "Other", "--owner", "ben@example.org")
    told = operator.run("bot", "create", "Third").stdout
    assert "Created Third." in told
    with httpx.Client(base_url=f"{served.address}/api/v1", timeout=30) as client:
        for one in (before, made):
            client.headers["Authorization"] = f"Bearer {one['key']}"
            assert client.get("/me").json()["user"]["id"] == one["bot"]
        client.headers["Authorization"] = f"Bearer {told.split()[-1]}"
        assert client.get("/me").json()["user"]["name"] == "Third"
    with signed_in(served, "olga@example.org") as olga:
        names = [one["name"] for one in olga.get("/bots").json()["bots"]]
        assert names == ["Third", "Echo"]


def test_conversations_come_and_go_while_the_server_runs_and_while_it_does_not(
    served: Served, operator: Operator, tmp_path: Path
) -> None:
    sample, story = EchoSphereSample().write(Story(90), tmp_path), Story(90)
    operator.does("user", "create", "olga@example.org", "Olga")
    operator.does("user", "create", "ada@example.org", "Ada")
    address = served.start()
    refused = operator.is_refused("import", "run", str(tmp_path / "nothing"))
    assert "no file or folder" in refused
    wanted = operator.tells("import", "run", str(sample), "--dry-run")["report"]
    with signed_in(served, "ada@example.org") as ada:
        assert ada.get("/conversations").json()["conversations"] == []
        done = operator.tells("import", "run", str(sample))["report"]
        assert done | {"dry_run": True} == wanted
        assert (done["messages"], done["matched"], done["lost"]) == (90, 1, [])
        here = {
            one["title"]: one["id"] for one in ada.get("/conversations").json()["conversations"]
        }
        page = ada.get(f"/conversations/{here['general']}/messages").json()["messages"]
        assert page[-1]["body"] == story.rooms[0].messages[-1].text
        again = operator.tells("import", "run", str(sample))["report"]
        assert (again["messages"], again["known"]) == (0, 90)
        waiting = {
            one["person"]: one["id"] for one in operator.does("import", "people")["placeholders"]
        }
        assert sorted(waiting) == ["U0BEN", "U0CLEO"]
        assert operator.does("import", "link", waiting["U0BEN"], "olga@example.org") == {
            "linked": "Olga"
        }
        assert "already belong to an account" in operator.is_refused(
            "import", "link", waiting["U0BEN"], "ada@example.org"
        )
        one = tmp_path / "one.zip"
        made = operator.tells("export", "conversation", here["general"], str(one))["exported"]
        assert (made["conversations"], made["messages"]) == (1, 30)
        assert "A file with this name already exists" in operator.is_refused(
            "export", "conversation", here["general"], str(one)
        )
    beside, alone = tmp_path / "beside.zip", tmp_path / "alone.zip"
    operator.tells("export", "all", str(beside))
    assert served.stop() == 0
    operator.tells("export", "all", str(alone), "--html")
    assert contents(alone) == contents(beside)
    # No server runs: the command opens the database itself, and files are cleaned as always.
    more = EchoSphereSample().write(Story(120), tmp_path)
    assert operator.tells("import", "run", str(more))["report"]["messages"] == 30
    assert operator.tells("import", "run", str(more))["report"]["messages"] == 0
    assert operator.does("import", "link", waiting["U0CLEO"], "ada@example.org")["linked"] == "Ada"
    served.start()
    served.address = address  # the second time it prints the address that it is set to
    with signed_in(served, "ada@example.org") as ada:
        page = ada.get(f"/conversations/{here['general']}/messages").json()["messages"]
        assert page[-1]["body"] == Story(120).rooms[0].messages[-1].text
    log = [json.loads(line) for line in operator.run("audit", "export").stdout.splitlines()]
    told = [one["action"] for one in log if one["action"].partition(".")[0] in ("import", "export")]
    assert told == [
        *("import.finished", "import.finished", "import.linked"),
        *("export.finished", "export.finished", "export.finished"),
        *("import.finished", "import.finished", "import.linked"),
    ]


def test_an_import_goes_on_after_the_server_was_killed_in_the_middle(
    served: Served, operator: Operator, tmp_path: Path
) -> None:
    count = 2_000
    path = write_import(tmp_path / "many", [message(number) for number in range(1, count + 1)])
    served.start()
    reading, writing = os.pipe()
    with os.fdopen(reading) as told:
        with os.fdopen(writing, "w") as tells:
            importing = operator.start("import", "run", str(path), tells=tells)
        assert "messages" in told.readline()  # it is in the middle
        served.kill()
        assert importing.wait(60) == 3
    served.start()
    report = operator.tells("import", "run", str(path))["report"]
    assert report["messages"] + report["known"] == count
    again = operator.tells("import", "run", str(path))["report"]
    assert (again["messages"], again["known"]) == (0, count)


def test_settings_are_changed_while_the_server_runs_and_while_it_does_not(
    served: Served, operator: Operator
) -> None:
    address = served.start(ECHOSPHERE_DIGEST_HOURS="6")
    listed = {one["name"]: one for one in operator.does("setting", "list")["settings"]}
    assert (listed["digest_hours"]["value"], listed["digest_hours"]["fixed"]) == ("6", True)
    assert "digest_hours" in operator.run("setting", "list").stdout
    refused = operator.is_refused("setting", "set", "digest_hours", "9")
    assert "This is set in the server's environment." in refused
    contact = "https://example.org/contact"
    changed = operator.does("setting", "set", "ECHOSPHERE_CONTACT_URL", contact)["setting"]
    assert (changed["value"], changed["default"]) == (contact, "")
    assert contact in httpx.get(f"{address}/login").text
    assert "whole number from 1 to 1024" in operator.is_refused(
        "setting", "set", "max_attachment_mib", "all"
    )
    unknown = operator.run("setting", "get", "secret_key")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert served.stop() == 0
    # No server runs: the command opens the database itself, and what is said holds from the start.
    assert operator.does("setting", "get", "contact_url")["setting"]["value"] == contact
    shown = operator.run("setting", "set", "max_attachment_mib", "7").stdout
    assert ("7" in shown, "here" in shown) == (True, True)
    served.start()
    assert 'data-largest="7340032"' in httpx.get(f"{address}/shell").text
    assert contact in httpx.get(f"{address}/login").text
    operator.does("setting", "unset", "contact_url")
    assert contact not in httpx.get(f"{address}/login").text
    log = [json.loads(line) for line in operator.run("audit", "export").stdout.splitlines()]
    assert [(one["action"], one["details"]) for one in log][-1] == (
        "setting.reset",
        {"setting": "contact_url"},
    )


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
    assert "Registration not found" in operator.is_refused("approval", "approve", eva["id"])
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
        assert operator.run("report", "list").stdout.endswith("\n(none)\n")
        assert program.get("/me").status_code == 401
    assert "already been decided" in operator.is_refused(*ban)
    assert "until reactivated" in operator.run("user", "show", "ben@example.org").stdout


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


def test_who_lost_password_and_phone_comes_back_without_mail(
    served: Served, operator: Operator
) -> None:
    operator.does("user", "create", "olga@example.org", "Olga")
    served.start()
    operator.does("user", "create", "ana@example.org", "Ana")
    with signed_in(served, "ana@example.org") as lost:
        secret = lost.post("/me/second-factor/app", json={}).json()["secret"]
        code = {"code": pyotp.TOTP(secret).now()}
        codes = lost.put("/me/second-factor/app", json=code).json()["codes"]
        given = {"email": "ana@example.org", "password": PASSWORD, "bearer": True}
        program = httpx.Client(base_url=f"{served.address}/api/v1", timeout=30)
        # The phone is lost: a recovery code lets in, once.
        for status in (201, 400):
            pending = program.post("/sessions", json=given).json()["pending"]
            step = {"pending": pending, "code": codes[0]}
            assert program.post("/sessions/second-factor", json=step).status_code == status
        # The codes and the password are lost, too: there is no mail, but whoever runs the server.
        page = httpx.get(f"{served.address}/forgot-password", timeout=30)
        assert "Ask an administrator" in page.text
        link = operator.does("user", "reset", "ana@example.org")["link"]
        path = f"{served.address}/reset-password/{link[-43:]}"
        new = {"password": "lantern under the moss"}
        own = {"sec-fetch-site": "same-origin"}
        assert httpx.post(path, data=new, headers=own, timeout=30).status_code == 303
        assert httpx.post(path, data=new, headers=own, timeout=30).status_code == 410
        assert lost.get("/me").status_code == 401
        # A link is not enough where there is a second factor.
        given["password"] = new["password"]
        assert program.post("/sessions", json=given).status_code == 202
        assert operator.does("user", "reset", "--factor", "ana@example.org")["link"] is None
        entered = program.post("/sessions", json=given)
        assert entered.status_code == 201
    program.headers["Authorization"] = f"Bearer {entered.json()['token']}"
    state = program.get("/me/second-factor").json()
    assert (state["app_since"], state["recovery_codes"], state["devices"]) == (None, 0, [])
    told = [one["kind"] for one in program.get("/me/security-events").json()["events"]]
    assert {"reset_link", "password_reset", "ways_in_removed"} <= set(told)
    secret = program.post("/me/second-factor/app", json={}).json()["secret"]
    code = {"code": pyotp.TOTP(secret).now()}
    assert len(program.put("/me/second-factor/app", json=code).json()["codes"]) == 10
    program.close()


def test_someone_gets_a_storage_limit_of_their_own_with_and_without_a_server(
    served: Served, operator: Operator
) -> None:
    operator.does("user", "create", "olga@example.org", "Olga")
    ben = operator.does("user", "create", "ben@example.org", "Ben")["person"]
    offline = operator.does("user", "quota", "ben@example.org", "3G")
    assert (offline["quota"], offline["own_quota"]) == (3 * 2**30, True)
    served.start()
    with signed_in(served, "ben@example.org") as program:
        assert program.get("/me/storage").json()["storage"]["quota"] == 3 * 2**30
        told = operator.run("user", "quota", ben["id"], "500 MiB").stdout
        assert told == "Ben's files use 0.0 MiB. Limit: 500.0 MiB (set for this user).\n"
        assert program.get("/me/storage").json()["storage"]["quota"] == 500 * 2**20
        assert operator.does("user", "quota", "ben@example.org", "none")["quota"] is None
        back = operator.does("user", "quota", "ben@example.org", "default")
        assert (back["quota"], back["own_quota"]) == (5 * 2**30, False)
    for size in ("5", "0G", "2000T", "-1M", "much"):
        wrong = operator.run("user", "quota", ben["id"], size)
        assert wrong.returncode == 2
        assert "is not a size such as 500M or 5G" in wrong.stderr or size == "-1M"
    assert "no account" in operator.is_refused("user", "quota", "x@example.org", "1G")
    log = [json.loads(line) for line in operator.run("audit", "export").stdout.splitlines()]
    assert [one["action"] for one in log].count("user.quota_changed") == 4
