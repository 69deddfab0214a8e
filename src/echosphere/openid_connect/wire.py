"""Requests and answers about sign-in services."""

from echosphere.wire import Id, Request, Shape


class ServiceCall(Request, frozen=True):
    """Which sign-in service is meant."""

    service: Id


class SignInService(Shape, frozen=True):
    """A sign-in service of this server; `linked_at` is null while the caller is not linked there."""

    name: str
    label: str
    linked_at: int | None
    used_at: int | None


class SignInServices(Shape, frozen=True):
    """How the caller can sign in; `passwords` says whether the server takes any."""

    services: list[SignInService]
    passwords: bool
    has_password: bool


class LinkAnswer(Shape, frozen=True):
    """Where the browser goes to link a sign-in service."""

    url: str


class LogoutProblem(Shape, frozen=True):
    """Why a logout token was not taken, for the provider."""

    error_description: str
    error: str = "invalid_request"
