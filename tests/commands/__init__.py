"""Administrative commands, beside a running server and without one."""
