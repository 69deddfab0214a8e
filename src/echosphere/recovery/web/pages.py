"""The pages that let people back in; they work without a script."""

from quart import Quart, Response, flash, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts import (
    AccountsApi,
    PendingSignIn,
    ask_for_code,
    normalize_email,
    validate,
)
from echosphere.core.errors import STEPS_NEEDED, Gone, Refusal, Unauthorized
from echosphere.core.rate_limits import address_key
from echosphere.i18n import translate_error
from echosphere.recovery.change_address import UseAddressLink, find_new_address
from echosphere.recovery.limits import MAILS_TO_ADDRESS, RESETS_OF_ADDRESS, USES
from echosphere.recovery.mail_jobs import RequestReset
from echosphere.recovery.reset import PasswordReset
from echosphere.recovery.sign_in_once import SignInOnce
from echosphere.web import Api, gettext, request_form, request_language

SEE_OTHER = 303
FOUND = 302
MAX_FORM = 16 * 1024

SENT = "If an account has this address, a mail is on its way. Its link works for an hour."
CONFIRMED = "Your new address is confirmed."
DONE = "Your new password is set. Sign in with it."


class RecoveryPages:
    """Serves `/forgot-password`, `/reset-password/{token}` and `/confirm-address/{token}`.

    Args:
        api: Refuses forms of other sites, and has the rates.
        accounts: Has the cookies.
        password_reset: Sets passwords by links.
        once: Signs in by links where there are no passwords.
        mails: Whether there is a mail server.
    """

    def __init__(
        self,
        api: Api,
        accounts: AccountsApi,
        password_reset: PasswordReset,
        once: SignInOnce,
        *,
        mails: bool,
    ) -> None:
        self._api = api
        self._cookie = accounts.cookie
        self._database = accounts.database
        self._password_reset = password_reset
        self._once = once
        self._passwords = accounts.authentication.passwords
        self._mails = mails and self._passwords

    def serve(self, app: Quart) -> None:
        """Add the routes."""
        both = ["GET", "POST"]
        app.add_url_rule("/forgot-password", "forgot-password", self.forgot, methods=both)
        app.add_url_rule("/reset-password/<token>", "reset-password", self.reset, methods=both)
        app.add_url_rule("/confirm-address/<token>", "confirm-address", self.confirm, methods=both)
        # https://w3c.github.io/webappsec-change-password-url/
        app.add_url_rule("/.well-known/change-password", "change-password", _to_settings)

    async def forgot(self) -> AnyResponse:
        """Ask for an address (GET), or for a mail to it (POST): the answer is the same for all."""
        if request.method == "GET" or not self._mails:
            return await rendered_page("forgot.html", mails=self._mails)
        self._api.require_same_origin(request, needed=True)
        form = await request_form(request, MAX_FORM)
        try:
            await self._request(form.get("email", ""))
        except Refusal as refusal:
            return await refused_page(
                "forgot.html", refusal, mails=True, email=form.get("email", "")
            )
        return await rendered_page("forgot.html", mails=True, sent=gettext(SENT))

    async def _request(self, given: str) -> None:
        email = validate({"email": lambda: normalize_email(given)})["email"]
        limiter = self._api.rate_limiter
        limiter.take(RESETS_OF_ADDRESS, address_key(request.remote_addr or ""))
        limiter.take(MAILS_TO_ADDRESS, email)
        await self._database.write(RequestReset(email, request_language()))

    async def reset(self, token: str) -> AnyResponse:
        """Ask for a new password (GET), or set it (POST)."""
        self._api.rate_limiter.take(USES, address_key(request.remote_addr or ""))
        try:
            if request.method == "POST":
                return await self._set(token)
            owner = await self._password_reset.owner(token)
        except Gone as gone:
            return await refused_page("reset.html", gone, gone=True, mails=self._mails)
        except Refusal as refusal:
            owner = await self._password_reset.owner(token)
            return await refused_page("reset.html", refusal, email=owner.email)
        return await rendered_page("reset.html", email=owner.email)

    async def _set(self, token: str) -> AnyResponse:
        self._api.require_same_origin(request, needed=True)
        if not self._passwords:
            return await self._sign_in(token)
        form = await request_form(request, MAX_FORM)
        await self._password_reset.reset(token, form.get("password", ""))
        await flash(gettext(DONE), "success")
        return redirect("/login", SEE_OTHER)

    async def _sign_in(self, token: str) -> AnyResponse:
        signed_in = await self._once.sign_in(token, self._cookie.device(request))
        if isinstance(signed_in, PendingSignIn):
            return ask_for_code(self._cookie, signed_in, "/")
        response = redirect("/", SEE_OTHER)
        self._cookie.set(response, signed_in.token)
        self._cookie.set_device(response, signed_in.device_cookie)
        return response

    async def confirm(self, token: str) -> AnyResponse:
        """Ask whether an address is to be changed (GET), or change it (POST)."""
        self._api.rate_limiter.take(USES, address_key(request.remote_addr or ""))
        try:
            if request.method == "POST":
                return await self._change_address(token)
            email = await self._database.read(find_new_address, token)
        except Refusal as refusal:
            return await refused_page("confirm.html", refusal)
        return await rendered_page("confirm.html", email=email)

    async def _change_address(self, token: str) -> AnyResponse:
        self._api.require_same_origin(request, needed=True)
        session = await self._session()
        await self._database.write(UseAddressLink(token, session))
        await flash(gettext(CONFIRMED), "success")
        return redirect("/" if session else "/login", SEE_OTHER)

    async def _session(self) -> str | None:
        try:
            return (await self._api.caller(request)).session_id
        except STEPS_NEEDED as needed:
            return needed.caller.session_id
        except Unauthorized:
            return None


async def _to_settings() -> AnyResponse:
    return redirect("/#account", FOUND)


async def refused_page(template: str, refusal: Refusal, **about: object) -> Response:
    """Return a page that shows a refusal."""
    shown = translate_error(request_language(), refusal)
    response = await rendered_page(template, refusal.status, problem=shown, **about)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


async def rendered_page(template: str, status: int = 200, **about: object) -> Response:
    """Return a page with these variables."""
    page = await render_template(template, **about)
    return Response(page, status=status, content_type="text/html; charset=utf-8")
