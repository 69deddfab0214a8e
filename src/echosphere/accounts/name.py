"""The rules for names of users."""

import unicodedata

from echosphere.accounts.account import MAX_NAME, InvalidValueError, single_line
from echosphere.accounts.reserved_names import looks_official


def validate_name(given: str) -> str:
    """Return a name without invisible characters; official-looking ones are refused."""
    name = single_line(given)
    if not any(unicodedata.category(letter)[0] in "LNS" for letter in name):
        raise InvalidValueError("Enter a name.")
    if len(name) > MAX_NAME:
        raise InvalidValueError(f"A name can have up to {MAX_NAME} characters.")
    if looks_official(name):
        raise InvalidValueError("This name is reserved. Choose another one.")
    return name
