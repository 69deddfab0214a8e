"""What those who run the server are told of it."""

from echosphere.administration.wiring import install

__all__ = ["install"]
