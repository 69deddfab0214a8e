"""Why nothing came back from outside."""


class OutsideError(Exception):
    """Nothing usable came back; the text says why, for the log."""


class ForbiddenPlaceError(OutsideError):
    """We do not go there: an inner address, another port, another scheme."""


class TooMuchError(OutsideError):
    """More bytes than were asked for."""
