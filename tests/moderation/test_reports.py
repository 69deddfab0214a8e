"""Reports: who is kept from them, and how much of a conversation they show."""

import pytest

from tests.bots.programs import bot_of
from tests.product.groups import found
from tests.product.people import PASSWORD, Person

pytestmark = pytest.mark.own_product

Cast = tuple[Person, Person, Person]


async def report(reporter: Person, reported: Person, **message: object) -> None:
    """Report someone, or a message of theirs."""
    await reporter.post(f"/users/{reported.id}/reports", {"reason": "abuse", **message}, 202)


async def sign_in(person: Person) -> None:
    """Sign in again, after a change that ended all sessions."""
    given = {"email": person.email, "password": PASSWORD, "bearer": True}
    answer = await person.http.post("/sessions", json=given)
    person.http.headers["Authorization"] = f"Bearer {answer.json()['token']}"


async def test_a_reported_moderator_does_not_learn_of_it(cast: Cast) -> None:
    ada, ben, oscar = cast
    await oscar.talk_to(ben)
    await ada.put(f"/administration/people/{ben.id}/role", {"role": "moderator"})
    await sign_in(ben)
    await report(oscar, ben)
    [one] = (await ada.get("/administration/reports"))["reports"]
    path = f"/administration/reports/{one['id']}"
    listed = await ben.get("/administration/reports")
    assert (listed["reports"], listed["open"]) == ([], 0)
    await ben.get(path, 404)
    decision = {"decision": "dismiss", "reason": "I did nothing."}
    await ben.post(f"{path}/decision", decision, 404)
    await ada.post(f"{path}/decision", decision, 204)
    assert (await ben.get("/administration/reports", decided=True))["reports"] == []


async def test_a_report_shows_nothing_that_its_reporter_does_not_see(cast: Cast) -> None:
    ada, ben, oscar = cast
    group = await found(ben, ada)
    await ben.patch(f"/conversations/{group}", {"history": "joined"})
    for body in ("before Oscar", "came"):
        await ben.say(group, body)
    await ben.befriend(oscar)
    await ben.post(f"/conversations/{group}/members", {"user": oscar.id})
    hidden = await ben.say(group, "hidden by Oscar")
    await oscar.post(f"/conversations/{group}/hidden", {"seqs": [hidden["seq"]]}, 200)
    await ben.say(group, "welcome")
    insult = await ben.say(group, "go away")
    await ben.say(group, "now")
    await report(oscar, ben, conversation=group, seq=insult["seq"])
    [one] = (await ada.get("/administration/reports"))["reports"]
    shown = (await ada.get(f"/administration/reports/{one['id']}"))["messages"]
    assert [message["body"] for message in shown] == ["welcome", "go away", "now"]
    assert [message["reported"] for message in shown] == [False, True, False]
    await oscar.put(f"/conversations/{group}/cleared", {"seq": insult["seq"] + 1}, 200)
    shown = (await ada.get(f"/administration/reports/{one['id']}"))["messages"]
    assert [message["body"] for message in shown] == ["go away"]


async def test_a_report_shows_the_buttons_of_a_bot(cast: Cast) -> None:
    ada, ben, oscar = cast
    group = await found(ben, oscar)
    async with bot_of(ben) as bot:
        await ben.post(f"/conversations/{group}/members", {"user": bot.id})
        actions = [[{"id": "win", "label": "You won", "url": "https://casino.example.org/"}]]
        await ben.say(group, "Welcome")
        offer = await bot.say(group, "Look!", actions=actions)
        about = {"reason": "spam", "conversation": group, "seq": offer["seq"]}
        await oscar.post(f"/users/{bot.id}/reports", about, 202)
    [one] = (await ada.get("/administration/reports"))["reports"]
    shown = (await ada.get(f"/administration/reports/{one['id']}"))["messages"]
    assert [one.get("actions") for one in shown[-2:]] == [None, actions]
