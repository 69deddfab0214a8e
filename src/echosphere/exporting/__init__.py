"""Exports: all conversations of a server, or one, in the format that imports read."""

from echosphere.exporting.export import Exported, Exporter

__all__ = ["Exported", "Exporter"]
