"""The rule for end times."""

from echosphere.core.errors import Invalid

NOT_TO_COME = "Choose an end time in the future."


def require_to_come(end: int | None, now: int, field: str) -> None:
    """Refuse an end that has passed; None is no end.

    Args:
        end: In milliseconds since 1970 UTC, as `now`.
        now: The server's time.
        field: What the end is called in the request.

    Raises:
        Invalid: It has passed.
    """
    if end is not None and end <= now:
        raise Invalid(NOT_TO_COME, fields={field: NOT_TO_COME})
