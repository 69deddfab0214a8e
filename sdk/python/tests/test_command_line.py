"""The command `echosphere-bot`, its exit codes, and what a running bot writes down."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from echosphere_bot import __version__
from echosphere_bot.cause import key_for
from echosphere_bot.cli import main
from echosphere_bot.testing import FakeServer

Answers = list[tuple[int, dict[str, str], str]]


class Hook(ThreadingHTTPServer):
    """Takes what is posted to a webhook, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HookRequest)
        self.received: list[tuple[str, bytes]] = []
        self.answers: Answers = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hooks/very-secret"


class HookRequest(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.headers["Content-Type"], body))
        status, headers, text = (self.server.answers or [(201, {}, "{}")]).pop(0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as hook:
        thread = threading.Thread(target=hook.serve_forever)
        thread.start()
        yield hook
        hook.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "KEY", "HOOK", "STATE", "SECRET", "TRANSPORT", "LOG"):
        monkeypatch.delenv(f"ECHOSPHERE_{name}", raising=False)
    monkeypatch.setattr("echosphere_bot.retry.random.uniform", lambda *_: 0.01)


def problem(status: int, detail: str) -> tuple[int, dict[str, str], str]:
    return status, {}, json.dumps({"detail": detail, "code": "gone"})


def test_a_text_is_sent(hook: Hook) -> None:
    assert main(["send", "--hook", hook.url, "Build **512** failed", "--key", "build-512"]) == 0
    ((kind, body),) = hook.received
    assert kind == "application/json"
    assert json.loads(body) == {"text": "Build **512** failed", "key": "build-512"}


def test_the_address_may_be_set_and_the_text_piped(hook: Hook) -> None:
    """So that the address, which is a secret, is not in the list of processes."""
    done = subprocess.run(
        [sys.executable, "-m", "echosphere_bot", "send", "-"],
        input="The backup\nis done.\n",
        env=os.environ | {"ECHOSPHERE_HOOK": hook.url},
        text=True,
        check=True,
        capture_output=True,
    )
    assert (done.stdout, done.stderr) == ("", "")
    assert json.loads(hook.received[0][1])["text"] == "The backup\nis done."


def test_a_lost_or_late_answer_is_asked_for_with_the_same_key(hook: Hook) -> None:
    hook.answers += [(503, {}, ""), (429, {"Retry-After": "0"}, ""), (200, {}, "{}")]
    assert main(["send", "--hook", hook.url, "once"]) == 0
    keys = {json.loads(body)["key"] for _, body in hook.received}
    assert (len(hook.received), len(keys)) == (3, 1)


def test_files_are_sent_in_a_form(hook: Hook, tmp_path: Path) -> None:
    file = tmp_path / "build.log"
    file.write_text("line 1")
    assert main(["send", "--hook", hook.url, "log", "--file", str(file)]) == 0
    ((kind, body),) = hook.received
    assert kind.startswith("multipart/form-data")
    assert b'filename="build.log"' in body
    assert b"line 1" in body


