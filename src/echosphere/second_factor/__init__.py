"""Second factors: what signing in needs beside the password, and proving again who one is."""

from echosphere.second_factor.change import remove_all_factors, reset_second_factor
from echosphere.second_factor.hold import hold_sign_in
from echosphere.second_factor.other_hosts import lost_passkeys
from echosphere.second_factor.wiring import install

__all__ = ["hold_sign_in", "install", "lost_passkeys", "remove_all_factors", "reset_second_factor"]
