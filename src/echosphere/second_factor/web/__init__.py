"""The routes and pages between the password and the session."""

from echosphere.second_factor.web.api import SecondFactorApi
from echosphere.second_factor.web.manage import ManagePage
from echosphere.second_factor.web.pages import SecondFactorPages

__all__ = ["ManagePage", "SecondFactorApi", "SecondFactorPages"]
