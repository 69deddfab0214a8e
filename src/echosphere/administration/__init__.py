"""The administrators' view of the server."""

from echosphere.administration.wiring import install

__all__ = ["install"]
