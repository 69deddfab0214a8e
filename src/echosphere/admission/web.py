"""The page that a server invitation leads to."""

from urllib.parse import urlencode

from quart import Quart, Response, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.admission.admission import ServerAdmission
from echosphere.admission.invite import NO_LONGER
from echosphere.core.errors import STEPS_NEEDED, Unauthorized
from echosphere.core.rate_limits import Rate, address_key
from echosphere.database import Database
from echosphere.web import Api, gettext

LOOK_RATE = Rate("server invite pages", burst=60, every=1)


class InvitePages:
    """Serves `/invite/{token}`, which leads to the form to register.

    Args:
        api: Recognises people.
        database: Holds the invites.
        admission: Knows which are usable.
    """

    def __init__(self, api: Api, database: Database, admission: ServerAdmission) -> None:
        self._api = api
        self._database = database
        self._admission = admission

    def serve(self, app: Quart) -> None:
        """Add the page to the application."""
        app.add_url_rule("/invite/<token>", "invite", self.invite)

    async def invite(self, token: str) -> AnyResponse:
        """Lead to the form to register, or into the messenger who is signed in."""
        self._api.rate_limiter.take(LOOK_RATE, address_key(request.remote_addr or ""))
        try:
            await self._api.caller(request)
        except Unauthorized:
            if await self._database.read(self._admission.invited_by, token) is None:
                page = await render_template("join.html", gone=gettext(NO_LONGER))
                return Response(page, status=410, content_type="text/html; charset=utf-8")
            return redirect(f"/register?{urlencode({'next': f'/invite/{token}'})}")
        except STEPS_NEEDED as needed:
            return redirect(needed.page)
        return redirect("/")
