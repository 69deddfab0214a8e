"""Parses untrusted images, recordings, documents and pages in processes with limits."""
