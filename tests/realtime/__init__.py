"""Tests of the realtime server over real sockets, as its clients meet it."""
