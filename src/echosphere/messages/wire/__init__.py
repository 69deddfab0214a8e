"""Shapes of messages on the wire."""
