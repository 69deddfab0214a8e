"""The pages to register, sign in and sign out."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar
from urllib.parse import urlencode

from quart import Quart, Response, flash, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts.authentication import SignedIn
from echosphere.accounts.session import Device
from echosphere.accounts.sessions import EndSession
from echosphere.accounts.sign_in import PendingSignIn
from echosphere.accounts.web.api import AccountsApi
from echosphere.accounts.web.cookie import SessionCookie
from echosphere.accounts.wire import SignIn, SignUp
from echosphere.core.errors import STEPS_NEEDED, NotFound, Refusal, Unauthorized
from echosphere.core.ids import new_id
from echosphere.i18n import translate_error
from echosphere.web import Api, gettext, local_path, request_form, request_language
from echosphere.wire import Request, convert

SEE_OTHER = 303
CODE_PAGE = "/login/code"
SIGNED_OUT_PAGE = "/signed-out"
"""Leads on to the sign-in page, or to the sign-in service by which someone came."""
PENDING_SECONDS = 600
WELCOME = "Your account is ready."
MAX_FORM = 32 * 1024
FIELDS = ("email", "name", "password", "key")
FORM_FIELDS = {
    "register.html": ("name", "email", "password"),
    "login.html": ("email", "password"),
}
ENDED_MESSAGES = {
    "elsewhere": "You were signed out from another device. Sign in to continue where you left off.",
    "password": "Your password was changed. Sign in with the new one to continue where you left off.",
    "role": "Your role on this server was changed. Sign in to continue where you left off.",
    "factor": "Your two-step sign-in was changed. Sign in again to continue where you left off.",
    "email": "Your e-mail address was changed. Sign in with the new one to continue where you left off.",
    "suspended": "You cannot use this server at the moment. Sign in to see why.",
    "administrator": "An administrator signed you out. Sign in to continue where you left off.",
    "provider": "Your sign-in service signed you out. Sign in to continue where you left off.",
    "expired": "Your session has ended. Sign in to continue where you left off.",
}
"""Why the session ended, by the query parameter `ended` of the sign-in page."""

RENEWING_ENDPOINTS = ("messenger", "conversation")

INVITE_PATH = re.compile(r"/[a-z]+/([A-Za-z0-9_-]{43})")
"""The path of any page with an invite's secret."""

AcceptInvite = Callable[[str, str], Awaitable[str | None]]
"""Accepts the invite of a path for a new user, and returns where to redirect to."""

F = TypeVar("F", bound=Request)


