"""What all pages and REST calls share: recognition, shapes, errors, security headers."""

from echosphere.web.api import PREFIX, Api, Json
from echosphere.web.body import body_of, form_of
from echosphere.web.bounded_http import BoundedHttp
from echosphere.web.create import create_web
from echosphere.web.errors import CLIENT_LEFT
from echosphere.web.headers import SecurityHeaders
from echosphere.web.language import (
    LANGUAGE_COOKIE,
    gettext,
    language_of,
    request_language,
)
from echosphere.web.origin import Origins
from echosphere.web.pages import local_path, serve_messenger
from echosphere.web.recognition import (
    SESSION_COOKIE,
    Recognise,
    bearer_token,
    session_cookie_name,
)

__all__ = [
    "CLIENT_LEFT",
    "LANGUAGE_COOKIE",
    "PREFIX",
    "SESSION_COOKIE",
    "Api",
    "BoundedHttp",
    "Json",
    "Origins",
    "Recognise",
    "SecurityHeaders",
    "bearer_token",
    "body_of",
    "create_web",
    "form_of",
    "gettext",
    "language_of",
    "local_path",
    "request_language",
    "serve_messenger",
    "session_cookie_name",
]
