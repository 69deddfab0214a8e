"""EchoSphere: a self-hosted, real-time messenger."""

__version__ = "0.1.0"
