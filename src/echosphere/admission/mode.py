"""How people can currently register."""

from echosphere.accounts import has_active_owner, has_no_users
from echosphere.admission import store
from echosphere.core.errors import Forbidden
from echosphere.database import Provided, Snapshot
from echosphere.settings import LiveSettings, Settings

OPEN, INVITE_ONLY, DOMAIN, APPROVAL, CLOSED = "open", "invitation", "domain", "approval", "closed"

SETTINGS: Provided[LiveSettings] = Provided("the settings of the server")

REGISTRATION_CLOSED = "Registration is closed on this server. Ask an administrator for an account."
INVITE_NEEDED = (
    "You need an invitation to register on this server. Ask someone who is already on it."
)
OWNER_NEEDED = (
    "This server has no owner yet. The owner registers with the link that the server printed "
    "when it started."
)
OTHER_DOMAIN = "You cannot register with this address. Use one from your organization."


def current_mode(snapshot: Snapshot, settings: Settings) -> str:
    """Return the mode of registration.

    Without a setting, a server that others can reach takes people by invitation. On a machine of one's
    own anyone may register, and where people were before there were modes it stays as it was.
    """
    if settings.registration != "auto":
        return settings.registration
    return store.find_kept_mode(snapshot) or (INVITE_ONLY if settings.is_public else OPEN)


def is_first_owner(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether the next account is the first and owns the server; elsewhere a link makes the owner."""
    return not settings.is_public and has_no_users(snapshot)


def require_may_register(snapshot: Snapshot, settings: Settings, email: str) -> None:
    """Refuse an address that may not register without an invite.

    Raises:
        Forbidden: The server takes no registrations, or only by invitation or from other addresses.
    """
    mode = current_mode(snapshot, settings)
    if mode == CLOSED:
        raise Forbidden(REGISTRATION_CLOSED)
    if is_first_owner(snapshot, settings):
        return
    if mode == INVITE_ONLY:
        raise Forbidden(INVITE_NEEDED if has_active_owner(snapshot) else OWNER_NEEDED)
    _require_own_domain(mode, settings, email)


def require_own_domain(snapshot: Snapshot, settings: Settings, email: str) -> None:
    """Refuse an address of another domain where the domain decides who may register.

    Raises:
        Forbidden: It is of another domain.
    """
    _require_own_domain(current_mode(snapshot, settings), settings, email)


def _require_own_domain(mode: str, settings: Settings, email: str) -> None:
    if mode == DOMAIN and email.rpartition("@")[2] not in settings.registration_domains:
        raise Forbidden(OTHER_DOMAIN, fields={"email": OTHER_DOMAIN})
