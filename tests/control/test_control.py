"""The way from a command to the running server: who can use it, and what is left behind."""

import asyncio
import socket
import stat
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest

from echosphere.control import (
    Call,
    ControlServer,
    NotReachable,
    Refused,
    UnsafeFolderError,
    ask,
    own_os_user,
)
from echosphere.control import server as control_server
from echosphere.control.frames import encode_frame
from echosphere.core.errors import Conflict

ENDED = threading.Event()
"""Set when `long` has ended, before its end or behind it."""

SOCKET, POINTER = "control.sock", "control.json"


async def run(call: Call) -> AsyncGenerator[Any, None]:
    """Run what the tests call."""
    match call.command:
        case "who":
            yield {"user": call.os_user}
        case "count":
            for number in range(call.arguments["to"]):
                yield {"number": number}
        case "much":
            while True:
                yield "x" * 1_000_000
        case "long":
            try:
                for number in range(call.arguments["to"]):
                    await asyncio.sleep(0.02)
                    yield {"number": number}
                    await asyncio.sleep(0.02)
            finally:
                ENDED.set()
        case "full":
            raise OSError(ENOSPC, "No space left on device")
        case "refused":
            raise Conflict("Not now.", fields={"when": "later"})
        case _:
            raise ZeroDivisionError("a bug")


@pytest.fixture(params=["unix", "port"])
async def folder(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Path]:
    """A data folder on which a server listens, by a socket or by a port."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    server = ControlServer(folder, run)
    await server.start(unix=request.param == "unix")
    yield folder
    await server.stop()
    assert list(folder.iterdir()) == []


async def answers(folder: Path, command: str, **arguments: Any) -> list[Any]:
    return await asyncio.to_thread(
        lambda: list(ask(folder, Call(command, arguments, own_os_user())))
    )


async def test_a_command_is_answered_in_parts_and_refused_with_its_reason(folder: Path) -> None:
    assert await answers(folder, "count", to=3) == [{"number": number} for number in range(3)]
    assert await answers(folder, "who") == [{"user": own_os_user()}]
    with pytest.raises(Refused) as refused:
        await answers(folder, "refused")
    problem = refused.value.problem
    assert (problem.code, problem.detail, problem.fields) == (
        "conflict",
        "Not now.",
        {"when": "later"},
    )


async def test_a_fault_of_the_server_is_logged_and_not_told(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Refused) as refused:
        await answers(folder, "a bug")
    assert refused.value.problem.code == "internal"
    assert "ZeroDivisionError" not in refused.value.problem.detail
    assert "ZeroDivisionError" in caplog.text
    assert await answers(folder, "count", to=1) == [{"number": 0}]


async def test_a_long_silence_does_not_end_a_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_server, "WORKING_EVERY", 0.001)
    told = await answers(folder, "long", to=3)
    assert told == [{"number": number} for number in range(3)]


async def test_a_command_that_goes_away_while_nothing_is_said_ends(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_server, "WORKING_EVERY", 0.001)
    ENDED.clear()

    def ask_and_go() -> None:
        asked = ask(folder, Call("long", {"to": 1_000_000}, own_os_user()))
        assert next(asked) == {"number": 0}
        asked.close()  # type: ignore[attr-defined]

    await asyncio.to_thread(ask_and_go)
    assert await asyncio.to_thread(ENDED.wait, 10)


async def test_what_the_machine_refuses_is_told(folder: Path) -> None:
    with pytest.raises(Refused) as full:
        await answers(folder, "full")
    assert "No space left on device" in full.value.problem.detail


async def test_a_command_that_does_not_read_its_answer_holds_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_server, "SEND_WITHIN", 0.2)
    monkeypatch.setattr(control_server, "MAX_CALLS", 1)
    server = ControlServer(tmp_path, run)
    await server.start()
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(tmp_path / SOCKET))
        silent.sendall(encode_frame(Call("much", {}, own_os_user())))
        async with asyncio.timeout(30):
            assert await answers(tmp_path, "count", to=1) == [{"number": 0}]
    await server.stop()


async def test_no_one_else_may_connect(folder: Path) -> None:
    (only,) = folder.iterdir()
    assert stat.S_IMODE(only.stat().st_mode) == 0o600


async def test_a_port_asks_for_the_token_of_the_data_folder(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = ControlServer(tmp_path, run)
    await server.start(unix=False)
    pointer = (tmp_path / POINTER).read_text()
    (tmp_path / POINTER).write_text(pointer.replace('"token":"', '"token":"x'))
    with pytest.raises(ConnectionError):
        await answers(tmp_path, "who")
    assert "unknown command" in caplog.text
    (tmp_path / POINTER).write_text(pointer)
    await server.stop()


async def test_a_socket_with_too_long_a_path_has_a_private_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = tmp_path / ("long" * 20) / ("longer" * 5)
    folder.mkdir(parents=True)
    server = ControlServer(folder, run)
    await server.start()
    (made,) = tmp_path.glob("echosphere-*")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert stat.S_IMODE((made / SOCKET).stat().st_mode) == 0o600
    assert await answers(folder, "count", to=1) == [{"number": 0}]
    await server.stop()
    assert not made.exists()
    with pytest.raises(NotReachable):
        await answers(folder, "who")


async def test_the_socket_of_a_dead_server_is_replaced_and_that_of_a_living_one_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(tmp_path / SOCKET))
    dead.close()
    with pytest.raises(NotReachable):
        await answers(tmp_path, "who")
    server, other = ControlServer(tmp_path, run), ControlServer(tmp_path, run)
    await server.start()
    await other.start()
    assert "Another server is listening" in caplog.text
    await other.stop()
    assert await answers(tmp_path, "count", to=1) == [{"number": 0}]
    await server.stop()
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_others_may_write_into_is_not_trusted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    server = ControlServer(folder, run)
    await server.start()
    folder.chmod(0o777)
    with pytest.raises(UnsafeFolderError, match="chmod go-w"):
        await answers(folder, "who")
    open_to_all = ControlServer(folder, run)
    await open_to_all.start()
    assert "chmod go-w" in caplog.text
    folder.chmod(0o700)
    assert await answers(folder, "count", to=1) == [{"number": 0}]
    await server.stop()


@pytest.mark.parametrize(
    "sent", [b"\xff\xff\xff\xff", b"\0\0\0\3{}x", b"\0\0\0\2[]", b"\0", b""], ids=repr
)
@pytest.mark.parametrize("folder", ["unix"], indirect=True)
async def test_invalid_commands_are_not_answered(folder: Path, sent: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(folder / SOCKET))
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        assert await asyncio.to_thread(connection.recv, 100) == b""
    assert await answers(folder, "count", to=1) == [{"number": 0}]


@pytest.mark.parametrize("folder", ["unix"], indirect=True)
async def test_whom_the_kernel_knows_counts_and_not_what_is_said(folder: Path) -> None:

    def said(name: str) -> Any:
        return list(ask(folder, Call("who", {}, name)))

    own = own_os_user().rpartition(" as ")[2]
    assert await asyncio.to_thread(said, "somebody else") == [{"user": own}]
    assert await asyncio.to_thread(said, f"ana as {own}") == [{"user": f"ana as {own}"}]
