"""The MCP endpoint: tools with which assistants read and post, with the keys and rules of all programs."""

from echosphere.mcp.wiring import install

__all__ = ["install"]
