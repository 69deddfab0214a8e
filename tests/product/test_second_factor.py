"""Between password and code, and without a required factor, nothing is accessible."""

import time

import httpx
import pyotp
import pytest
import socketio

from tests.product.conftest import Running
from tests.product.people import PASSWORD, Person, Socket, people_on

Cast = tuple[Person, Person, Person]
TRANSPORTS = ("websocket", "polling")


async def assert_shut(base: str, token: str) -> None:
    """Neither transport lets a token in."""
    for transport in TRANSPORTS:
        with pytest.raises(socketio.exceptions.ConnectionError):
            await Socket(base, token).connect([transport])


async def test_a_pending_sign_in_opens_no_socket(cast: Cast) -> None:
    ada, _, _ = cast
    secret = (await ada.post("/me/second-factor/app", {}, status=200))["secret"]
    code = pyotp.TOTP(secret).generate_otp(int(time.time()) // 30)
    answer = await ada.put("/me/second-factor/app", {"code": code}, status=200)
    proof = {"email": ada.email, "password": PASSWORD, "bearer": True}
    async with httpx.AsyncClient(base_url=f"{ada.base}/api/v1") as http:
        held = await http.post("/sessions", json=proof)
        assert (held.status_code, set(held.json())) == (202, {"pending"})
        await assert_shut(ada.base, held.json()["pending"])
        step = {"pending": held.json()["pending"], "code": answer["codes"][0]}
        opened = (await http.post("/sessions/second-factor", json=step)).json()
    phone = Person(ada.base, opened["user"], opened["token"])
    await phone.connect()


@pytest.mark.parametrize("more_settings", [{"ECHOSPHERE_REQUIRE_SECOND_FACTOR": "everybody"}])
async def test_who_lacks_the_factor_that_is_asked_opens_no_socket(
    running: Running, more_settings: dict[str, str]
) -> None:
    assert more_settings
    base = await running.start()
    async with people_on(base, "Ada Example") as people:
        assert (await people[0].http.get("/me")).json()["code"] == "factor_needed"
        await assert_shut(base, people[0].token)
        headers = {"Authorization": f"Bearer {people[0].token}", "Origin": base}
        async with httpx.AsyncClient(base_url=base, headers=headers) as page:
            for method, kind in (("GET", "join"), ("POST", "join"), ("GET", "invite")):
                answer = await page.request(method, f"/{kind}/{'A' * 43}")
                assert answer.headers["location"] == "/second-factor", kind
            assert (await page.post(f"/confirm-address/{'A' * 43}")).status_code == 410
