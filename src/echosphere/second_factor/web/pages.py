"""The page between the password and the session; it works without a script."""

from quart import Quart, Response, flash, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts import AccountsApi
from echosphere.core.errors import Refusal, Unauthorized
from echosphere.i18n import translate_error
from echosphere.second_factor.finish_sign_in import EXPIRED, SecondSteps
from echosphere.second_factor.web.api import SecondFactorApi
from echosphere.second_factor.wire import Assertion
from echosphere.web import Api, gettext, local_path, request_form, request_language, sign_in_url
from echosphere.wire import decode, encode

SEE_OTHER = 303
MAX_FORM = 32 * 1024


class SecondFactorPages:
    """Serves `/login/code`.

    Args:
        api: Refuses forms of other sites.
        accounts: Has the cookies.
        steps: Finishes sign-ins.
        finishing: Finishes them for a request.
    """

    def __init__(
        self, api: Api, accounts: AccountsApi, steps: SecondSteps, finishing: SecondFactorApi
    ) -> None:
        self._api = api
        self._cookie = accounts.cookie
        self._steps = steps
        self._finishing = finishing

    def serve(self, app: Quart) -> None:
        """Add the route."""
        app.add_url_rule("/login/code", "login-code", self.code, methods=["GET", "POST"])

    async def code(self) -> AnyResponse:
        """Show or process the form of the second factor."""
        pending = request.cookies.get(self._cookie.pending_name, "")
        if request.method == "POST":
            return await self._submit(pending)
        wanted = local_path(request.args.get("next"))
        if not pending or not await self._steps.is_pending(pending):
            return redirect(sign_in_url(wanted), SEE_OTHER)
        return await self._show(pending, wanted, {})

    async def _submit(self, pending: str) -> AnyResponse:
        self._api.require_same_origin(request, needed=True)
        form = await request_form(request, MAX_FORM)
        wanted = local_path(form.get("next"))
        remember = form.get("remember") == "on"
        try:
            finished = await self._finishing.run(pending, _proof_in(form), remember=remember)
        except Unauthorized:
            await flash(gettext(EXPIRED), "info")
            response = redirect(sign_in_url(wanted), SEE_OTHER)
            self._cookie.clear_pending(response)
            return response
        except Refusal as refusal:
            translated = translate_error(request_language(), refusal)
            return await self._show_problem(pending, wanted, translated, remember=remember)
        opened = redirect(wanted, SEE_OTHER)
        self._cookie.set(opened, finished.signed_in.token)
        self._cookie.set_device(opened, finished.signed_in.device_cookie)
        self._cookie.clear_pending(opened)
        self._finishing.remember(opened, finished)
        return opened

    async def _show_problem(
        self, pending: str, wanted: str, refusal: Refusal, *, remember: bool
    ) -> Response:
        if not refusal.fields:
            await flash(refusal.detail, "danger")
        response = await self._show(
            pending, wanted, refusal.fields, refusal.status, remember=remember
        )
        if refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response

    async def _show(
        self,
        pending: str,
        wanted: str,
        fields: dict[str, str],
        status: int = 200,
        *,
        remember: bool = False,
    ) -> Response:
        options = await self._passkey_options(pending)
        shown = {"next": wanted, "fields": fields, "remember": remember}
        page = await render_template("code.html", passkey_options=options, **shown)
        return Response(page, status=status, content_type="text/html; charset=utf-8")

    async def _passkey_options(self, pending: str) -> str:
        """Return what a browser needs to use a passkey, in JSON; "" without one that works."""
        try:
            options = await self._steps.passkey_options(pending)
        except Refusal:
            return ""
        return encode(options).decode() if options.passkeys else ""


def _proof_in(form: dict[str, str]) -> str | Assertion:
    """Return the code that was typed, or what a passkey signed."""
    signed = form.get("passkey")
    return decode(Assertion, signed.encode()) if signed else form.get("code", "")
