"""In which language somebody reads: what they chose in the messenger, else what their browser asks."""

from quart import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from echosphere.texts import ENGLISH, LANGUAGES, say

LANGUAGE_COOKIE = "echosphere_language"


def language_of(chosen: str | None, accepted: str | None) -> str:
    """Return the tag of a language that the server speaks.

    Args:
        chosen: What the cookie says; anything unknown counts as no choice.
        accepted: The header `Accept-Language` (RFC 9110, 12.5.4).
    """
    if chosen in LANGUAGES:
        return chosen
    wanted = (tag for tag, quality in parse_accept_header(accepted, LanguageAccept) if quality)
    spoken = (tag.lower().split("-")[0] for tag in wanted)
    return next((tag for tag in spoken if tag in LANGUAGES), ENGLISH)


def readers_language() -> str:
    """Return the language of whoever sent the request that is being answered."""
    return language_of(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))


def say_to_reader(sentence: str) -> str:
    """Return a sentence in the language of whoever sent the request that is being answered."""
    return say(readers_language(), sentence)
