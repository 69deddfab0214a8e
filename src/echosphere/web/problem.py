"""Problem documents (RFC 9457), the form of refusals over HTTP."""

import msgspec

from echosphere.core.errors import Refusal
from echosphere.wire import Shape


class Problem(Shape, frozen=True, omit_defaults=True, kw_only=True):
    """A problem document (RFC 9457)."""

    title: str
    status: int
    detail: str
    code: str
    type: str | msgspec.UnsetType = msgspec.UNSET
    fields: dict[str, str] | msgspec.UnsetType = msgspec.UNSET


def problem_of(refusal: Refusal) -> Problem:
    """Return the problem document of a refusal."""
    return Problem(
        type="about:blank",
        title=refusal.title,
        status=refusal.status,
        detail=refusal.detail,
        code=refusal.code,
        fields=refusal.fields or msgspec.UNSET,
    )
