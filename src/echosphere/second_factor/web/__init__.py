"""The routes and pages between the password and the session."""

from echosphere.second_factor.web.api import SecondFactorApi
from echosphere.second_factor.web.enrolment import EnrolmentPage
from echosphere.second_factor.web.pages import SecondFactorPages
from echosphere.second_factor.web.passkeys import PasskeyDoors

__all__ = ["EnrolmentPage", "PasskeyDoors", "SecondFactorApi", "SecondFactorPages"]
