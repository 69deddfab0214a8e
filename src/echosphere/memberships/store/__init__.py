"""The tables and queries of memberships."""
