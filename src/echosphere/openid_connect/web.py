"""The pages and addresses between the browser, this server and a provider."""

import logging
from urllib.parse import urlencode

from quart import Quart, Response, flash, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts import (
    AccountsApi,
    PendingSignIn,
    ask_for_code,
    invite_in,
    require_fresh_proof,
)
from echosphere.core.caller import Caller
from echosphere.core.clock import SECOND
from echosphere.core.errors import STEPS_NEEDED, Forbidden, Refusal, Unauthorized
from echosphere.core.rate_limits import Rate, address_key
from echosphere.database import Database
from echosphere.i18n import translate_error
from echosphere.openid_connect.claims import Identity
from echosphere.openid_connect.errors import NOT_BEGUN_HERE, ProviderDownError, ProviderError
from echosphere.openid_connect.flow import LIFETIME, Flow
from echosphere.openid_connect.link import LinkProvider, ProveByProvider
from echosphere.openid_connect.service import Begun, OpenIdConnect
from echosphere.openid_connect.sign_in import (
    Arriving,
    SignInByProvider,
    rules_of,
    will_register,
)
from echosphere.openid_connect.wire import LinkAnswer, LogoutProblem
from echosphere.web import (
    Api,
    Json,
    gettext,
    local_path,
    request_form,
    request_language,
    sign_in_url,
)

SEE_OTHER = 303
MAX_FORM = 32 * 1024
MAX_COOKIE = 4_000
MAX_NEXT = 1_000
PROVIDER_COOKIE_SECONDS = 180 * 24 * 3_600
ACCOUNT = "/#account"
LINKED = "You can now sign in with this sign-in service."

NOT_BELIEVED = "The logout token is not valid."
log = logging.getLogger(__name__)

BEGINNINGS = Rate("sign-ins at providers", burst=60, every=2)
ANSWERS = Rate("answers of providers", burst=60, every=2)
LOGOUTS = Rate("logout tokens", burst=300, every=0.2)


