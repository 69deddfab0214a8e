"""A fake server for the tests of bots: real HTTP and sockets, on a port of its own, in this process.

from echosphere_bot.testing import FakeServer
from hello import bot

def test_it_says_hello():
    with FakeServer() as server, server.running(bot):
        server.say("@Echo hello")
        assert server.next_message().text == "Hello, Ada!"
"""

from echosphere_bot.testing.server import BotRun, FakeServer, signed_headers
from echosphere_bot.testing.world import Done, Group, Person

__all__ = ["BotRun", "Done", "FakeServer", "Group", "Person", "signed_headers"]
