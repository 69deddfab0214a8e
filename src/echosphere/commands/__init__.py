"""What the operator can do from the command line, one file per command."""
