"""Second factors: what signing in needs beside the password, and proving again who one is."""

from echosphere.second_factor.operations import SecondFactorOperations
from echosphere.second_factor.wiring import install

__all__ = ["SecondFactorOperations", "install"]
