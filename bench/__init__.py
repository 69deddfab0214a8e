"""Measures EchoSphere from outside: starts the real server, speaks the public protocol."""
