"""The page on which people set up a second factor that the operator asks of them.

It is all that is left to them until they have one, so it works without a script. Everyone else does
that in the settings of the messenger.
"""

from typing import Any

from quart import Quart, Response, flash, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts import Authentication
from echosphere.core.caller import Caller
from echosphere.core.encryption import Sealer
from echosphere.core.errors import (
    ConfirmationNeeded,
    FactorNeeded,
    ProofNeeded,
    Refusal,
    Unauthorized,
)
from echosphere.database import Database
from echosphere.i18n import translate_error
from echosphere.second_factor import change, passkeys
from echosphere.second_factor.passkey_checks import PasskeyChecks, passkey_options
from echosphere.second_factor.state import has_fresh_proof
from echosphere.second_factor.totp import qr_code, setup_uri
from echosphere.second_factor.wire import NewPasskey
from echosphere.web import FACTOR_PAGE, Api, request_form, request_language, sign_in_url
from echosphere.wire import decode, encode

SEE_OTHER = 303
SETTINGS = "/#security"
MAX_FORM = 32 * 1024


class EnrolmentPage:
    """Serves `/second-factor`.

    Args:
        api: Finds the caller, and refuses forms of other sites.
        database: Holds the factors.
        authentication: Checks passwords.
        sealer: Seals the secrets of apps.
        checks: Checks passkeys.
    """

    def __init__(
        self,
        api: Api,
        database: Database,
        authentication: Authentication,
        sealer: Sealer,
        checks: PasskeyChecks,
    ) -> None:
        self._checks = checks
        self._api = api
        self._database = database
        self._authentication = authentication
        self._sealer = sealer

    def serve(self, app: Quart) -> None:
        """Add the route."""
        app.add_url_rule(FACTOR_PAGE, "second-factor", self.page, methods=["GET", "POST"])

    async def page(self) -> AnyResponse:
        """Show how a second factor is set up, or do it."""
        try:
            await self._api.caller(request)
        except FactorNeeded as needed:
            return await self._serve(needed.caller)
        except ConfirmationNeeded as needed:
            return redirect(needed.page, SEE_OTHER)
        except Unauthorized:
            return redirect(sign_in_url(FACTOR_PAGE), SEE_OTHER)
        return redirect(SETTINGS, SEE_OTHER)

    async def _serve(self, caller: Caller) -> AnyResponse:
        if request.method == "GET":
            return await self._show(caller)
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
            case "passkey":
                given = decode(NewPasskey, form.get("passkey", "").encode())
                made = await self._checks.check_new(given, caller.session_id)
                if codes := (await write(passkeys.AddPasskey(caller, made))).codes:
                    return await _render(codes=codes)
        return redirect(FACTOR_PAGE, SEE_OTHER)

    async def _show_problem(self, caller: Caller, refusal: Refusal, action: str) -> Response:
        if action == "confirm" and refusal.fields:
            return await self._show_offer(caller, refusal)
        if not refusal.fields:
            await flash(refusal.detail, "danger")
        return await self._show(caller, refusal)

    async def _show(self, caller: Caller, refusal: Refusal | None = None) -> Response:
        fresh = await self._database.read(has_fresh_proof, caller)
        options = ""
        if fresh and self._checks.party.missing is None:
            read = await self._database.read(passkey_options, self._checks, caller)
            options = encode(read).decode()
        return await _render(refusal, fresh=fresh, passkey_options=options)

    async def _show_offer(self, caller: Caller, refusal: Refusal | None = None) -> Response:
        offered = await self._database.read(change.offered_app, self._sealer, caller)
        uri = setup_uri(offered.secret, offered.email)
        groups = [offered.secret[at : at + 4] for at in range(0, len(offered.secret), 4)]
        return await _render(refusal, uri=uri, qr=qr_code(uri), secret=" ".join(groups))


async def _render(refusal: Refusal | None = None, **shown: Any) -> Response:
    fields = refusal.fields if refusal else {}
    page = await render_template("second-factor.html", fields=fields, **shown)
    response = Response(page, content_type="text/html; charset=utf-8")
    if refusal is not None:
        response.status_code = refusal.status
        if refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
    return response
