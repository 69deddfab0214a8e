"""REST routes, which find the caller, validate the request and answer JSON."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec
from quart import Quart, Request, Response, request

from echosphere.core.caller import Caller
from echosphere.core.errors import (
    STEPS_NEEDED,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    Unauthorized,
)
from echosphere.core.rate_limits import Rate, RateLimiter, address_key
from echosphere.core.scopes import KEY_PREFIX, KEY_REFUSED, Scopes
from echosphere.web.body import read_body
from echosphere.web.current_user import Authenticate, bearer_token
from echosphere.web.openapi import describe
from echosphere.web.origin import Origins
from echosphere.web.route import Answer, Handler, Route
from echosphere.wire import Existing, convert, decode, encode

PREFIX = "/api/v1"
MAX_BODY = 256 * 1024
"""Bytes of a JSON body: twice the longest message with every character escaped."""

REST_RATE = Rate("rest", burst=300, every=0.2)
ADDRESS_RATE = Rate("rest of an address", burst=6_000, every=0.01)
"""Many users may share one address; each user has a rate as well."""

NOT_BY_KEY = "An API key cannot do this. Sign in instead."

KEY_NEEDED = "Send an API key in the Authorization header: Bearer esb_…"

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

_PATH_VALUE = re.compile(r"[^/\x00-\x1f]{1,64}\Z")


@dataclass(slots=True)
class Api:
    """Collects the routes of all features and serves them under `/api/v1`.

    A handler is called as `handler(caller, body?, query?, **path)`; anonymous ones without the
    caller. What it returns is encoded; None answers 204.
    """

    app: Quart
    authenticate: Authenticate
    origins: Origins
    rate_limiter: RateLimiter
    cookie: str
    routes: list[Route] = field(default_factory=list)
    authenticate_key: Authenticate | None = None
    """Finds the caller of a key; set by the feature that has them."""

    def add(
        self,
        method: str,
        path: str,
        handler: Handler,
        source: Callable[..., Any] | None = None,
        **about: Any,
    ) -> None:
        """Serve a call; `about` holds the other fields of `Route`, `source` is by default the handler."""
        source = source or handler
        summary = (source.__doc__ or "").strip().partition("\n")[0]
        route = Route(method, path, handler, summary, source, **about)
        self.routes.append(route)
        self.app.add_url_rule(
            PREFIX + path,
            endpoint=f"{method} {path}",
            view_func=self._view(route),
            methods=[method],
        )

    def get(self, path: str, handler: Handler, **about: Any) -> None:
        """Serve a call that changes nothing."""
        self.add("GET", path, handler, **about)

    def post(self, path: str, handler: Handler, **about: Any) -> None:
        """Serve a call that makes something."""
        self.add("POST", path, handler, **about)

    def put(self, path: str, handler: Handler, **about: Any) -> None:
        """Serve a call that sets something, however often it is repeated."""
        self.add("PUT", path, handler, **about)

    def patch(self, path: str, handler: Handler, **about: Any) -> None:
        """Serve a call that changes some fields."""
        self.add("PATCH", path, handler, **about)

    def delete(self, path: str, handler: Handler, **about: Any) -> None:
        """Serve a call that removes something."""
        self.add("DELETE", path, handler, **about)

    def describe(self) -> None:
        """Serve the OpenAPI document at `/openapi.json`; the first request builds it."""

        @cache
        def document() -> bytes:
            return msgspec.json.encode(describe(self.routes, PREFIX, self.cookie))

        async def openapi() -> Response:
            return Response(await asyncio.to_thread(document), content_type="application/json")

        self.app.add_url_rule(f"{PREFIX}/openapi.json", view_func=openapi, methods=["GET"])

    def _view(self, route: Route) -> Callable[..., Awaitable[Response]]:
        async def view(**path: str) -> Response:
            given: list[Any] = []
            self.rate_limiter.take(ADDRESS_RATE, address_key(request.remote_addr or ""))
            if route.anonymous:
                self.require_same_origin(request, needed=False)
            else:
                caller = await self.caller(request, route.scopes)
                self.rate_limiter.take(REST_RATE, caller.user_id)
                given.append(caller)
            _check_path(path)
            if route.body is not None:
                given.append(decode(route.body, await json_body(request)))
            if route.query is not None:
                given.append(convert(route.query, request.args.to_dict()))
            return Json.of(await route.handler(*given, **path), route.status)

        return view

    async def caller(self, from_request: Request, scopes: Scopes | None = None) -> Caller:
        """Return the caller of a request: the only place where the scopes of keys are checked.

        Args:
            from_request: The request.
            scopes: What a key needs; None if keys cannot do it.

        Raises:
            Unauthorized: It has no valid session cookie, bearer token or key.
            Forbidden: A page of another site sent the cookie with a change, or the key has not all
                of these scopes.
            ConfirmationNeeded: The caller must confirm their e-mail address first.
            FactorNeeded: The caller must set up a second factor first.
        """
        try:
            caller = await self._find_caller(from_request)
        except STEPS_NEEDED as refusal:
            require_scopes(refusal.caller, scopes)  # the pages of these steps are not for keys
            raise
        if caller is None:
            raise Unauthorized(KEY_REFUSED if has_key(from_request) else "Sign in first.")
        require_scopes(caller, scopes)
        return caller.at(from_request.remote_addr or "")

    async def program(self, from_request: Request) -> Caller:
        """Return who calls with an API key at an address outside `/api/v1`, and take its rates.

        A cookie does not count there, so that no page can make its visitor call.

        Raises:
            Unauthorized: There is no valid key.
            Forbidden: A page of another site calls.
            TooMany: Too often.
        """
        self.rate_limiter.take(ADDRESS_RATE, address_key(from_request.remote_addr or ""))
        self.require_same_origin(from_request, needed=False)
        if not has_key(from_request):
            raise Unauthorized(KEY_NEEDED)
        caller = await self.caller(from_request, scopes=frozenset())
        self.rate_limiter.take(REST_RATE, caller.user_id)
        return caller

    async def _find_caller(self, from_request: Request) -> Caller | None:
        token = bearer_token(from_request.headers)
        if token is None:
            token = from_request.cookies.get(self.cookie)
            if token:
                self.require_same_origin(from_request, needed=True)
        elif self.authenticate_key is not None and token.startswith(KEY_PREFIX):
            return await self.authenticate_key(token)
        return await self.authenticate(token) if token else None

    def require_same_origin(self, from_request: Request, *, needed: bool) -> None:
        """Refuse changes that a page of another site sends with a user's cookie.

        Args:
            from_request: The request.
            needed: Whether a request without an origin is refused too; programs without a cookie
                need not send one.

        Raises:
            Forbidden: The request changes something and comes from another site.
        """
        if from_request.method not in UNSAFE:
            return
        origin = from_request.headers.get("origin")
        site = from_request.headers.get("sec-fetch-site")
        if site == "same-origin" or self.origins.allows(origin, from_request.headers.get("host")):
            return
        if self.origins.is_other_address(origin, from_request.headers.get("host")):
            raise Forbidden(
                f"This page was opened at an address other than {self.origins.base_url!r}, the "
                "address of this server. Open it there. The operator can change the address "
                "with ECHOSPHERE_BASE_URL."
            )
        if needed or origin is not None or site is not None:
            raise Forbidden(
                "The request's origin is not a page of this server. Programs must use a bearer "
                "token instead of the cookie."
            )


def has_key(from_request: Request) -> bool:
    """Tell whether a request carries an API key, valid or not."""
    return (bearer_token(from_request.headers) or "").startswith(KEY_PREFIX)


def require_scopes(caller: Caller, scopes: Scopes | None) -> None:
    """Refuse a key that may not do what is asked.

    Raises:
        Forbidden: It lacks a scope, or keys cannot do it at all.
    """
    if caller.scopes is None:
        return
    if scopes is None:
        raise Forbidden(NOT_BY_KEY)
    missing = sorted(scopes - caller.scopes)
    if missing:
        raise Forbidden(f"The API key lacks the scope {missing[0].value!r}.")


class Json:
    """Answers in JSON."""

    @staticmethod
    def of(answer: Answer, status: int = 200) -> Response:
        """Return the response for what a handler returned."""
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, Existing):
            answer, status = answer.answer, 200
        if answer is None and status == 202:
            return Response(b"{}", status=status, content_type="application/json")
        if answer is None:
            return Response(status=204)
        return Response(encode(answer), status=status, content_type="application/json")


async def json_body(from_request: Request) -> bytes:
    """Return the bytes of a JSON body.

    Raises:
        Invalid: The content type is not exactly JSON.
        TooLarge: More bytes than any call needs.
    """
    if from_request.mimetype != "application/json":
        raise Invalid("Send the body as JSON, with the content type application/json.")
    if (from_request.content_length or 0) > MAX_BODY:
        raise TooLarge(f"The body can be up to {MAX_BODY} bytes.")
    return await read_body(from_request, MAX_BODY)


def _check_path(path: dict[str, str]) -> None:
    """Raise NotFound for values that cannot be identifiers, without asking the database."""
    for value in path.values():
        if isinstance(value, str) and not _PATH_VALUE.match(value):
            raise NotFound("Not found.")
