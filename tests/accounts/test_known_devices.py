"""Guessing from elsewhere locks no one out of a device they signed in on before."""

from http.cookies import SimpleCookie

import pytest

from echosphere.accounts.known_device import MAX_ACCOUNTS, add_known_device, find_known_device
from echosphere.core.clock import MINUTE
from tests.accounts.test_sign_in import ANA, WRONG
from tests.conftest import SetClock
from tests.doors import OTHER_PASSWORD, PASSWORD, Browser, House

NAME = "echosphere_device"
SECRET = "a secret of the server, long enough"


async def attack(house: House) -> None:
    """Guess until the account is closed to everyone unknown."""
    for number in range(6):
        await house.browser(f"198.51.100.{number}").post("/sessions", WRONG)


async def signs_in(browser: Browser, body: dict[str, str], cookie: str) -> int:
    """Sign in on a device that keeps a cookie; return the status."""
    headers = {"cookie": f"{NAME}={cookie}"}
    return (await browser.open("POST", "/api/v1/sessions", json=body, headers=headers)).status_code


async def cookie_of(browser: Browser, body: dict[str, str] = ANA) -> str:
    """Sign in and return the cookie by which the device is known from then on."""
    answer = await browser.open("POST", "/api/v1/sessions", json=body)
    kept: SimpleCookie = SimpleCookie()
    for header in answer.headers.getlist("set-cookie"):
        kept.load(header)
    assert kept[NAME]["httponly"]
    assert kept[NAME]["samesite"] == "Lax"
    return kept[NAME].value


async def test_an_owner_signs_in_on_a_known_device_while_others_guess(strict_house: House) -> None:
    await strict_house.person("Ana")
    known = await cookie_of(strict_house.browser())
    await attack(strict_house)
    assert await signs_in(strict_house.browser(), ANA, known) == 201
    assert (await strict_house.browser().post("/sessions", ANA))[0] == 429
    # The owner's success is no pardon for those who guess.
    assert (await strict_house.browser("198.51.100.1").post("/sessions", WRONG))[0] == 429


async def test_a_stolen_device_guesses_no_faster_than_anyone(strict_house: House) -> None:
    await strict_house.person("Ana")
    stolen = await cookie_of(strict_house.browser())
    thief = strict_house.browser("198.51.100.9")
    assert [await signs_in(thief, WRONG, stolen) for _ in range(6)] == [401] * 5 + [429]
    # And the owner on another device does not wait for it.
    assert (await strict_house.browser().post("/sessions", ANA))[0] == 201


async def test_the_device_of_someone_else_is_worth_nothing(strict_house: House) -> None:
    await strict_house.person("Ana")
    await strict_house.person("Ben")
    ben = {"email": "ben@example.org", "password": PASSWORD}
    foreign = await cookie_of(strict_house.browser(), ben)
    ana = await cookie_of(strict_house.browser())
    forged = foreign.replace(foreign.partition(".")[0], ana.partition(".")[0])
    await attack(strict_house)
    for cookie in (foreign, forged, "x", "~", "é", ana[:-1] + ("0" if ana[-1] != "0" else "1")):
        assert await signs_in(strict_house.browser(), ANA, cookie) == 429, cookie


async def test_a_new_password_forgets_all_devices_but_those_that_use_it(
    strict_house: House, clock: SetClock
) -> None:
    ana = await strict_house.person("Ana")
    old = await cookie_of(strict_house.browser())
    body = {"current": PASSWORD, "new": OTHER_PASSWORD}
    assert (await ana.put("/me/password", body))[0] == 204
    await attack(strict_house)
    changed = {**ANA, "password": OTHER_PASSWORD}
    assert await signs_in(strict_house.browser(), changed, old) == 429
    clock.advance(61 * MINUTE)
    new = await cookie_of(strict_house.browser(), changed)
    await attack(strict_house)
    assert await signs_in(strict_house.browser(), changed, new) == 201


def test_a_device_remembers_several_people_and_not_endlessly_many() -> None:
    kept = ""
    people = [f"person{number}" for number in range(MAX_ACCOUNTS + 1)]
    for person in people:
        kept = add_known_device(SECRET, kept, person, "hash")
    found = [bool(find_known_device(SECRET, kept, person, "hash")) for person in people]
    assert found == [False] + [True] * MAX_ACCOUNTS


@pytest.mark.parametrize("junk", ["~" * 500, "a.b.c", "person." + "a" * 22 + ".zz", "\x00"])
def test_what_a_device_made_up_is_dropped(junk: str) -> None:
    assert find_known_device(SECRET, junk, "person", "hash") is None
    assert junk not in add_known_device(SECRET, junk, "person", "hash")
