"""Tests of the house itself: its walls, its scripts, its packages, its deployment."""
