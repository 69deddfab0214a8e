"""The pages to register, sign in and sign out."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from quart import Quart, Response, flash, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts.entrance import CLOSED_DOOR, SignedIn
from echosphere.accounts.session import Device
from echosphere.accounts.sessions import end_session
from echosphere.accounts.web.api import AccountsApi
from echosphere.accounts.wire import SignIn, SignUp
from echosphere.core.errors import NotFound, Refusal, Unauthorized
from echosphere.core.ids import new_id
from echosphere.i18n import translate_error
from echosphere.web import Api, form_of, gettext, local_path, request_language
from echosphere.wire import Request, convert

SEE_OTHER = 303
CREATED = "Your account is ready."
MAX_FORM = 32 * 1024
FIELDS = ("email", "name", "password", "key")
SHOWN = {
    "register.html": ("name", "email", "password"),
    "login.html": ("email", "password"),
}
ENDED = {
    "elsewhere": "You were signed out from another device. Sign in to go on where you were.",
    "password": "Your password was changed. Sign in with the new one to go on where you were.",
    "expired": "Your session has ended. Sign in to go on where you were.",
}
"""What somebody is told who was led to the page, by why their session ended."""

RENEWING = ("messenger", "conversation")

INVITE_PATH = re.compile(r"/[a-z]+/([A-Za-z0-9_-]{43})")
"""Whichever page it leads to: what the secret is worth is decided elsewhere."""

Arrive = Callable[[str, str], Awaitable[str | None]]
"""Lets a new person in by the invite of a path, and returns where they are led then."""

F = TypeVar("F", bound=Request)


class AccountsPages:
    """Serves `/register`, `/login` and `/logout`; they work without a script.

    Args:
        api: Recognises people and refuses forms of other sites.
        accounts: The same doors for programs, with the entrance and the cookie.
        arrive: Leads those who registered by an invite straight to where it leads.
    """

    def __init__(self, api: Api, accounts: AccountsApi, arrive: Arrive | None = None) -> None:
        self._arrive = arrive
        self._api = api
        self._database = accounts.database
        self._entrance = accounts.entrance
        self._cookie = accounts.cookie

    def serve(self, app: Quart) -> None:
        """Add the pages to the application."""
        app.add_url_rule("/register", "register", self.register, methods=["GET", "POST"])
        app.add_url_rule("/login", "login", self.login, methods=["GET", "POST"])
        app.add_url_rule("/logout", "logout", self.logout, methods=["POST"])
        app.after_request(self._renew_cookie)

    async def register(self) -> AnyResponse:
        """Register and be led on, signed in."""
        if request.method == "POST":
            return await self._enter("register.html", SignUp, self._entrance.sign_up, CREATED)
        return await self._show_unless_signed_in("register.html")

    async def login(self) -> AnyResponse:
        """Sign in and be led on."""
        if request.method == "POST":
            return await self._enter("login.html", SignIn, self._entrance.sign_in, None)
        return await self._show_unless_signed_in("login.html")

    async def logout(self) -> AnyResponse:
        """Sign this device out."""
        self._api.require_own_page(request, needed=True)
        token = self._cookie.token(request)
        caller = await self._api.recognise(token) if token else None
        if caller is not None:
            with suppress(NotFound):  # it may have been ended on another device just now
                await self._database.write(end_session, caller.user_id, caller.session_id, "here")
        await flash(gettext("You are signed out."), "success")
        response = redirect("/login", SEE_OTHER)
        self._cookie.clear(response)
        return response

    async def _enter(
        self,
        template: str,
        shape: type[F],
        entrance: Callable[[F, Device], Awaitable[SignedIn]],
        welcome: str | None,
    ) -> AnyResponse:
        self._api.require_own_page(request, needed=True)
        form = await form_of(request, MAX_FORM)
        given = {name: form.get(name, "") for name in shape.__struct_fields__ if name in FIELDS}
        if not given.get("key"):
            given.pop("key", None)
        if "invite" in shape.__struct_fields__:
            given |= _invite_in(local_path(form.get("next")))
        try:
            signed_in = await entrance(convert(shape, given), self._cookie.device(request))
        except Refusal as refusal:
            told = translate_error(request_language(), refusal)
            return await self._refused(template, told, form)
        leads = local_path(form.get("next"))
        if welcome:
            await flash(gettext(welcome), "success")
            if self._arrive is not None:
                leads = await self._arrive(signed_in.user.id, leads) or leads
        response = redirect(leads, SEE_OTHER)
        self._cookie.set(response, signed_in.token)
        self._cookie.remember(response, signed_in.kept)
        return response

    async def _refused(self, template: str, refusal: Refusal, form: dict[str, str]) -> Response:
        """Show the form again with what was typed, except the password, and what is wrong."""
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
            if reason := ENDED.get(request.args.get("ended", "")):
                await flash(gettext(reason), "info")
            return await self._show(template, wanted, {})
        return redirect(local_path(wanted["next"]))

    async def _show(
        self, template: str, form: dict[str, str], fields: dict[str, str], status: int = 200
    ) -> Response:
        page = await render_template(
            template,
            name=form.get("name", ""),
            email=form.get("email", ""),
            key=form.get("key") or new_id(),
            next=local_path(form.get("next")),
            fields=fields,
            focus=_focus(template, form, fields),
            is_open=self._entrance.is_open,
            closed=gettext(CLOSED_DOOR),
        )
        return Response(page, status=status, content_type="text/html; charset=utf-8")

    async def _renew_cookie(self, response: Response) -> Response:
        """Let a browser that opens the messenger keep its session for another while."""
        opened = request.method == "GET" and response.status_code == 200
        if opened and request.endpoint in RENEWING:
            self._cookie.renew(response, request)
        return response


def _notice(refusal: Refusal) -> str:
    # What is wrong with a field is said beside it, and nowhere else.
    if len(refusal.fields) > 1:
        return gettext("Some fields need another look.")
    if refusal.fields:
        return gettext("One field needs another look.")
    return refusal.detail


def _invite_in(path: str) -> dict[str, str]:
    """Return the secret of the invite from which somebody came to register, as a field."""
    found = INVITE_PATH.fullmatch(path)
    return {"invite": found[1]} if found else {}


def _focus(template: str, form: dict[str, str], fields: dict[str, str]) -> str:
    """Return the field to write in next: the first wrong one, or the first that is empty."""
    shown = SHOWN[template]
    wrong = next((name for name in shown if fields.get(name)), None)
    typed = {name for name in shown if form.get(name) and name != "password"}
    return wrong or next((name for name in shown if name not in typed), shown[0])
