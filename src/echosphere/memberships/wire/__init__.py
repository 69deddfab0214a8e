"""Shapes of a person's conversations, groups and invites on the wire."""
