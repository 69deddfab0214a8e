"""What those who run the server are told of it."""

from echosphere.administration.operations import AdministrationOperations

__all__ = ["AdministrationOperations"]
