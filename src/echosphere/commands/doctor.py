"""`echosphere doctor`: checks this instance and says what to do about problems."""

from echosphere.administration import examine
from echosphere.settings import Settings
from echosphere.web import CLIENT_MANIFEST

SHOWN = {"ok": "ok  ", "warning": "warn", "problem": "FAIL"}


def doctor(settings: Settings) -> int:
    """Run all checks; return 0 if none found a problem."""
    found = examine(settings, CLIENT_MANIFEST, thorough=True)
    for name, state, text in found:
        print(f"{SHOWN[state]}  {name}: {text}")
    return int(any(one.state == "problem" for one in found))
