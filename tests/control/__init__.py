"""How commands of the operator reach the running server."""
