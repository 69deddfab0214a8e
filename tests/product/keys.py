"""Keys and bots with which programs act for someone."""

from tests.product.people import Person


async def key_of(person: Person) -> str:
    """Create a key for someone and return its id."""
    created = await person.post("/me/keys", {"name": "script", "scopes": ["messages:read"]})
    return str(created["key"]["id"])


async def bot_of(person: Person) -> dict[str, str]:
    """Create a bot of someone with an endpoint, to which nothing was sent; return their ids."""
    bot = (await person.post("/bots", {"name": "Echo"}))["bot"]["id"]
    wish = {"url": "https://bots.example.org/events", "types": ["message.posted"]}
    made = await person.post(f"/bots/{bot}/endpoints", wish)
    endpoint = made["endpoint"]["id"]
    return {"bot": bot, "bot_endpoint": endpoint, "delivery": "0123456789abcdef0123"}
