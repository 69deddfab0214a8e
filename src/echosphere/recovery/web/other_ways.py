"""The page on which whom a link has let back in sees what else opens their account."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from quart import Quart, flash, redirect, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.accounts import Authentication
from echosphere.core.caller import Caller
from echosphere.core.clock import SECOND
from echosphere.core.errors import ProofNeeded, Refusal
from echosphere.database import Database
from echosphere.recovery.limits import REMOVALS
from echosphere.recovery.other_ways import OtherWaysIn, other_ways_in, removal_of
from echosphere.recovery.web.own_link import signed_in_caller
from echosphere.recovery.web.rendering import MAX_FORM, SEE_OTHER, refused_page, rendered_page
from echosphere.settings import LiveSettings
from echosphere.web import Api, gettext, request_form, sign_in_url

OTHER_WAYS_PAGE = "/other-ways-in"
TEMPLATE = "other-ways.html"
REMOVED = "Sign-in method removed."


class Way(NamedTuple):
    """A way in as the page shows it; `kind` and `which` come back when it is to be removed."""

    kind: str
    which: str
    name: str
    added: str


class SignInMethodsPage:
    """Serves `/other-ways-in`, to which the sign-in after a reset leads; it works without a script.

    Someone who had the account for a while may have left a way back in for themselves. Nothing is
    removed without its owner, who has proved all factors by then: a stolen mail alone must not do.

    Args:
        api: Recognises people, refuses forms of other sites, and has the rates.
        database: Holds the accounts.
        live: Has the sign-in services, and what is asked of whom at this moment.
        authentication: Checks the password of who has been here for a while.
    """

    def __init__(
        self, api: Api, database: Database, live: LiveSettings, authentication: Authentication
    ) -> None:
        self._authentication = authentication
        self._api = api
        self._database = database
        self._live = live

    def serve(self, app: Quart) -> None:
        """Add the route."""
        app.add_url_rule(OTHER_WAYS_PAGE, "other-ways", self.page, methods=["GET", "POST"])

    async def page(self) -> AnyResponse:
        """Show the ways (GET), remove one or take a proof (POST); without any lead to the messenger."""
        caller = await signed_in_caller(self._api)
        if caller is None:
            return redirect(sign_in_url(OTHER_WAYS_PAGE), SEE_OTHER)
        try:
            if request.method == "POST":
                await self._change(caller)
                return redirect(OTHER_WAYS_PAGE, SEE_OTHER)
            ways = await self._ways(caller)
        except Refusal as refusal:
            return await self._refuse(caller, refusal)
        if not ways:
            return redirect("/", SEE_OTHER)
        return await rendered_page(TEMPLATE, ways=ways)

    async def _refuse(self, caller: Caller, refusal: Refusal) -> AnyResponse:
        """Show what was refused: beside the ways, or where someone first proves who they are."""
        try:
            return await refused_page(TEMPLATE, refusal, ways=await self._ways(caller))
        except ProofNeeded:
            return await refused_page(TEMPLATE, refusal, proving=True)

    async def _ways(self, caller: Caller) -> list[Way]:
        found = await self._database.read(other_ways_in, caller, self._live.current)
        return list(_shown(found))

    async def _change(self, caller: Caller) -> None:
        self._api.require_same_origin(request, needed=True)
        form = await request_form(request, MAX_FORM)
        if form.get("action") == "prove":
            await self._authentication.prove(caller, form.get("password", ""))
            return
        self._api.rate_limiter.take(REMOVALS, caller.user_id)
        which = form.get("which", "")
        command = removal_of(self._live.current, caller, form.get("kind", ""), which)
        await self._database.write(command)
        await flash(gettext(REMOVED), "success")


def _shown(found: OtherWaysIn) -> Iterator[Way]:
    if found.app_since is not None:
        yield Way("app", "", gettext("Authenticator app"), _day(found.app_since))
    for passkey in found.passkeys:
        name = gettext("Passkey “%(name)s”") % {"name": passkey.name}
        yield Way("passkey", passkey.id, name, _day(passkey.created_at))
    for service in found.services:
        name = gettext("Sign-in service: %(name)s") % {"name": service.label}
        yield Way("service", service.name, name, _day(service.linked_at or 0))


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / SECOND, UTC).strftime("%Y-%m-%d %H:%M UTC")
