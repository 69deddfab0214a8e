"""People who are connected to different processes of one instance."""

import asyncio
import re
from functools import partial

import httpx

from tests.cluster.nats_server import NatsServer
from tests.cluster.processes import Processes, at
from tests.product.groups import found
from tests.product.people import Socket, people_on
from tests.served import Served
from tests.waiting import until


async def heard(socket: Socket, messages: int) -> None:
    """Wait until so many messages came."""
    await until(lambda: len(socket.of("message")) >= messages)


def limits(socket: Socket) -> list[int]:
    """Return how large a file might be, in MiB, as often as that was told."""
    return [event["largest_file"] // 1024**2 for event in socket.of("limits")]


def _has(socket: Socket, size: int) -> bool:
    return size in limits(socket)


async def has_presence(socket: Socket, user_id: str, status: str) -> None:
    """Wait until the last presence that was sent of a user is this one."""

    def holds() -> bool:
        sent = [one["status"] for one in socket.of("presence") if one["user"] == user_id]
        return bool(sent) and sent[-1] == status

    await until(holds)


async def test_a_message_reaches_who_is_connected_elsewhere(two: tuple[Served, Served]) -> None:
    one, other = two
    async with people_on(one.address, "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        here, there = await ann.connect(), await at(other, ben).connect()
        for number in range(30):
            said = here if number % 2 else there
            await said.say(conversation, f"number {number}")
        for socket in (here, there):
            await heard(socket, 30)
            got = [event["message"]["body"] for event in socket.of("message")]
            assert got == [f"number {number}" for number in range(30)]
        await there.close()


async def test_polling_works_at_the_process_that_the_session_names(
    two: tuple[Served, Served],
) -> None:
    one, other = two
    async with people_on(one.address, "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        there = await at(other, ben).connect(transports=["polling"])
        await (await ann.connect()).say(conversation, "hello")
        assert (await there.next("message"))["message"]["body"] == "hello"
        await there.close()
        names = set()
        for served in two:
            async with httpx.AsyncClient(base_url=served.address) as http:
                answer = await http.get("/socket.io/", params={"EIO": "4", "transport": "polling"})
                names.add(answer.text.partition('"sid":"')[2].partition("-")[0])
        assert len(names) == 2
        assert all(re.fullmatch("[0-9a-f]{8}", name) for name in names)


async def test_who_was_removed_gets_nothing_from_the_moment_it_was_answered(
    two: tuple[Served, Served],
) -> None:
    one, other = two
    async with people_on(one.address, "Ann", "Ben", "Cem") as (ann, ben, cem):
        group = await found(ann, ben, cem)
        staying, leaving = await at(other, ben).connect(), await at(other, cem).connect()
        here = await ann.connect()
        await here.say(group, "before")
        await leaving.next("message")
        await ann.delete(f"/conversations/{group}/members/{cem.id}")
        for number in range(10):
            await here.say(group, f"after {number}")
        await heard(staying, 11)
        bodies = [event["message"]["body"] for event in leaving.of("message")]
        assert not [body for body in bodies if body and body.startswith("after")]


async def test_a_session_that_was_ended_closes_its_sockets_everywhere(
    two: tuple[Served, Served],
) -> None:
    one, other = two
    async with people_on(one.address, "Ann") as (ann,):
        there = await at(other, ann).connect()
        await ann.delete("/sessions/current")
        assert (await there.next("signed_out"))["reason"]
        elsewhere = at(other, ann)
        answer = await elsewhere.http.get("/me")
        assert answer.status_code == 401
        await elsewhere.close()


async def test_news_of_a_setting_comes_once_to_each_device_of_a_person(
    two: tuple[Served, Served],
) -> None:
    one, other = two
    async with people_on(one.address, "Ann") as (ann,):
        elsewhere = at(other, ann)
        here, there = await ann.connect(), await elsewhere.connect()
        settings = "/administration/settings"
        await ann.put(f"{settings}/max_attachment_mib", {"value": "3"}, 200)
        await ann.put(f"{settings}/storage_per_person_mib", {"value": "7"}, 200)
        async with asyncio.timeout(60):  # the other process reads both at the same time
            while (await elsewhere.get("/me/storage"))["storage"]["quota"] != 7 * 1024**2:
                await asyncio.sleep(0.05)
        await ann.put(f"{settings}/max_attachment_mib", {"value": "4"}, 200)
        for socket in (here, there):
            await until(partial(_has, socket, 4))
            assert limits(socket) == [3, 4]
        await elsewhere.close()


async def test_presence_and_typing_are_seen_across_processes(
    processes: Processes, two: tuple[Served, Served]
) -> None:
    one, other = two
    async with people_on(one.address, "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        here = await ann.connect()
        elsewhere = at(other, ben)
        there = await elsewhere.connect()
        await has_presence(here, ben.id, "online")
        seen = await ann.get("/presence", users=ben.id)
        assert seen["presence"][0]["status"] == "online"
        await there.call("typing", {"conversation": conversation, "on": True})
        assert (await here.next("typing"))["user"] == ben.id
        await elsewhere.close()
        await has_presence(here, ben.id, "offline")


async def test_a_process_that_dies_takes_its_people_offline_and_others_go_on(
    processes: Processes, two: tuple[Served, Served]
) -> None:
    one, other = two
    async with people_on(one.address, "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        here = await ann.connect()
        await at(other, ben).connect()
        await has_presence(here, ben.id, "online")
        other.kill()
        message = await here.say(conversation, "Are you there?")
        assert message["body"] == "Are you there?"
        await here.next("behind")
        await has_presence(here, ben.id, "offline")


async def test_a_bus_that_was_away_leaves_no_client_behind(
    nats: NatsServer, two: tuple[Served, Served]
) -> None:
    one, other = two
    async with people_on(one.address, "Ann", "Ben") as (ann, ben):
        conversation = await ann.talk_to(ben)
        here, elsewhere = await ann.connect(), at(other, ben)
        there = await elsewhere.connect()
        await here.say(conversation, "before")
        await there.next("message")
        nats.stop()
        await here.say(conversation, "meanwhile")
        await asyncio.sleep(1)
        assert len(there.of("message")) == 1
        assert await readiness(one) == ("degraded", "unavailable")
        nats.start()
        await there.next("behind")
        page = await elsewhere.get(f"/conversations/{conversation}/messages", limit=10)
        assert [one["body"] for one in page["messages"]][-1] == "meanwhile"
        await here.say(conversation, "after")
        await until(lambda: "after" in [e["message"]["body"] for e in there.of("message")])
        assert await readiness(one) == ("ok", "ok")
        await elsewhere.close()


async def readiness(served: Served) -> tuple[str, str]:
    """Return how a process says it is, and its way to the bus."""
    async with httpx.AsyncClient(base_url=served.address) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 200, answer.text  # it serves on
    told = answer.json()
    return told["status"], told["parts"]["bus"]


async def test_administrators_see_who_is_online_at_whichever_process(
    two: tuple[Served, Served],
) -> None:
    one, other = two
    async with people_on(one.address, "Ann", "Ben") as (ann, ben):
        elsewhere = at(other, ben)
        watching = await ann.connect()
        await ann.get("/administration/people")
        await elsewhere.connect()
        assert (await watching.next("administration", topic="people"))["topic"] == "people"
        async with asyncio.timeout(60):
            while True:
                shown = (await ann.get("/administration/people"))["people"]
                if all(person["online"] for person in shown):
                    break
                await asyncio.sleep(0.05)
        assert len(shown) == 2
        await elsewhere.close()
