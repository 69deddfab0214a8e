"""Error responses: RFC 9457 problem documents for programs, an HTML page for browsers."""

import logging

from quart import Quart, Response, render_template, request
from werkzeug.exceptions import HTTPException

from echosphere.core.errors import REFUSAL_TYPES, Refusal, Unavailable
from echosphere.i18n import translate_error
from echosphere.web.body import ClientDisconnectedError
from echosphere.web.language import gettext, request_language
from echosphere.web.problem import Problem, problem_of
from echosphere.wire import encode

log = logging.getLogger(__name__)

CLIENT_CLOSED_REQUEST = 499
"""nginx's status for a client that disconnected before the response."""

NO_MEMORY = ("can't start new thread", "can't allocate")
"""How the messages of Python's RuntimeError begin when memory for a thread or lock is missing."""

CODES = {400: "invalid", 401: "unauthorized", 403: "forbidden", 404: "not_found",
         405: "invalid", 408: "invalid", 409: "conflict", 410: "gone", 413: "too_large",
         414: "too_large", 415: "invalid", 429: "too_many", 431: "too_large", 507: "quota"}  # fmt: skip

BAD_REQUEST = "The request is malformed."
FAULT = "Something went wrong on the server. The error was logged. Try again."
TITLES: dict[str, str] = {one.code: one.title for one in REFUSAL_TYPES}

SENTENCES = {
    400: BAD_REQUEST,
    404: "There is nothing at this address. Check it, or go back to the start page.",
    405: ("This method is not allowed here. The Allow header lists the allowed methods."),
    408: "The request took too long to arrive. Send it again.",
    413: "The request is too large.",
    414: "The address is too long.",
    415: "This content type is not accepted here.",
}


def handle_errors(app: Quart) -> None:
    """Register the error handlers."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(ClientDisconnectedError, _client_disconnected)
    app.register_error_handler(Exception, _internal_error)


async def _refused(refusal: Refusal) -> Response:
    response = await _answer(problem_of(translate_error(request_language(), refusal)))
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    if refusal.status == 401 and wants_json():
        response.headers["WWW-Authenticate"] = 'Bearer realm="EchoSphere"'
    return response


async def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    code = CODES.get(status, "invalid" if status < 500 else "unavailable")
    problem = Problem(
        type="about:blank",
        title=gettext(TITLES[code]),
        status=status,
        detail=gettext(SENTENCES.get(status, BAD_REQUEST if status < 500 else FAULT)),
        code=code,
    )
    response = await _answer(problem)
    if allow := dict(error.get_headers()).get("Allow"):
        response.headers["Allow"] = allow
    return response


async def _client_disconnected(_error: ClientDisconnectedError) -> Response:
    """Return a status for logs and metrics."""
    return Response(status=CLIENT_CLOSED_REQUEST)


async def _internal_error(error: Exception) -> Response:
    """Log an unexpected error, and answer 500 or, without memory, 503."""
    if _is_out_of_memory(error):
        log.error("Out of memory for a request: %s", error)
        return await _refused(
            Unavailable("The server is busy. Try again in a moment.", retry_after=5)
        )
    log.error("A request failed", exc_info=error)
    return await _answer(
        Problem(
            type="about:blank",
            title=gettext("Internal error"),
            status=500,
            detail=gettext(FAULT),
            code="unavailable",
        )
    )


def _is_out_of_memory(error: Exception) -> bool:
    """Whether memory for bytes or for a thread was missing."""
    no_thread = type(error) is RuntimeError and str(error).startswith(NO_MEMORY)
    return isinstance(error, MemoryError) or no_thread


def wants_json() -> bool:
    """Whether the client is a program rather than a browser that shows pages."""
    return request.path.startswith("/api/") or "text/html" not in request.headers.get("accept", "")


async def _answer(problem: Problem) -> Response:
    if wants_json():
        return Response(
            encode(problem), status=problem.status, content_type="application/problem+json"
        )
    page = await render_template("error.html", problem=problem)
    return Response(page, status=problem.status, content_type="text/html; charset=utf-8")
