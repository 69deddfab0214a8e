"""What is stored instead of a password for those who have none: they sign in in another way.

It is another text for each account, and changes like a password, so that what depends on the stored
password, such as the cookie of known devices, works without one.
"""

from echosphere.core.ids import new_token

MARK = "!"


def unusable_password() -> str:
    """Return a stored form that no password has."""
    return MARK + new_token()


def is_usable_password(stored: str) -> bool:
    """Whether a stored form is that of a password."""
    return not stored.startswith(MARK)
