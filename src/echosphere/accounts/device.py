"""Makes names of devices from `User-Agent` headers, for the list of sessions."""

from echosphere.accounts.account import remove_invisible

MAX_DEVICE = 80
UNKNOWN = "Unknown device"

# The first match wins: most browsers also claim to be those below them.
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
    """Return a short name such as "Firefox on Linux"."""
    text = remove_invisible(user_agent[:500]).strip()
    browser = _first(BROWSERS, text)
    system = _first(SYSTEMS, text)
    if browser and system:
        return f"{browser} on {system}"
    return text.partition(" ")[0][:MAX_DEVICE] or UNKNOWN


def _first(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for token, name in names if token in text), None)