class OpenIdPages:
    """Serves `/login/openid/{provider}` and what is below it.

    Args:
        api: Recognises people, and has the rates.
        accounts: Has the cookies and the rules for signing in.
        openid: Talks to the providers.
    """

    def __init__(self, api: Api, accounts: AccountsApi, openid: OpenIdConnect) -> None:
        self._api = api
        self._accounts = accounts
        self._cookie = accounts.cookie
        self._database: Database = accounts.database
        self._openid = openid

    def serve(self, app: Quart) -> None:
        """Add the routes."""
        base = "/login/openid/<provider>"
        app.add_url_rule(base, "openid", self.begin)
        app.add_url_rule(f"{base}/prove", "openid-prove", self.begin_reauthentication)
        app.add_url_rule(f"{base}/callback", "openid-callback", self.answer)
        app.add_url_rule(f"{base}/logout", "openid-logout", self.logout, methods=["POST"])
        app.add_url_rule("/signed-out", "signed-out", self.signed_out)

    async def begin(self, provider: str) -> AnyResponse:
        """Send someone who wants to sign in to the provider."""
        self._take(BEGINNINGS)
        wanted = _wanted()
        if await self._caller() is not None:
            return redirect(wanted, SEE_OTHER)
        try:
            begun = await self._openid.begin(provider, "sign-in", wanted)
        except Refusal as refusal:
            return await self._problem(refusal, provider, wanted)
        return self._away(begun)

    async def begin_reauthentication(self, provider: str) -> AnyResponse:
        """Send someone who is signed in to the provider to prove again who they are."""
        self._take(BEGINNINGS)
        wanted = _wanted()
        caller = await self._caller()
        if caller is None:
            return redirect(sign_in_url(wanted), SEE_OTHER)
        try:
            begun = await self._openid.begin(provider, "prove", wanted, caller.session_id)
        except Refusal as refusal:
            return await self._problem(refusal, provider, wanted)
        return self._away(begun)

    async def answer(self, provider: str) -> AnyResponse:
        """Take the answer of a provider, which a browser brings."""
        self._take(ANSWERS)
        wanted = "/"
        try:
            cookie = request.cookies.get(self._name("openid"), "")[:MAX_COOKIE]
            given = request.args.to_dict()
            flow = self._openid.flow(provider, cookie, given)
            wanted = local_path(flow.wanted)
            identity = await self._openid.finish(flow, given)
            response = await self._finish(flow, identity, wanted)
        except Refusal as refusal:
            response = await self._problem(refusal, provider, wanted)
        self._forget(response, "openid")
        return response

    async def logout(self, provider: str) -> Response:
        """Sign someone out because their provider says so (OpenID Connect Back-Channel Logout)."""
        self._take(LOGOUTS)
        form = await request_form(request, MAX_FORM)
        try:
            await self._openid.end_sessions(provider, form.get("logout_token", ""))
        except ProviderDownError:
            return Response(status=503, headers={"retry-after": "10"})
        except ProviderError as error:
            log.warning("A logout token of %s was rejected: %s", provider, error)
            return Json.of(LogoutProblem(error_description=NOT_BELIEVED), 400)
        return Response(status=200)

    async def signed_out(self) -> AnyResponse:
        """Lead whoever signed out here on to the provider, if the operator wants that."""
        name = request.cookies.get(self._name("provider"), "")
        url = await self._openid.end_session_url(name) if name else None
        if url is None or await self._caller() is not None:
            response: AnyResponse = redirect("/login")
        else:
            page = await render_template("signed-out.html", url=url, label=self._label(name))
            response = _html(page, 200)
        self._forget(response, "provider")
        return response

    async def _finish(self, flow: Flow, identity: Identity, wanted: str) -> AnyResponse:
        device = self._cookie.device(request)
        own = self._openid.provider(flow.provider).configured
        arriving = Arriving(identity, rules_of(own), device, invite_in(wanted).get("invite"))
        if flow.purpose == "sign-in":
            return await self._sign_in(arriving, wanted)
        caller = await self._caller()
        if caller is None or caller.session_id != flow.session:
            raise Forbidden(NOT_BEGUN_HERE)
        if flow.purpose == "prove":
            await self._database.write(ProveByProvider(caller, identity, flow.started_at))
        else:
            await self._database.write(LinkProvider(arriving, caller))
            await flash(gettext(LINKED), "success")
        return redirect(wanted, SEE_OTHER)

    async def _sign_in(self, arriving: Arriving, wanted: str) -> AnyResponse:
        if await self._database.read(will_register, arriving):
            authentication = self._accounts.authentication
            await authentication.count_registration(arriving.device.address, arriving.invite)
        opened = await self._database.write(SignInByProvider(arriving))
        if opened is None:
            return _html(await render_template("waiting.html"), 202)
        if isinstance(opened, PendingSignIn):
            response = ask_for_code(self._cookie, opened, wanted)
        else:
            signed_in = self._accounts.authentication.signed_in(
                opened.user, opened.token, arriving.device, opened.stored.password
            )
            response = redirect(wanted, SEE_OTHER)
            self._cookie.set(response, signed_in.token)
            self._cookie.set_device(response, signed_in.device_cookie)
        self._keep(response, "provider", arriving.provider.name, PROVIDER_COOKIE_SECONDS)
        return response

    async def _caller(self) -> Caller | None:
        """Return who is signed in, also if they lack a second factor that they must have."""
        try:
            return await self._api.caller(request)
        except STEPS_NEEDED as needed:
            return needed.caller
        except Unauthorized:
            return None

    async def _problem(self, refusal: Refusal, provider: str, wanted: str) -> Response:
        """Say what went wrong, and how to go on."""
        shown = translate_error(request_language(), refusal)
        again = f"/login/openid/{provider}?{urlencode({'next': wanted})}"
        page = await render_template(
            "openid.html", problem=shown, label=self._label(provider), again=again, next=wanted
        )
        response = _html(page, refusal.status)
        if refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response

    def _label(self, provider: str) -> str:
        return self._openid.provider(provider).configured.label

    def away(self, begun: Begun) -> Response:
        """Return the answer to a script, which goes to the provider itself."""
        response = Json.of(LinkAnswer(begun.url), 201)
        self._keep(response, "openid", begun.cookie, LIFETIME // SECOND)
        return response

    def _away(self, begun: Begun) -> AnyResponse:
        response = redirect(begun.url, SEE_OTHER)
        self._keep(response, "openid", begun.cookie, LIFETIME // SECOND)
        return response

    def _take(self, rate: Rate) -> None:
        self._api.rate_limiter.take(rate, address_key(request.remote_addr or ""))

    def _name(self, name: str) -> str:
        return f"__Host-echosphere_{name}" if self._cookie.secure else f"echosphere_{name}"

    def _keep(self, response: AnyResponse, name: str, value: str, seconds: int) -> None:
        secure = self._cookie.secure
        response.set_cookie(
            self._name(name), value, max_age=seconds, path="/", secure=secure,
            httponly=True, samesite="Lax",
        )  # fmt: skip

    def _forget(self, response: AnyResponse, name: str) -> None:
        secure = self._cookie.secure
        response.delete_cookie(
            self._name(name), path="/", secure=secure, httponly=True, samesite="Lax"
        )


class OpenIdApi:
    """Serves the call that begins to link a provider, and sets the cookie for it.

    Args:
        database: Knows the last proofs.
        openid: Talks to the providers.
        pages: Sets the cookie.
    """

    def __init__(self, database: Database, openid: OpenIdConnect, pages: OpenIdPages) -> None:
        self._database = database
        self._openid = openid
        self._pages = pages

    def serve(self, api: Api) -> None:
        """Add the route."""
        path = "/me/sign-in-services/<service>/link"
        api.post(path, self.link, answer=LinkAnswer, status=201)

    async def link(self, caller: Caller, service: str) -> Response:
        """Begin to link a sign-in service; the browser goes to the address of the answer."""
        await self._database.read(require_fresh_proof, caller)
        begun = await self._openid.begin(service, "link", ACCOUNT, caller.session_id)
        return self._pages.away(begun)


def _wanted() -> str:
    given = local_path(request.args.get("next"))
    return given if len(given) <= MAX_NEXT else "/"


def _html(page: str, status: int) -> Response:
    return Response(page, status=status, content_type="text/html; charset=utf-8")
