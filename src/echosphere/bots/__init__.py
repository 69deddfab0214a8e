"""Bots: programs with an owner, which are members of groups and act there with keys of their own."""

from echosphere.bots.manage import CreateBot
from echosphere.bots.wiring import install

__all__ = ["CreateBot", "install"]
