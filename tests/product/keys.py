"""Keys with which programs act for somebody."""

from tests.product.people import Person


async def key_of(person: Person) -> str:
    """Create a key for somebody and return its id."""
    created = await person.post("/me/keys", {"name": "script", "scopes": ["messages:read"]})
    return str(created["key"]["id"])
