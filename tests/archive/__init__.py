"""Tests of ZIP archives."""
