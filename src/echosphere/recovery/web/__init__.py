"""The pages that let people back in, and those that confirm addresses."""

from echosphere.recovery.web.confirm import ConfirmPages
from echosphere.recovery.web.other_ways import SignInMethodsPage
from echosphere.recovery.web.pages import RecoveryPages

__all__ = ["ConfirmPages", "RecoveryPages", "SignInMethodsPage"]
