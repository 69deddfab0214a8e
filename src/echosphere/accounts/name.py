"""Which names a person may have."""

import unicodedata

from echosphere.accounts.account import MAX_NAME, BrokenRuleError, one_line
from echosphere.accounts.reserved_names import looks_official


def accepted_name(given: str) -> str:
    """Return a name without what cannot be seen; refuse names that pretend to be the system."""
    name = one_line(given)
    if not any(unicodedata.category(letter)[0] in "LNS" for letter in name):
        raise BrokenRuleError("Enter a name.")
    if len(name) > MAX_NAME:
        raise BrokenRuleError(f"A name may have {MAX_NAME} characters at most.")
    if looks_official(name):
        raise BrokenRuleError("This name is reserved. Choose another one.")
    return name
