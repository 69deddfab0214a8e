"""What those who run the server are told of it."""

from echosphere.administration.web import AdministrationApi

__all__ = ["AdministrationApi"]
