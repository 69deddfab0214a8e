"""Password hashing: bounded, off the loop, and the same work when there is no such account."""

import asyncio

import pytest

from echosphere.accounts import PasswordHasher
from echosphere.core.errors import Unavailable
from tests.doors import CHEAP


async def test_a_password_matches_its_hash_and_no_other() -> None:
    password_hasher = PasswordHasher(CHEAP)
    stored = await password_hasher.hash("kestrel")
    assert await password_hasher.matches(stored, "kestrel")
    assert not await password_hasher.matches(stored, "heron")
    await password_hasher.stop()


async def test_no_ones_password_never_matches_and_costs_one_hash() -> None:
    password_hasher = PasswordHasher(CHEAP)
    assert not await password_hasher.matches(None, "kestrel")
    assert password_hasher.computed == 1
    await password_hasher.stop()


async def test_a_flood_is_turned_away_and_the_next_one_is_served() -> None:
    password_hasher = PasswordHasher("scrypt:16384:8:1", workers=1, max_waiting=3)
    flood = await asyncio.gather(
        *(password_hasher.hash("kestrel") for _ in range(8)), return_exceptions=True
    )
    refused = [one for one in flood if isinstance(one, Unavailable)]
    assert len(refused) == 5
    assert all(one.retry_after for one in refused)
    assert password_hasher.computed == 3
    assert await password_hasher.hash("kestrel")
    await password_hasher.stop()


async def test_the_loop_goes_on_while_a_password_is_hashed() -> None:
    password_hasher = PasswordHasher("scrypt:16384:8:1")
    hashing = asyncio.create_task(password_hasher.hash("kestrel"))
    turns = 0
    while not hashing.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns > 1
    await password_hasher.stop()


@pytest.mark.parametrize(("method", "outdated"), [(CHEAP, False), ("scrypt:2048:8:1", True)])
async def test_a_hash_of_another_method_is_outdated(method: str, outdated: bool) -> None:
    password_hasher = PasswordHasher(CHEAP)
    stored = await password_hasher.hash("kestrel")
    await password_hasher.stop()
    other = PasswordHasher(method)
    assert other.is_outdated(stored) is outdated
    await other.stop()
