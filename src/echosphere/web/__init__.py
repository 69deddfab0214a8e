"""Shared by all pages and REST routes: authentication, bodies, errors, security headers."""

from echosphere.web.api import PREFIX, Api, Json, json_body, require_scopes
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
from echosphere.web.examples import Examples
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
from echosphere.web.schemas import Schema, schemas_of
from echosphere.web.tags import described_tags, tag_of

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
    "Examples",
    "Json",
    "Origins",
    "PassingHttp",
    "Schema",
    "SecurityHeaders",
    "bearer_token",
    "create_web",
    "described_tags",
    "gettext",
    "json_body",
    "language_of",
    "local_path",
    "read_body",
    "request_body",
    "request_form",
    "request_language",
    "require_scopes",
    "schemas_of",
    "serve_messenger",
    "session_cookie_name",
    "sign_in_url",
    "tag_of",
]
