"""The pages that let people back in; they work without a script."""

from quart import Quart, flash, redirect, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts import (
    AccountsApi,
    PendingSignIn,
    ask_for_code,
    normalize_email,
    validate,
)
from echosphere.core.errors import Gone, Refusal
from echosphere.core.rate_limits import address_key
from echosphere.recovery.change_address import UseAddressLink
from echosphere.recovery.limits import MAILS_TO_ADDRESS, RESETS_OF_ADDRESS, USES
from echosphere.recovery.mail_jobs import RequestReset
from echosphere.recovery.reset import PasswordReset
from echosphere.recovery.sign_in_once import SignInOnce
from echosphere.recovery.web.other_ways import OTHER_WAYS_PAGE
from echosphere.recovery.web.own_link import OwnLink, own_link
from echosphere.recovery.web.rendering import MAX_FORM, SEE_OTHER, refused_page, rendered_page
from echosphere.web import Api, gettext, request_form, request_language, sign_in_url

FOUND = 302

SENT = (
    "If there is an account with this address, an e-mail is on its way. Its link works for an hour."
)
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
        self._authentication = accounts.authentication
        self._has_mailer = mails

    @property
    def _mails(self) -> bool:
        """Whether links that set a password are mailed."""
        return self._has_mailer and self._authentication.passwords

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
        if not self._authentication.passwords:
            return await self._sign_in(token)
        form = await request_form(request, MAX_FORM)
        await self._password_reset.reset(token, form.get("password", ""))
        await flash(gettext(DONE), "success")
        return redirect(sign_in_url(OTHER_WAYS_PAGE), SEE_OTHER)

    async def _sign_in(self, token: str) -> AnyResponse:
        signed_in = await self._once.sign_in(token, self._cookie.device(request))
        if isinstance(signed_in, PendingSignIn):
            return ask_for_code(self._cookie, signed_in, OTHER_WAYS_PAGE)
        response = redirect(OTHER_WAYS_PAGE, SEE_OTHER)
        self._cookie.set(response, signed_in.token)
        self._cookie.set_device(response, signed_in.device_cookie)
        return response

    async def confirm(self, token: str) -> AnyResponse:
        """Ask the owner whether their address is to be changed (GET), or change it (POST)."""
        template = "confirm.html"
        try:
            link = await own_link(self._api, self._database, "address", token, template)
            if not isinstance(link, OwnLink):
                return link
            if request.method == "POST":
                return await self._change_address(token, link)
        except Refusal as refusal:
            return await refused_page(template, refusal)
        return await rendered_page(template, email=link.email)

    async def _change_address(self, token: str, link: OwnLink) -> AnyResponse:
        self._api.require_same_origin(request, needed=True)
        await self._database.write(UseAddressLink(token, link.caller))
        await flash(gettext(CONFIRMED), "success")
        return redirect("/", SEE_OTHER)


async def _to_settings() -> AnyResponse:
    return redirect("/#account", FOUND)
