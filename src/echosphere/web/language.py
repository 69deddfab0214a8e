"""The language of a request: the user's choice in the messenger, else the browser's preference."""

from quart import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from echosphere.i18n import ENGLISH, LANGUAGES, translate

LANGUAGE_COOKIE = "echosphere_language"


def language_of(chosen: str | None, accepted: str | None) -> str:
    """Return the tag of the supported language that suits best.

    Args:
        chosen: The value of the cookie; an unsupported one is ignored.
        accepted: The header `Accept-Language` (RFC 9110, 12.5.4).
    """
    if chosen in LANGUAGES:
        return chosen
    accepted_tags = (
        tag for tag, quality in parse_accept_header(accepted, LanguageAccept) if quality
    )
    tags = (tag.lower().split("-")[0] for tag in accepted_tags)
    return next((tag for tag in tags if tag in LANGUAGES), ENGLISH)


def request_language() -> str:
    """Return the language of the current request."""
    return language_of(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))


def gettext(sentence: str) -> str:
    """Return a sentence in the language of the current request."""
    return translate(request_language(), sentence)
