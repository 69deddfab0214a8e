"""Shared by all pages and REST routes: authentication, bodies, errors, security headers."""

from echosphere.web.api import PREFIX, Api, Json, require_scopes
from echosphere.web.body import read_body, request_body, request_form
from echosphere.web.bounded_http import BoundedHttp
from echosphere.web.create import create_web
from echosphere.web.current_user import (
    SESSION_COOKIE,
    Authenticate,
    bearer_token,
    session_cookie_name,
)
from echosphere.web.errors import CLIENT_CLOSED_REQUEST
from echosphere.web.headers import SecurityHeaders
from echosphere.web.language import (
    LANGUAGE_COOKIE,
    gettext,
    language_of,
    request_language,
)
from echosphere.web.origin import Origins
from echosphere.web.pages import (
    CLIENT_MANIFEST,
    CONFIRM_PAGE,
    FACTOR_PAGE,
    local_path,
    serve_messenger,
    sign_in_url,
)
from echosphere.web.passing_http import PassingHttp

__all__ = [
    "CLIENT_CLOSED_REQUEST",
    "CLIENT_MANIFEST",
    "CONFIRM_PAGE",
    "FACTOR_PAGE",
    "LANGUAGE_COOKIE",
    "PREFIX",
    "SESSION_COOKIE",
    "Api",
    "Authenticate",
    "BoundedHttp",
    "Json",
    "Origins",
    "PassingHttp",
    "SecurityHeaders",
    "bearer_token",
    "create_web",
    "gettext",
    "language_of",
    "local_path",
    "read_body",
    "request_body",
    "request_form",
    "request_language",
    "require_scopes",
    "serve_messenger",
    "session_cookie_name",
    "sign_in_url",
]
