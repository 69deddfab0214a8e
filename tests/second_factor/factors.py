"""What tests of second factors do again and again."""

from dataclasses import dataclass

import pyotp

from tests.conftest import SetClock
from tests.doors import PASSWORD, Answer, Browser, House


@dataclass
class App:
    """An authenticator app, with the clock of the test."""

    secret: str
    clock: SetClock

    def code(self, steps: int = 0) -> str:
        """Return the code of now, or of so many steps later."""
        return pyotp.TOTP(self.secret).generate_otp(self.clock.now // 30_000 + steps)

    def next_code(self) -> str:
        """Let the time of a code pass, and return the next one."""
        self.clock.advance(30_000)
        return self.code()


async def set_up(browser: Browser, clock: SetClock) -> tuple[App, list[str]]:
    """Set up an app for a signed-in person; return it and the recovery codes."""
    status, offer = await browser.post("/me/second-factor/app", {})
    assert status == 200, offer
    app = App(offer["secret"], clock)
    status, answer = await browser.put("/me/second-factor/app", {"code": app.code()})
    assert status == 200, answer
    return app, answer["codes"]


async def pending(browser: Browser, email: str, password: str = PASSWORD) -> str:
    """Sign in up to the second factor; return the token."""
    status, body = await browser.sign_in(email, password)
    assert status == 202, body
    return str(body["pending"])


async def finish(browser: Browser, token: str, code: str, *, remember: bool = False) -> Answer:
    """Finish a sign-in."""
    body = {"pending": token, "code": code, "remember": remember}
    return await browser.post("/sessions/second-factor", body)


async def sign_in(house: House, email: str, code: str) -> Browser:
    """Sign in on another device."""
    browser = house.browser()
    status, body = await finish(browser, await pending(browser, email), code)
    assert status == 201, body
    return browser
