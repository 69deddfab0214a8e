"""Names a device so that its owner recognises it in the list of sessions."""

from echosphere.accounts.account import visible

MAX_DEVICE = 80
UNKNOWN = "Unknown device"

# The first that is found wins: most browsers also claim to be the ones below them.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Return a short name such as "Firefox on Linux" for what a program says of itself."""
    said = visible(user_agent[:500]).strip()
    browser = _first(BROWSERS, said)
    system = _first(SYSTEMS, said)
    if browser and system:
        return f"{browser} on {system}"
    return said.partition(" ")[0][:MAX_DEVICE] or UNKNOWN


def _first(signs: tuple[tuple[str, str], ...], said: str) -> str | None:
    return next((name for sign, name in signs if sign in said), None)
