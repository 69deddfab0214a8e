"""Second factors: what signing in needs beside the password, and proving again who one is."""

from echosphere.second_factor.change import (
    RemoveApp,
    forget_devices,
    remove_all_factors,
    reset_second_factor,
)
from echosphere.second_factor.events import AllFactorsRemoved, PasskeyRemoved
from echosphere.second_factor.hold import hold_sign_in
from echosphere.second_factor.other_hosts import lost_passkeys
from echosphere.second_factor.other_keys import secrets_of_other_keys
from echosphere.second_factor.passkeys import RemovePasskey
from echosphere.second_factor.relying_party import RelyingParty, passkey_host
from echosphere.second_factor.state import second_factor_of
from echosphere.second_factor.store import has_passkey
from echosphere.second_factor.wire import Passkey
from echosphere.second_factor.wiring import install

__all__ = [
    "AllFactorsRemoved",
    "Passkey",
    "PasskeyRemoved",
    "RelyingParty",
    "RemoveApp",
    "RemovePasskey",
    "forget_devices",
    "has_passkey",
    "hold_sign_in",
    "install",
    "lost_passkeys",
    "passkey_host",
    "remove_all_factors",
    "reset_second_factor",
    "second_factor_of",
    "secrets_of_other_keys",
]
