"""The pages that let people back in; they work without a script."""

from quart import Quart, Response, flash, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts import normalize_email, validate
from echosphere.core.errors import Gone, Refusal
from echosphere.core.rate_limits import Rate, address_key, per_hour
from echosphere.database import Database
from echosphere.i18n import translate_error
from echosphere.recovery.mail_jobs import request_reset
from echosphere.recovery.reset import PasswordReset
from echosphere.web import Api, gettext, request_form, request_language

SEE_OTHER = 303
MAX_FORM = 16 * 1024

PER_EMAIL = per_hour("password resets of an account", 2)
PER_ADDRESS = per_hour("password resets of an address", 2)
USES = Rate("uses of one-time links", burst=30, every=10)
"""Every use of a valid link may cost a hash."""

SENT = "If an account has this address, a mail is on its way. Its link works for an hour."
DONE = "Your new password is set. Sign in with it."


class RecoveryPages:
    """Serves `/forgot-password` and `/reset-password/{token}`.

    Args:
        api: Refuses forms of other sites, and has the rates.
        database: Where jobs are left.
        password_reset: Sets passwords by links.
        mails: Whether there is a mail server.
    """

    def __init__(
        self, api: Api, database: Database, password_reset: PasswordReset, *, mails: bool
    ) -> None:
        self._api = api
        self._database = database
        self._password_reset = password_reset
        self._mails = mails

    def serve(self, app: Quart) -> None:
        """Add the routes."""
        both = ["GET", "POST"]
        app.add_url_rule("/forgot-password", "forgot-password", self.forgot, methods=both)
        app.add_url_rule("/reset-password/<token>", "reset-password", self.reset, methods=both)

    async def forgot(self) -> AnyResponse:
        """Ask for an address (GET), or for a mail to it (POST): the answer is the same for all."""
        if request.method == "GET" or not self._mails:
            return await _page("forgot.html", mails=self._mails)
        self._api.require_same_origin(request, needed=True)
        form = await request_form(request, MAX_FORM)
        try:
            await self._request(form.get("email", ""))
        except Refusal as refusal:
            return await _refused("forgot.html", refusal, mails=True, email=form.get("email", ""))
        return await _page("forgot.html", mails=True, sent=gettext(SENT))

    async def _request(self, given: str) -> None:
        email = validate({"email": lambda: normalize_email(given)})["email"]
        limiter = self._api.rate_limiter
        limiter.take(PER_ADDRESS, address_key(request.remote_addr or ""))
        limiter.take(PER_EMAIL, email)
        await self._database.write(request_reset, email, request_language())

    async def reset(self, token: str) -> AnyResponse:
        """Ask for a new password (GET), or set it (POST)."""
        self._api.rate_limiter.take(USES, address_key(request.remote_addr or ""))
        try:
            if request.method == "POST":
                return await self._set(token)
            owner = await self._password_reset.owner(token)
        except Gone as gone:
            return await _refused("reset.html", gone, gone=True, mails=self._mails)
        except Refusal as refusal:
            owner = await self._password_reset.owner(token)
            return await _refused("reset.html", refusal, email=owner.email)
        return await _page("reset.html", email=owner.email)

    async def _set(self, token: str) -> AnyResponse:
        self._api.require_same_origin(request, needed=True)
        form = await request_form(request, MAX_FORM)
        await self._password_reset.reset(token, form.get("password", ""))
        await flash(gettext(DONE), "success")
        return redirect("/login", SEE_OTHER)


async def _refused(template: str, refusal: Refusal, **about: object) -> Response:
    shown = translate_error(request_language(), refusal)
    response = await _page(template, refusal.status, problem=shown, **about)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


async def _page(template: str, status: int = 200, **about: object) -> Response:
    page = await render_template(template, **about)
    return Response(page, status=status, content_type="text/html; charset=utf-8")
