"""Sensitive actions need a proof within the last ten minutes, from the device that asks."""

import pytest

from echosphere.accounts import require_fresh_proof
from echosphere.core.clock import MINUTE
from echosphere.core.errors import ProofNeeded
from tests.conftest import SetClock
from tests.doors import PASSWORD, Browser, House


async def ask(house: House, browser: Browser) -> None:
    """Do what needs a fresh proof."""
    caller = await house.recognise(browser.token or "")
    assert caller is not None
    await house.database.read(require_fresh_proof, caller)


async def test_signing_in_is_a_proof_for_ten_minutes(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    await ask(house, ana)
    clock.advance(10 * MINUTE)
    with pytest.raises(ProofNeeded):
        await ask(house, ana)


async def test_the_password_proves_it_again_for_this_device_alone(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    phone = house.browser()
    await phone.sign_in(ana.email)
    clock.advance(11 * MINUTE)
    assert (await ana.put("/sessions/current/proof", {"password": "heron-under-bridge"}))[0] == 400
    with pytest.raises(ProofNeeded):
        await ask(house, ana)
    assert (await ana.put("/sessions/current/proof", {"password": PASSWORD}))[0] == 204
    await ask(house, ana)
    with pytest.raises(ProofNeeded):
        await ask(house, phone)


async def test_a_clock_that_was_turned_back_does_not_stretch_a_proof(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    clock.advance(-MINUTE)
    with pytest.raises(ProofNeeded):
        await ask(house, ana)


async def test_guesses_at_the_password_are_throttled(strict_house: House) -> None:
    ana = await strict_house.person("Ana")
    guess = {"password": "heron-under-bridge"}
    answers = [(await ana.put("/sessions/current/proof", guess))[0] for _ in range(6)]
    assert answers == [400] * 5 + [429]
