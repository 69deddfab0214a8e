"""The page on which people set up their second factor; it works without a script.

It is also all that is left to those of whom the operator asks one.
"""

from typing import Any

from quart import Quart, Response, flash, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts import Authentication, asks_for_factor
from echosphere.core.caller import Caller
from echosphere.core.errors import FactorNeeded, ProofNeeded, Refusal, Unauthorized
from echosphere.database import Database
from echosphere.i18n import translate_error
from echosphere.second_factor import change, store
from echosphere.second_factor.encryption import Sealer
from echosphere.second_factor.passkey_checks import PasskeyChecks
from echosphere.second_factor.state import own_factors
from echosphere.second_factor.totp import qr_code, setup_uri
from echosphere.web import FACTOR_PAGE, Api, request_form, request_language, sign_in_url

SEE_OTHER = 303
MAX_FORM = 8 * 1024


class ManagePage:
    """Serves `/second-factor`.

    Args:
        api: Finds the caller, and refuses forms of other sites.
        database: Holds the factors.
        authentication: Checks passwords.
        sealer: Seals the secrets of apps.
        checks: Checks passkeys.
        asked: Who must have a second factor: `nobody`, `administrators` or `everybody`.
    """

    def __init__(
        self,
        api: Api,
        database: Database,
        authentication: Authentication,
        sealer: Sealer,
        checks: PasskeyChecks,
        *,
        asked: str = "nobody",
    ) -> None:
        self._checks = checks
        self._asked = asked
        self._api = api
        self._database = database
        self._authentication = authentication
        self._sealer = sealer

    def serve(self, app: Quart) -> None:
        """Add the route."""
        app.add_url_rule(FACTOR_PAGE, "second-factor", self.page, methods=["GET", "POST"])

    async def page(self) -> AnyResponse:
        """Show the caller's second factor, or change it."""
        required = False
        try:
            caller = await self._api.caller(request)
        except FactorNeeded as needed:
            caller, required = needed.caller, True
        except Unauthorized:
            return redirect(sign_in_url(FACTOR_PAGE), SEE_OTHER)
        if request.method == "GET":
            return await self._show(caller, required=required)
        self._api.require_same_origin(request, needed=True)
        form = await request_form(request, MAX_FORM)
        try:
            return await self._run(caller, form)
        except ProofNeeded:
            return redirect(FACTOR_PAGE, SEE_OTHER)  # which asks for the password
        except Refusal as refusal:
            translated = translate_error(request_language(), refusal)
            return await self._show_problem(caller, translated, form.get("action", ""))

    async def _run(self, caller: Caller, form: dict[str, str]) -> AnyResponse:
        write = self._database.write
        match form.get("action"):
            case "prove":
                await self._authentication.prove(caller, form.get("password", ""))
            case "offer":
                await write(change.OfferApp(caller))
                return await self._show_offer(caller)
            case "confirm":
                code = form.get("code", "")
                if codes := await write(change.ConfirmApp(caller, code)):
                    return await _render(codes=codes)
            case "codes":
                return await _render(codes=await write(change.RenewRecoveryCodes(caller)))
            case "remove":
                required = asks_for_factor(self._asked, caller.role)
                await write(change.RemoveApp(caller, self._checks.party.host, required))
            case "forget":
                await write(store.ForgetAllDevices(caller.user_id))
        return redirect(FACTOR_PAGE, SEE_OTHER)

    async def _show_problem(self, caller: Caller, refusal: Refusal, action: str) -> Response:
        if action == "confirm" and refusal.fields:
            return await self._show_offer(caller, refusal)
        if not refusal.fields:
            await flash(refusal.detail, "danger")
        return await self._show(caller, refusal)

    async def _show(
        self, caller: Caller, refusal: Refusal | None = None, *, required: bool = False
    ) -> Response:
        state, fresh = await self._database.read(own_factors, caller, self._checks.party)
        return await _render(refusal, state=state, fresh=fresh, required=required)

    async def _show_offer(self, caller: Caller, refusal: Refusal | None = None) -> Response:
        offered = await self._database.read(change.offered_app, self._sealer, caller)
        picture = qr_code(setup_uri(offered.secret, offered.email))
        groups = [offered.secret[at : at + 4] for at in range(0, len(offered.secret), 4)]
        return await _render(refusal, qr=picture, secret=" ".join(groups))


async def _render(refusal: Refusal | None = None, **shown: Any) -> Response:
    fields = refusal.fields if refusal else {}
    page = await render_template("second-factor.html", fields=fields, **shown)
    response = Response(page, content_type="text/html; charset=utf-8")
    if refusal is not None:
        response.status_code = refusal.status
        if refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
    return response
