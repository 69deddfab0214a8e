"""The process that estimates passwords: beside the server, replaced if lost, stopped if unused."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from echosphere.accounts.hashing import STRENGTH_WORKER, PasswordHasher, StrengthPool
from echosphere.core.errors import Unavailable
from tests.broken_process import failing
from tests.doors import CHEAP, House

STRONG = "kestrel-over-fjord"

LOST = {
    "it ends": "os._exit(1)",
    "it hangs": "time.sleep(600)",
    "it crashes": "os.kill(os.getpid(), signal.SIGSEGV)",
    "half an answer": "print('{', end='', flush=True); os._exit(0)",
}


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Estimate in the process, which other tests do without."""
    monkeypatch.delattr(StrengthPool, "ask")


async def guessable(hasher: PasswordHasher, password: str) -> bool:
    return await hasher.is_guessable(password, name="Ana", email="ana@example.org")


def test_the_server_itself_never_loads_the_lists() -> None:
    code = f"""
import asyncio, sys
from echosphere.accounts import PasswordHasher

async def main():
    hasher = PasswordHasher({CHEAP!r})
    for password in ("strawberry", {STRONG!r}):
        print(await hasher.is_guessable(password, name="Ana", email="ana@example.org"))
    await hasher.stop()

asyncio.run(main())
print("zxcvbn" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "False"]


async def test_forty_people_register_at_once(house: House) -> None:
    people = [
        {"email": f"p{number}@example.org", "name": f"Person {number}", "password": password}
        for number in range(40)
        for password in [STRONG if number % 2 else "strawberry"]
    ]
    answers = await asyncio.gather(*(house.browser().post("/accounts", one) for one in people))
    assert [status for status, _ in answers] == [400, 201] * 20
    assert all("password" in body["fields"] for status, body in answers if status == 400)
    assert len(house.password_hasher._strength._all) == 1


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
async def test_a_registration_waits_for_a_process_that_was_lost_and_loses_nothing(
    fault: str, house: House, tmp_path: Path
) -> None:
    marker = tmp_path / "broken"
    marker.touch()
    lost = StrengthPool(failing(STRENGTH_WORKER, fault, marker))
    lost._timeout_seconds = 0.5 if "sleep" in fault else 30.0
    house.password_hasher._strength = lost
    ana = {
        "email": "ana@example.org",
        "name": "Ana",
        "password": STRONG,
        "key": "a-key-of-ones-own",
    }
    refused = await house.browser().open("POST", "/api/v1/accounts", json=ana)
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    assert "cannot be checked right now" in (await refused.get_json())["detail"]
    marker.unlink()
    lost._timeout_seconds = 30.0
    status, _ = await house.browser().post("/accounts", ana)
    assert status == 201


async def test_a_process_that_dies_once_is_replaced_unnoticed(tmp_path: Path) -> None:
    marker = tmp_path / "broken"
    marker.touch()
    hasher = PasswordHasher(CHEAP)
    once = f"os.unlink({str(marker)!r}); os._exit(1)"
    hasher._strength = StrengthPool(failing(STRENGTH_WORKER, once, marker))
    assert not await guessable(hasher, STRONG)
    await hasher.stop()


async def test_the_process_ends_when_no_password_comes_and_is_started_for_the_next() -> None:
    hasher = PasswordHasher(CHEAP)
    hasher._strength._idle_seconds = 0.05
    assert await guessable(hasher, "strawberry")
    (process,) = hasher._strength._all
    await process.wait()
    assert hasher._strength._all == set()
    assert not await guessable(hasher, STRONG)
    await hasher.stop()
    assert hasher._strength._all == set()


async def test_no_process_is_started_for_a_password_that_another_rule_refuses() -> None:
    hasher = PasswordHasher(CHEAP)
    assert not await guessable(hasher, "short")
    assert hasher._strength._all == set()
    await hasher.stop()


async def test_a_process_that_cannot_start_is_the_servers_fault() -> None:
    hasher = PasswordHasher(CHEAP)
    hasher._strength = StrengthPool(("/does/not/exist",))
    with pytest.raises(Unavailable):
        await guessable(hasher, STRONG)
    await hasher.stop()
