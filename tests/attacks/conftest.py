"""The servers that are attacked, and the people on them: a member, another one, and an outsider."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.attacks.servers import Park, Servers, Target
from tests.product.groups import Group, group_on
from tests.product.people import Person, people_on


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers by the kind of their settings."""
    park = Park(tmp_path_factory.mktemp("attacked"))
    yield park
    park.close()


@pytest.fixture
def target(servers: Servers) -> Target:
    """The server that most attacks go to: everyone may register, and there are no rates."""
    return servers("open")


@dataclass
class Cast:
    """Ada and Ben, who talk, and Oscar, who must learn nothing; on a server that Olga owns."""

    target: Target
    ada: Person
    ben: Person
    oscar: Person
    here: str

    def messages(self, rest: str = "") -> str:
        """The path of what Ada and Ben say."""
        return f"/conversations/{self.here}/messages{rest}"


@pytest.fixture
async def cast(target: Target) -> AsyncIterator[Cast]:
    """People with a conversation of Ada and Ben."""
    async with people_on(target.base, "Ada Example", "Ben Example", "Oscar Outsider") as people:
        ada, ben, oscar = people
        yield Cast(target, ada, ben, oscar, await ada.talk_to(ben))


@pytest.fixture
async def group(target: Target) -> AsyncIterator[Group]:
    """A group of Ada who owns it, Ben who is an admin, and Carl; Oscar has nothing to do with it."""
    async with group_on(target.base) as group:
        yield group


@pytest.fixture
async def owner(target: Target) -> AsyncIterator[Person]:
    """Olga, who owns the server."""
    person = await target.owner()
    yield person
    await person.close()


def code_of(answer: Any) -> tuple[int, str]:
    """Return the status and the code of a refusal."""
    return answer.status_code, answer.json()["code"]
