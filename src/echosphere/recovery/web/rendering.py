"""Renders the pages of the way back in."""

from quart import Response, render_template

from echosphere.core.errors import Refusal
from echosphere.i18n import translate_error
from echosphere.web import request_language

SEE_OTHER = 303
MAX_FORM = 16 * 1024


async def refused_page(template: str, refusal: Refusal, **about: object) -> Response:
    """Return a page that shows a refusal."""
    shown = translate_error(request_language(), refusal)
    response = await rendered_page(template, refusal.status, problem=shown, **about)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


async def rendered_page(template: str, status: int = 200, **about: object) -> Response:
    """Return a page with these variables."""
    page = await render_template(template, **about)
    return Response(page, status=status, content_type="text/html; charset=utf-8")
