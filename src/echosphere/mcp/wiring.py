"""Installs the MCP endpoint."""

from echosphere.mcp.server import McpServer
from echosphere.mcp.web import McpRoute
from echosphere.platform import Platform


def install(platform: Platform) -> None:
    """Install the feature."""
    McpRoute(platform.api, McpServer(platform.operations.call)).serve(platform.web)
