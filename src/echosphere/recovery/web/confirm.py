"""The pages on which new accounts confirm their address; they work without a script."""

from quart import Quart, flash, redirect, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.core.caller import Caller
from echosphere.core.errors import Refusal
from echosphere.database import Database
from echosphere.recovery.change_address import AddressChange
from echosphere.recovery.confirm import UseConfirmationLink, unconfirmed_user
from echosphere.recovery.limits import CONFIRMATIONS, MAILS_TO_ADDRESS
from echosphere.recovery.mail_jobs import RequestConfirmation
from echosphere.recovery.web.own_link import OwnLink, own_link, signed_in_caller
from echosphere.recovery.web.rendering import MAX_FORM, SEE_OTHER, refused_page, rendered_page
from echosphere.recovery.wire import ChangeEmail
from echosphere.web import CONFIRM_PAGE, Api, gettext, request_form, request_language, sign_in_url
from echosphere.wire import convert

SENT_AGAIN = "An e-mail with a link is on its way. The link works once, within an hour."
CONFIRMED = "Your address is confirmed."


class ConfirmPages:
    """Serves `/confirm-email`, where an account without a confirmed address ends up, and its links.

    Opening a link changes nothing, so that programs that look into mails do not use it up.

    Args:
        api: Recognises people, refuses forms of other sites, and has the rates.
        database: Holds accounts and links.
        address_change: Mails a link to another address.
    """

    def __init__(self, api: Api, database: Database, address_change: AddressChange) -> None:
        self._api = api
        self._database = database
        self._address_change = address_change

    def serve(self, app: Quart) -> None:
        """Add the routes."""
        both = ["GET", "POST"]
        app.add_url_rule(CONFIRM_PAGE, "confirm-email", self.waiting, methods=both)
        app.add_url_rule(f"{CONFIRM_PAGE}/<token>", "confirm-link", self.link, methods=both)

    async def waiting(self) -> AnyResponse:
        """Show which address is to be confirmed (GET); mail again, or to another one (POST)."""
        caller = await signed_in_caller(self._api)
        if caller is None:
            return redirect(sign_in_url("/"), SEE_OTHER)
        user = await self._database.read(unconfirmed_user, caller)
        if user is None:
            return redirect("/", SEE_OTHER)
        if request.method == "GET":
            return await rendered_page("confirm-email.html", email=user.email)
        self._api.require_same_origin(request, needed=True)
        form = await request_form(request, MAX_FORM)
        try:
            if form.get("action") == "change":
                await self._change(caller, form)
            else:
                await self._send_again(caller, user.email)
        except Refusal as refusal:
            given = form.get("email", "")
            return await refused_page("confirm-email.html", refusal, email=user.email, other=given)
        return await rendered_page("confirm-email.html", email=user.email, sent=gettext(SENT_AGAIN))

    async def _send_again(self, caller: Caller, email: str) -> None:
        self._api.rate_limiter.take(CONFIRMATIONS, caller.user_id)
        self._api.rate_limiter.take(MAILS_TO_ADDRESS, email)
        await self._database.write(RequestConfirmation(caller.user_id, request_language()))

    async def _change(self, caller: Caller, form: dict[str, str]) -> None:
        self._api.rate_limiter.take(CONFIRMATIONS, caller.user_id)
        given = {name: form.get(name, "") for name in ("email", "password")}
        await self._address_change.change(caller, convert(ChangeEmail, given), joining=True)

    async def link(self, token: str) -> AnyResponse:
        """Ask the owner whether the address is theirs (GET), or take it as confirmed (POST)."""
        template = "confirm-link.html"
        try:
            link = await own_link(self._api, self._database, "confirm", token, template)
            if not isinstance(link, OwnLink):
                return link
            if request.method == "POST":
                return await self._confirm(token, link)
        except Refusal as refusal:
            return await refused_page(template, refusal)
        return await rendered_page(template, email=link.email)

    async def _confirm(self, token: str, link: OwnLink) -> AnyResponse:
        self._api.require_same_origin(request, needed=True)
        await self._database.write(UseConfirmationLink(token, link.caller))
        await flash(gettext(CONFIRMED), "success")
        return redirect("/", SEE_OTHER)
