"""`python -m echosphere` is the command `echosphere`."""

from echosphere.cli import run

run()
