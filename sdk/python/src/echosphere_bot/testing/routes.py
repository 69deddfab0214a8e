"""The HTTP and Socket.IO interface of the fake server."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import socketio
from aiohttp import web

from echosphere_bot.testing.world import MAX_EVENTS, Problem, World, invalid

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TITLES = {
    400: ("Invalid request", "invalid"),
    401: ("Not signed in", "unauthorized"),
    403: ("Not allowed", "forbidden"),
    404: ("Not found", "not_found"),
    410: ("Gone", "gone"),
    429: ("Too many requests", "too_many"),
}
KEY_REFUSED = "This API key is not valid. It was mistyped, has expired or was revoked, or its bot is disabled."
WITHOUT_KEY = ("/api/v1/respond/", "/socket.io/", "/hooks/")


@dataclass
class Fault:
    """What goes wrong.

    Attributes:
        status: What the next requests are answered with; None to break the connection.
        times: How many of them.
        path: What their path contains.
        method: Of HTTP; empty for any.
        retry_after: Seconds that the answer asks to wait.
        after: Whether what was asked for is done all the same, and only the answer gets lost.
    """

    status: int | None
    times: int
    path: str
    method: str
    retry_after: float | None
    after: bool

    def fits(self, request: web.Request) -> bool:
        """Tell whether it is for a request."""
        is_method = not self.method or self.method == request.method
        return self.times > 0 and self.path in request.path and is_method


class Routes:
    """Serves a world.

    Args:
        world: What there is.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults: list[Fault] = []
        self.takes_sockets = True
        self.sockets = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins=[])
        self.sockets.on("connect", self._connect)
        self.sockets.on("disconnect", self._disconnect)
        self.pushing: dict[str, asyncio.Task[None]] = {}

    def application(self) -> web.Application:
        """Return what is to be served."""
        app = web.Application(
            middlewares=[self._fail, self._refuse], client_max_size=30 * 1024 * 1024
        )
        self.sockets.attach(app)
        messages = "/api/v1/conversations/{conversation}/messages"
        for method, path, handler in (
            ("GET", "/api/v1/me", self._me),
            ("GET", "/api/v1/users/{user}", self._user),
            ("GET", "/api/v1/conversations/{conversation}", self._conversation),
            ("GET", messages, self._messages),
            ("POST", messages, self._post),
            ("GET", f"{messages}/{{seq:\\d+}}", self._message),
            ("PATCH", f"{messages}/{{seq:\\d+}}", self._edit),
            ("DELETE", f"{messages}/{{seq:\\d+}}", self._delete),
            ("PUT", f"{messages}/{{seq:\\d+}}/reactions/{{emoji}}", self._react),
            ("DELETE", f"{messages}/{{seq:\\d+}}/reactions/{{emoji}}", self._unreact),
            ("POST", "/api/v1/attachments", self._upload),
            ("GET", "/api/v1/attachments/{file}", self._download),
            ("GET", "/api/v1/events", self._events),
            ("PUT", "/api/v1/bots/{bot}/commands", self._commands),
            ("POST", "/api/v1/respond/{token}", self._respond),
        ):
            app.router.add_route(method, path, handler)
        return app

    # What goes wrong

    @web.middleware
    async def _fail(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = next((one for one in self.faults if one.fits(request)), None)
        if fault is None:
            return await handler(request)
        fault.times -= 1
        if fault.after:
            await handler(request)
        if fault.status is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return _problem(Problem(fault.status, HTTPStatus(fault.status).description), headers)

    @web.middleware
    async def _refuse(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if not request.path.startswith(WITHOUT_KEY):
                self._require_key(request.headers.get("Authorization", ""))
            return await handler(request)
        except Problem as problem:
            return _problem(problem, {})
        except web.HTTPNotFound:
            detail = "There is nothing at this address. Check it, or go back to the start page."
            return _problem(Problem(404, detail), {})

    def _require_key(self, given: str) -> None:
        if given != f"Bearer {self.world.key}":
            raise Problem(401, KEY_REFUSED if given.startswith("Bearer esb_") else "Sign in first.")

    # Requests

    async def _me(self, _request: web.Request) -> web.Response:
        own = {"email": "", "role": "member", "created_at": 0, "settings": {}}
        return web.json_response({"user": self.world.bot.shape() | own})

    async def _user(self, request: web.Request) -> web.Response:
        user = self.world.user_of(request.match_info["user"])
        return web.json_response({"user": user.shape()})

    async def _conversation(self, request: web.Request) -> web.Response:
        group = self.world.group_of(request.match_info["conversation"])
        return web.json_response({"conversation": group.shape()})

    async def _messages(self, request: web.Request) -> web.Response:
        group = self.world.group_of(request.match_info["conversation"])
        seen = [one for one in group.messages if self.world.is_seen(group, one)]
        return web.json_response({"messages": seen, "version": len(group.messages), "more": False})

    async def _post(self, request: web.Request) -> web.Response:
        given = await _json(request)
        group = self.world.group_of(request.match_info["conversation"])
        message, is_new = await self.world.post(group, given)
        return web.json_response({"message": message}, status=201 if is_new else 200)

    async def _message(self, request: web.Request) -> web.Response:
        group, seq = self._place(request)
        return web.json_response({"message": self.world.message_of(group, seq)})

    async def _edit(self, request: web.Request) -> web.Response:
        group, seq = self._place(request)
        message = await self.world.edit(group, seq, await _json(request))
        return web.json_response({"message": message})

    async def _delete(self, request: web.Request) -> web.Response:
        group, seq = self._place(request)
        return web.json_response({"message": await self.world.delete(group, seq)})

    async def _react(self, request: web.Request) -> web.Response:
        return await self._set_reaction(request, on=True)

    async def _unreact(self, request: web.Request) -> web.Response:
        return await self._set_reaction(request, on=False)

    async def _set_reaction(self, request: web.Request, *, on: bool) -> web.Response:
        group, seq = self._place(request)
        emoji = request.match_info["emoji"]
        return web.json_response({"message": await self.world.react(group, seq, emoji, on=on)})

    def _place(self, request: web.Request) -> Any:
        group = self.world.group_of(request.match_info["conversation"])
        return group, int(request.match_info["seq"])

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            raise invalid("file", "is missing")
        content = file.file.read()
        stored, is_new = self.world.upload(request.query.get("key"), file.filename, content)
        shape = self.world.file_shape(stored)
        return web.json_response({"attachment": shape}, status=201 if is_new else 200)

    async def _download(self, request: web.Request) -> web.Response:
        found = self.world.files.get(request.match_info["file"])
        if found is None:
            raise Problem(404, "Attachment not found.")
        return web.Response(body=found[1])

    async def _events(self, request: web.Request) -> web.Response:
        world = self.world
        after = request.query.get("after")
        if after is None:
            return web.json_response({"events": [], "cursor": world.cursor()})
        position = world.position(after)
        wait = float(request.query.get("wait", 0))
        try:
            async with asyncio.timeout(wait), world.changed:
                begun = world.log
                await world.changed.wait_for(
                    lambda: len(world.events) > position or world.log != begun
                )
        except TimeoutError:
            pass
        position = world.position(after)  # the log may be another one by now
        events = world.after(position)
        types = set(filter(None, request.query.get("types", "").split(",")))
        wanted = [one for one in events if not types or one["type"] in types]
        end = min(len(world.events), position + MAX_EVENTS)
        return web.json_response({"events": wanted, "cursor": world.cursor(end)})

    async def _commands(self, request: web.Request) -> web.Response:
        given = await _json(request)
        commands = self.world.set_commands(request.match_info["bot"], given)
        return web.json_response({"commands": commands})

    async def _respond(self, request: web.Request) -> web.Response:
        answer, is_new = await self.world.respond(request.match_info["token"], await _json(request))
        return web.json_response(answer, status=201 if is_new else 200)

    # Sockets

    async def _connect(self, sid: str, _environ: Any, auth: Any) -> None:
        if (
            not self.takes_sockets
            or not isinstance(auth, dict)
            or auth.get("token") != self.world.key
        ):
            raise socketio.exceptions.ConnectionRefusedError("unauthorized")
        self.pushing[sid] = asyncio.create_task(self._push(sid, auth.get("after")))

    async def _disconnect(self, sid: str, _reason: str = "") -> None:
        task = self.pushing.pop(sid, None)
        if task is not None:
            task.cancel()

    async def _push(self, sid: str, after: str | None) -> None:
        world, is_gone = self.world, False
        try:
            position = len(world.events) if after is None else world.position(after)
        except Problem:
            position, is_gone = len(world.events), True
        told = {"cursor": world.cursor(position), "gone": is_gone}
        await self.sockets.emit("listening", told, to=sid)
        while True:
            end = min(len(world.events), position + MAX_EVENTS)
            for event in world.after(position):
                number = world.events.index(event) + 1
                await self.sockets.emit("event", {**event, "cursor": world.cursor(number)}, to=sid)
            position = end
            async with world.changed:
                while len(world.events) <= position:
                    await world.changed.wait()

    async def drop_sockets(self) -> None:
        """Close all sockets."""
        for sid in list(self.pushing):
            await self.sockets.disconnect(sid)


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except ValueError:
        raise Problem(400, "The body is not JSON.") from None
    if not isinstance(given, dict):
        raise Problem(400, "The body is not a JSON object.")
    return given


def _problem(problem: Problem, headers: dict[str, str]) -> web.Response:
    title, code = TITLES.get(problem.status, (HTTPStatus(problem.status).phrase, "unavailable"))
    body: dict[str, Any] = {
        "title": title,
        "status": problem.status,
        "detail": problem.detail,
        "code": code,
        "type": "about:blank",
    }
    if problem.fields:
        body["fields"] = problem.fields
    return web.json_response(
        body, status=problem.status, headers=headers, content_type="application/problem+json"
    )
