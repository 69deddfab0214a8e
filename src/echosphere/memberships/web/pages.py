"""The page of an invite's link, also for visitors without an account or JavaScript."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

from quart import Quart, Response, flash, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.core.caller import Caller
from echosphere.core.errors import STEPS_NEEDED, Gone, Refusal, Unauthorized
from echosphere.core.rate_limits import address_key
from echosphere.database import Database, Snapshot
from echosphere.memberships.invites.join import get_invite_card
from echosphere.memberships.invites.use_invite import avatar_url, use_invite
from echosphere.memberships.limits import INVITE_VIEW_RATE, JOIN_RATE
from echosphere.web import Api, gettext

SEE_OTHER = 303
INVITE = re.compile(r"/join/([A-Za-z0-9_-]{43})")


ClosedReason = Callable[[Snapshot], str | None]
"""Returns why people may not register without an invite to the server; None if they may."""


class JoinPages:
    """Serves `/join/{token}`.

    Args:
        api: Authenticates requests and checks their origin.
        database: Where invites are stored.
        closed_reason: Tells whether registration is open.
    """

    def __init__(self, api: Api, database: Database, closed_reason: ClosedReason) -> None:
        self._api = api
        self._database = database
        self._closed_reason = closed_reason

    def serve(self, app: Quart) -> None:
        """Add the page to the application."""
        app.add_url_rule("/join/<token>", "join", self.join, methods=["GET", "POST"])

    async def join(self, token: str) -> AnyResponse:
        """Show an invite, or accept it."""
        try:
            if request.method == "POST":
                return await self._join(token)
            self._api.rate_limiter.take(INVITE_VIEW_RATE, address_key(request.remote_addr or ""))
            return await self._show(token, await self._caller())
        except STEPS_NEEDED as needed:
            return redirect(needed.page, SEE_OTHER)

    async def _join(self, token: str) -> AnyResponse:
        self._api.require_same_origin(request, needed=True)
        caller = await self._caller()
        if caller is None:
            return redirect(f"/login?{_next(token)}", SEE_OTHER)
        try:
            conversation, _ = await self._accept(caller.user_id, token)
        except Gone:
            return await self._show(token, caller)
        except Refusal as refusal:
            await flash(gettext(refusal.detail), "danger")
            return await self._show(token, caller, refusal.status)
        return redirect(f"/c/{conversation}", SEE_OTHER)

    async def _show(self, token: str, caller: Caller | None, status: int = 200) -> AnyResponse:
        holder = None if caller is None else caller.user_id
        try:
            found = await self._database.read(get_invite_card, token, holder)
        except Gone as gone:
            return await _page(gone.status, gone=gettext(gone.detail))
        group = found.conversation
        closed = await self._database.read(self._closed_reason)
        if found.joined:
            return redirect("/#contacts" if group is None else f"/c/{group.id}", SEE_OTHER)
        return await _page(
            status,
            title=None if group is None else group.title,
            description=None if group is None else group.description,
            avatar=None if group is None else avatar_url(token, group.avatar),
            members=found.members,
            invited_by=found.invited_by,
            signed_in=caller is not None,
            closed=gettext(closed) if closed else None,
            next=_next(token),
        )

    async def arrive(self, user: str, path: str) -> str | None:
        """Accept the invite through which a user registered.

        Returns:
            The path of the conversation; None if `path` is not an invite's, or it cannot be
            accepted.
        """
        found = INVITE.fullmatch(path)
        if found is None:
            return None
        try:
            conversation, _ = await self._accept(user, found[1])
        except Refusal:
            return None
        return f"/c/{conversation}"

    async def _accept(self, user: str, token: str) -> tuple[str, bool]:
        self._api.rate_limiter.take(JOIN_RATE, user)
        return await use_invite(self._database, user, token)

    async def _caller(self) -> Caller | None:
        try:
            return await self._api.caller(request)
        except Unauthorized:
            return None


def _next(token: str) -> str:
    """Return the query that leads back to the invite after signing in."""
    return urlencode({"next": f"/join/{token}"})


async def _page(status: int, **about: object) -> Response:
    page = await render_template("join.html", **about)
    return Response(page, status=status, content_type="text/html; charset=utf-8")