class AccountsPages:
    """Serves `/register`, `/login` and `/logout`; they work without a script.

    Args:
        api: Recognises people and refuses forms of other sites.
        accounts: Has the authentication and the cookie.
        accept_invite: Accepts the invite by which a user registered.
    """

    def __init__(
        self, api: Api, accounts: AccountsApi, accept_invite: AcceptInvite | None = None
    ) -> None:
        self._accept_invite = accept_invite
        self._api = api
        self._database = accounts.database
        self._authentication = accounts.authentication
        self._cookie = accounts.cookie

    def serve(self, app: Quart) -> None:
        """Add the routes."""
        app.add_url_rule("/register", "register", self.register, methods=["GET", "POST"])
        app.add_url_rule("/login", "login", self.login, methods=["GET", "POST"])
        app.add_url_rule("/logout", "logout", self.logout, methods=["POST"])
        app.after_request(self._renew_cookie)

    async def register(self) -> AnyResponse:
        """Show or process the form to register."""
        if request.method == "POST":
            return await self._submit(
                "register.html", SignUp, self._authentication.register, WELCOME
            )
        return await self._show_unless_signed_in("register.html")

    async def login(self) -> AnyResponse:
        """Show or process the form to sign in."""
        if request.method == "POST":
            return await self._submit("login.html", SignIn, self._authentication.sign_in, None)
        return await self._show_unless_signed_in("login.html")

    async def logout(self) -> AnyResponse:
        """Sign this device out."""
        self._api.require_same_origin(request, needed=True)
        token = self._cookie.token(request)
        try:
            caller = await self._api.authenticate(token) if token else None
        except STEPS_NEEDED as refusal:
            caller = refusal.caller
        if caller is not None:
            with suppress(NotFound):  # it may have been ended on another device just now
                await self._database.write(EndSession(caller.user_id, caller.session_id, "here"))
        await flash(gettext("You are signed out."), "success")
        response = redirect(SIGNED_OUT_PAGE, SEE_OTHER)
        self._cookie.clear(response)
        return response

    async def _submit(
        self,
        template: str,
        shape: type[F],
        action: Callable[[F, Device], Awaitable[SignedIn | PendingSignIn | None]],
        welcome: str | None,
    ) -> AnyResponse:
        self._api.require_same_origin(request, needed=True)
        form = await request_form(request, MAX_FORM)
        given = {name: form.get(name, "") for name in shape.__struct_fields__ if name in FIELDS}
        if not given.get("key"):
            given.pop("key", None)
        if "invite" in shape.__struct_fields__:
            given |= invite_in(local_path(form.get("next")))
        try:
            signed_in = await action(convert(shape, given), self._cookie.device(request))
        except Refusal as refusal:
            translated = translate_error(request_language(), refusal)
            return await self._show_problems(template, translated, form)
        if signed_in is None:
            return await self._show_waiting()
        destination = local_path(form.get("next"))
        if isinstance(signed_in, PendingSignIn):
            return ask_for_code(self._cookie, signed_in, destination)
        if welcome:
            await flash(gettext(welcome), "success")
            if self._accept_invite is not None:
                destination = (
                    await self._accept_invite(signed_in.user.id, destination) or destination
                )
        response = redirect(destination, SEE_OTHER)
        self._cookie.set(response, signed_in.token)
        self._cookie.set_device(response, signed_in.device_cookie)
        return response

    async def _show_waiting(self) -> Response:
        page = await render_template("waiting.html")
        return Response(page, status=202, content_type="text/html; charset=utf-8")

    async def _show_problems(
        self, template: str, refusal: Refusal, form: dict[str, str]
    ) -> Response:
        """Show the form again with its values, except the password, and the problems."""
        await flash(_notice(refusal), "danger")
        response = await self._show(template, form, refusal.fields, refusal.status)
        if refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response

    async def _show_unless_signed_in(self, template: str) -> AnyResponse:
        wanted = {"next": request.args.get("next", "")}
        try:
            await self._api.caller(request)
        except Unauthorized:
            if reason := ENDED_MESSAGES.get(request.args.get("ended", "")):
                await flash(gettext(reason), "info")
            return await self._show(template, wanted, {})
        except STEPS_NEEDED as needed:
            return redirect(needed.page)
        return redirect(local_path(wanted["next"]))

    async def _show(
        self, template: str, form: dict[str, str], fields: dict[str, str], status: int = 200
    ) -> Response:
        wanted = local_path(form.get("next"))
        read, admission = self._database.read, self._authentication.admission
        invite = invite_in(wanted).get("invite")
        invited_by = await read(admission.invited_by, invite) if invite else None
        closed = None if invited_by is not None else await read(admission.closed_reason)
        page = await render_template(
            template,
            name=form.get("name", ""),
            email=form.get("email", ""),
            key=form.get("key") or new_id(),
            next=wanted,
            fields=fields,
            focus=_focus(template, form, fields),
            invited_by=invited_by,
            is_open=closed is None,
            closed=gettext(closed) if closed else "",
        )
        return Response(page, status=status, content_type="text/html; charset=utf-8")

    async def _renew_cookie(self, response: Response) -> Response:
        """Extend the session cookie when the messenger is opened."""
        opened = request.method == "GET" and response.status_code == 200
        if opened and request.endpoint in RENEWING_ENDPOINTS:
            self._cookie.renew(response, request)
        return response


def ask_for_code(cookie: SessionCookie, pending: PendingSignIn, destination: str) -> AnyResponse:
    """Lead to the page of the second factor; only its cookie carries the sign-in on."""
    response = redirect(f"{CODE_PAGE}?{urlencode({'next': destination})}", SEE_OTHER)
    cookie.set_pending(response, pending.token, PENDING_SECONDS)
    return response


def _notice(refusal: Refusal) -> str:
    # The problem of a field is shown beside it.
    if len(refusal.fields) > 1:
        return gettext("Check the highlighted fields.")
    if refusal.fields:
        return gettext("Check the highlighted field.")
    return refusal.detail


def invite_in(path: str) -> dict[str, str]:
    """Return the secret in the path of an invite, as a field of the form."""
    found = INVITE_PATH.fullmatch(path)
    return {"invite": found[1]} if found else {}


def _focus(template: str, form: dict[str, str], fields: dict[str, str]) -> str:
    """Return the field to focus: the first wrong one, else the first empty one."""
    shown = FORM_FIELDS[template]
    wrong = next((name for name in shown if fields.get(name)), None)
    typed = {name for name in shown if form.get(name) and name != "password"}
    return wrong or next((name for name in shown if name not in typed), shown[0])
