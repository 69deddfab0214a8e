"""The example bots, and the lines of the README, do what they say."""

import importlib.util
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from echosphere_bot import Bot
from echosphere_bot.testing import FakeServer

SDK = Path(__file__).parents[1]
README = (SDK / "README.md").read_text(encoding="utf-8")
HELLO, COMMANDS, SCRIPT, SIGNED, TESTS = re.findall(r"^```python\n(.*?)^```", README, re.M | re.S)


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Loads an example as it is loaded when it is run, with its database in a folder of the test."""
    monkeypatch.setenv("REMINDERS", str(tmp_path / "reminders.db"))
    monkeypatch.setenv("POLLS", str(tmp_path / "polls.db"))
    monkeypatch.setenv("DEPLOYMENTS", str(tmp_path / "deployments.db"))
    loaded: list[ModuleType] = []

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, SDK / "examples" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        loaded.append(module)
        return module

    yield load
    for module in loaded:
        module.database.close()


def test_a_reminder_is_kept_over_a_restart_and_posted_once(server: FakeServer, load: Any) -> None:
    before = load("reminder")
    with server.running(before.bot) as run:
        server.command("remind", "soon tea")
        assert server.next_private().text == "Say when like `10m`, `2h` or `1d`."
        server.command("remind", "1s tea and cake")
        assert server.next_private().text == "I shall remind you in 1s: tea and cake"
        run.settle()
    # A crash after posting and before noting that.
    after = load("reminder")
    with server.running(after.bot):
        assert server.next_message().text == "@Ada tea and cake"
    after.database.execute("UPDATE reminders SET done = 0")
    again = load("reminder")
    with server.running(again.bot):
        server.command("remind", "0s coffee")
        assert server.next_message().text == "@Ada coffee"
    assert len(server.messages) == 2


def test_a_poll_counts_one_vote_of_each(server: FakeServer, load: Any) -> None:
    ben = server.add_person("Ben")
    server.join(ben)
    with server.running(load("poll").bot):
        server.command("poll", "Lunch?")
        assert "2 to 10 choices" in server.next_private().text
        server.command("poll", "“Lunch today?” pizza sushi")
        card = server.next_message()
        assert card.text == "**Lunch today?**\n- pizza: **0**\n- sushi: **0**"
        assert list(card.buttons.values()) == ["pizza", "sushi"]

        def counts(choice: int, **by: Any) -> list[str]:
            server.press(card, f"choice-{choice}", **by)
            return re.findall(r"\*\*(\d+)\*\*", server.next_edit().text)

        assert counts(0) == ["1", "0"]
        assert counts(1, by=ben) == ["1", "1"]
        assert counts(0, by=ben) == ["2", "0"]
        assert counts(0) == ["1", "0"]
        assert counts(1) == ["1", "1"]


def test_a_deployment_is_confirmed_and_begun_once(
    server: FakeServer, load: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "deploy.sh"
    script.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/ran\n')
    script.chmod(0o755)
    monkeypatch.setenv("DEPLOY", str(script))
    with server.running(load("deploy").bot):
        server.command("deploy", "main production")
        card = server.next_message()
        assert card.text == "Deploy **main** to production?"
        assert card.actions[0][0]["confirm"] == "Deploy main for all users?"
        press = server.world.events
        server.press(card, "go")
        assert server.next_edit().text == "Ada is deploying **main** to production …"
        assert server.next_edit().text == "Deployed **main** to production (Ada)."
        second = {**press[-1], "id": "another", "data": dict(press[-1]["data"])}
        token = server._call(_press_again(server, second))
        assert token
        assert server.next_notice().text == "This was decided already."
    assert (tmp_path / "ran").read_text() == "main production\n"


async def _press_again(server: FakeServer, event: dict[str, Any]) -> dict[str, Any]:
    """Have a press heard that was on its way when the buttons were taken away."""
    data = event["data"]
    group = server.world.groups[event["conversation"]]
    data["respond"] = server.world.answerable(group, server.person, data["message"], server.url)
    return await server.world.tell("action", event["conversation"], data)


def test_a_deployment_that_fails_or_is_cancelled_says_so(
    server: FakeServer, load: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "deploy.sh"
    script.write_text("#!/bin/sh\necho no space left >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv("DEPLOY", str(script))
    with server.running(load("deploy").bot):
        server.command("deploy", "--help")
        assert server.next_private().text == "That is not the name of a branch."
        server.command("deploy", "main mars")
        assert "“to” is one of staging, production" in server.next_private().text
        server.command("deploy")
        server.press(server.next_message(), "go")
        server.next_edit()
        assert (
            "could not be deployed to staging:\n```\nno space left\n```" in server.next_edit().text
        )
        server.command("deploy", "main")
        server.press(server.next_message(), "no")
        assert server.next_edit().text == "Deploy **main** to staging?\nCancelled by Ada."


def test_a_deployment_that_takes_longer_than_a_press_can_be_answered_says_how_it_ended(
    server: FakeServer, load: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "deploy.sh"
    script.write_text(f"#!/bin/sh\nuntil [ -e {tmp_path}/go ]; do sleep 0.05; done\n")
    script.chmod(0o755)
    monkeypatch.setenv("DEPLOY", str(script))
    with server.running(load("deploy").bot):
        server.command("deploy")
        card = server.next_message()
        server.press(card, "go")
        server.next_edit()
        server.end_answers()
        (tmp_path / "go").touch()
        told = server.next_message()
    assert told.text == "Deployed **main** to staging (Ada)."
    assert told.reply_to == card.message["seq"]


def test_the_readmes_first_bot_and_its_tests_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hello.py").write_text(HELLO)
    monkeypatch.syspath_prepend(tmp_path)
    try:
        tests: dict[str, Any] = {}
        exec(compile(TESTS, "README", "exec"), tests)
        names = [name for name in tests if name.startswith("test_")]
        assert len(names) == 2
        for name in names:
            tests[name]()
    finally:
        sys.modules.pop("hello", None)


def test_the_readmes_commands_run(server: FakeServer, tmp_path: Path) -> None:
    (tmp_path / "commands.py").write_text(COMMANDS)
    bot: Bot = runpy.run_path(str(tmp_path / "commands.py"))["bot"]
    with server.running(bot):
        server.command("deploy", "feature")
        card = server.next_message()
        assert card.text == "Deploy **feature** to staging?"
        server.press(card, "go")
        assert server.next_edit().text == "Ada has started feature."
        server.command("remind", "10m the tea")
        assert server.next_private().text == "I shall remind you in 10m: the tea"


def test_the_readmes_script_posts(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECHOSPHERE_URL", server.url)
    monkeypatch.setenv("ECHOSPHERE_KEY", server.key)
    monkeypatch.chdir(tmp_path)
    Path("backup.log").write_text("all good")
    exec(compile(SCRIPT.replace("GROUP", server.group.id), "README", "exec"), {})
    (posted,) = server.messages
    assert (posted.text, posted.files) == ("The backup is **done**.", ("backup.log",))


def test_the_readmes_endpoint_is_an_application(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECHOSPHERE_URL", server.url)
    monkeypatch.setenv("ECHOSPHERE_KEY", server.key)
    monkeypatch.setenv("ECHOSPHERE_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    loaded: dict[str, Any] = {}
    exec(compile(SIGNED, "README", "exec"), loaded)
    assert callable(loaded["app"])
