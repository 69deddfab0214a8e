"""Decodes images and documents of strangers in a process of its own, with limits."""