@pytest.mark.parametrize(
    ("status", "code"), [(400, 1), (403, 1), (404, 1), (410, 1), (413, 1), (503, 75), (429, 75)]
)
def test_refusals_have_exit_codes(
    hook: Hook,
    status: int,
    code: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("echosphere_bot.cli.SCRIPT_PATIENCE", 0.0)
    hook.answers += [problem(status, "This webhook was revoked.")]
    assert main(["send", "--hook", hook.url, "hello"]) == code
    said = capsys.readouterr().err
    assert said.startswith("echosphere-bot: This webhook was revoked.")
    assert "very-secret" not in said


def test_a_server_that_is_away_is_told_without_the_address(
    hook: Hook, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere_bot.cli.SCRIPT_PATIENCE", 0.0)
    url = hook.url
    hook.server_close()
    assert main(["send", "--hook", url, "hello"]) == 75
    said = capsys.readouterr().err
    assert "cannot be reached" in said
    assert "very-secret" not in said


def test_wrong_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["send", "hello"]) == 2
    assert "--hook" in capsys.readouterr().err
    assert main(["send", "--hook", "chat.example.org", "hello"]) == 2
    assert "begins with https:// or http://" in capsys.readouterr().err
    assert main(["send", "--hook", "http://127.0.0.1:9/hooks/x", "  "]) == 2
    assert "nothing to post" in capsys.readouterr().err
    assert main(["send", "--to", "group", "hello"]) == 2
    assert "ECHOSPHERE_URL" in capsys.readouterr().err
    assert main(["run", "no_such_module:bot"]) == 2
    assert main(["run", "json:loads"]) == 2
    assert "not a Bot" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    with pytest.raises(SystemExit):
        main(["--version"])
    assert __version__ in capsys.readouterr().out


def test_a_bot_posts_files_by_the_command(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECHOSPHERE_URL", server.url)
    monkeypatch.setenv("ECHOSPHERE_KEY", server.key)
    file = tmp_path / "build.log"
    file.write_text("line 1")
    send = ["send", "--to", server.group.id, "log", "--file", str(file), "--key", "ci-512"]
    assert [main(send), main(send)] == [0, 0]
    (posted,) = server.messages
    assert (posted.text, posted.files) == ("log", ("build.log",))
    assert main(["send", "--to", "nowhere", "log"]) == 1


def test_a_key_may_be_any_text_for_webhooks_and_bots(
    server: FakeServer, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECHOSPHERE_URL", server.url)
    monkeypatch.setenv("ECHOSPHERE_KEY", server.key)
    send = ["send", "It failed", "--key", "build 512"]
    for _ in range(2):
        assert main([*send, "--hook", hook.url]) == 0
        assert main([*send, "--to", server.group.id]) == 0
    assert len(server.messages) == 1
    keys = {json.loads(body)["key"] for _, body in hook.received}
    assert keys == {key_for("build 512")}


PROGRAM = """
import logging
from echosphere_bot import Bot
bot = Bot.from_env()

@bot.on_mention
async def hello(message):
    await message.reply("Hello!")

@bot.command("fail", about="Fails")
async def fail(call):
    raise RuntimeError(f"cannot with {bot.configured().key}")
"""


@pytest.mark.parametrize("form", ["json", ""])
def test_a_bot_runs_until_it_is_asked_to_end(server: FakeServer, tmp_path: Path, form: str) -> None:
    (tmp_path / "hello.py").write_text(PROGRAM)
    process = subprocess.Popen(
        [sys.executable, "-m", "echosphere_bot", "run", "hello:bot"],
        cwd=tmp_path,
        env=os.environ
        | {
            "ECHOSPHERE_URL": server.url,
            "ECHOSPHERE_KEY": server.key,
            "ECHOSPHERE_LOG": form,
            "XDG_STATE_HOME": str(tmp_path / "state"),
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    first = process.stderr.readline()
    assert "Echo listens to http://" in first
    server.say("@Echo")
    assert server.next_message().text == "Hello!"
    server.command("fail")
    server.say("@Echo")
    server.next_message()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "cannot with …" in said
    assert server.key not in first + said
    if form == "json":
        lines = [json.loads(line) for line in (first + said).splitlines()]
        assert {"at", "level", "logger", "message"} <= set(lines[0])
        assert any("event" in line and "traceback" in line for line in lines)
    (state,) = (tmp_path / "state" / "echosphere-bot").glob("*.json")
    assert json.loads(state.read_text())["cursor"] == server.world.cursor()


def test_a_bot_that_cannot_run_says_why(server: FakeServer, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "-m", "echosphere_bot", "run", "hello"],
        cwd=tmp_path,
        env=os.environ | {"ECHOSPHERE_URL": server.url, "ECHOSPHERE_KEY": "esb_wrong"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "critical This API key is not valid. It was mistyped" in done.stderr
