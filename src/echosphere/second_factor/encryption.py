"""What encrypts the secrets of authenticator apps at rest, each bound to its user."""

from echosphere.core.encryption import Sealer
from echosphere.database import Provided

PURPOSE = b"echosphere second factor"

SEALER: Provided[Sealer] = Provided("what opens the secrets of apps")
