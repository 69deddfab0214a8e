"""Invites: to a group, and personal ones, which make contacts."""
