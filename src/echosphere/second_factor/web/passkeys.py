"""The doors through which people sign in by a passkey, without a password."""

from quart import Quart, Response, flash, redirect, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts import AccountsApi, SignedIn, SignedInAnswer
from echosphere.core.clock import SECOND
from echosphere.core.errors import Refusal
from echosphere.core.ids import new_token
from echosphere.core.rate_limits import RateLimiter, address_key
from echosphere.i18n import translate_error
from echosphere.second_factor.challenges import LIFETIME
from echosphere.second_factor.passkey_sign_in import PasskeySignIns
from echosphere.second_factor.relying_party import RelyingParty
from echosphere.second_factor.web.api import CODES
from echosphere.second_factor.wire import Assertion, AssertionOptions, SignInByPasskey
from echosphere.web import Api, Json, local_path, request_form, request_language, sign_in_url
from echosphere.wire import decode

SEE_OTHER = 303
MAX_FORM = 32 * 1024


class PasskeyDoors:
    """Serves `/sessions/passkey`, and the form of the sign-in page.

    Args:
        api: Refuses forms of other sites.
        sign_ins: Signs in.
        accounts: Has the cookies.
        rate_limiter: Limits attempts by address.
        party: For whom passkeys count.
    """

    def __init__(
        self,
        api: Api,
        sign_ins: PasskeySignIns,
        accounts: AccountsApi,
        rate_limiter: RateLimiter,
        party: RelyingParty,
    ) -> None:
        self._api = api
        self._sign_ins = sign_ins
        self._accounts = accounts
        self._cookie = accounts.cookie
        self._rate_limiter = rate_limiter
        self._party = party

    def serve(self, app: Quart) -> None:
        """Add the routes, and tell the pages whether there are passkeys."""
        path = "/sessions/passkey"
        self._api.get(path, self.options, answer=AssertionOptions, anonymous=True)
        self._api.post(
            path,
            self.sign_in,
            body=SignInByPasskey,
            answer=SignedInAnswer,
            status=201,
            anonymous=True,
        )
        app.add_url_rule("/login/passkey", "login-passkey", self.submit, methods=["POST"])
        origin = self._party.origin if self._party.missing is None else ""
        app.context_processor(lambda: {"passkey_origin": origin})

    async def options(self) -> Response:
        """Begin to sign in by a passkey: which account it is for, the passkey says."""
        browser = request.cookies.get(self._cookie.passkey_name) or new_token()
        response = Json.of(self._sign_ins.options(browser))
        self._cookie.set_passkey(response, browser, LIFETIME // SECOND)
        return response

    async def sign_in(self, given: SignInByPasskey) -> Response:
        """Sign in by a passkey, with a session cookie or, for programs, a bearer token."""
        signed_in = await self._finish(given.assertion, bearer=given.bearer)
        if given.bearer:
            return Json.of(SignedInAnswer(signed_in.user, signed_in.token), 201)
        return self._accounts.with_cookies(signed_in, 201)

    async def submit(self) -> AnyResponse:
        """Sign in by the form of the sign-in page, or lead back there."""
        self._api.require_same_origin(request, needed=True)
        form = await request_form(request, MAX_FORM)
        wanted = local_path(form.get("next"))
        try:
            signed_in = await self._finish(decode(Assertion, form.get("passkey", "").encode()))
        except Refusal as refusal:
            await flash(translate_error(request_language(), refusal).detail, "danger")
            return redirect(sign_in_url(wanted), SEE_OTHER)
        response = redirect(wanted, SEE_OTHER)
        self._cookie.set(response, signed_in.token)
        self._cookie.set_device(response, signed_in.device_cookie)
        return response

    async def _finish(self, given: Assertion, *, bearer: bool = False) -> SignedIn:
        self._rate_limiter.take(CODES, address_key(request.remote_addr or ""))
        browser = request.cookies.get(self._cookie.passkey_name, "")
        device = self._cookie.device(request, bearer=bearer)
        return await self._sign_ins.finish(given, browser, device)
