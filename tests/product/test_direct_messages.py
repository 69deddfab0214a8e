"""Two people talk: once stored, once delivered, in one order, to all their devices."""

import asyncio

import pytest

from tests.product.people import Person, Refused, new_key

Cast = tuple[Person, Person, Person]


async def test_a_message_reaches_all_devices_of_both_people_and_no_one_else(cast: Cast) -> None:
    ada, ben, outsider = cast
    conversation = await ada.talk_to(ben)
    phone, laptop = await ada.connect(), await ada.connect(transports=["polling"])
    other = await ben.connect()
    stranger = await outsider.connect()
    message = await phone.say(conversation, "Hello *Ben*")
    for device in (phone, laptop, other):
        event = await device.next("message", conversation=conversation)
        assert event == {"conversation": conversation, "version": 2, "message": message}
    await ben.say(conversation, "and back")
    await phone.next("message", version=3)
    assert stranger.of("message") == []


async def test_rest_and_socket_give_the_same_message(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    socket = await ada.connect()
    over_socket = await socket.say(conversation, "one")
    over_rest = await ada.say(conversation, "two")
    assert over_socket.keys() == over_rest.keys()
    page = await ben.get(f"/conversations/{conversation}/messages")
    assert page == {"messages": [over_socket, over_rest], "version": 3, "more": False}
    live = await (await ben.connect()).call("history", {"conversation": conversation})
    assert live == page


async def test_a_repeated_key_gets_the_first_answer_whatever_its_body(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    path, key = f"/conversations/{conversation}/messages", new_key()
    first = await ada.post(path, {"key": key, "body": "first"}, 201)
    again = await ada.post(path, {"key": key, "body": "changed"}, 200)
    assert again == first
    socket = await ada.connect()
    live = await socket.call("post", {"conversation": conversation, "key": key, "body": ""})
    assert live == first
    assert (await ben.get(path))["messages"] == [first["message"]]


async def test_a_repeat_gets_the_first_answer_when_it_would_be_refused_by_now(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    path, key = f"/conversations/{conversation}/messages", new_key()
    first = await ada.post(path, {"key": key, "body": "first"}, 201)
    await ben.put(f"/blocks/{ada.id}")
    again = {"key": key, "body": "first"}
    assert await ada.post(path, again, 200) == first
    assert await ada.post(path, again | {"reply_to": 99}, 200) == first
    refused = await ada.post(path, again | {"key": new_key()}, 403)
    assert refused["code"] == "forbidden"


async def test_ten_parallel_sends_of_one_key_make_one_message(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    path, key = f"/conversations/{conversation}/messages", new_key()
    answers = await asyncio.gather(
        *(ada.http.post(path, json={"key": key, "body": "once"}) for _ in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert len((await ben.get(path))["messages"]) == 1


async def test_numbers_rise_by_one_under_many_writers(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    one, other = await ada.connect(), await ben.connect()
    await asyncio.gather(
        *(
            socket.call(
                "post", {"conversation": conversation, "key": new_key(), "body": str(number)}
            )
            for number in range(40)
            for socket in (one, other)
        )
    )
    page = await ada.get(f"/conversations/{conversation}/messages", limit=100)
    assert [message["seq"] for message in page["messages"]] == list(range(2, 82))
    await one.next("message", version=81)
    assert [event["version"] for event in one.of("message")] == list(range(2, 82))


async def test_history_comes_in_pages_in_both_directions(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    seqs = [(await ada.say(conversation, str(number)))["seq"] for number in range(12)]
    path = f"/conversations/{conversation}/messages"

    async def page(**where: int) -> tuple[list[int], bool]:
        found = await ben.get(path, **where)
        return [message["seq"] for message in found["messages"]], found["more"]

    assert await page(limit=5) == (seqs[-5:], True)
    assert await page(before=seqs[7], limit=5) == (seqs[2:7], True)
    assert await page(before=seqs[2], limit=5) == (seqs[:2], False)
    assert await page(after=seqs[9], limit=5) == (seqs[10:], False)
    assert await page(after=0, limit=3) == (seqs[:3], True)
    assert await page(around=seqs[6], limit=5) == (seqs[4:9], True)
    assert await page(around=seqs[0], limit=5) == (seqs[:3], False)


async def test_unread_counts_follow_reading_on_every_device(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    phone, laptop = await ben.connect(), await ben.connect()
    sender = await ada.connect()
    seqs = [(await sender.say(conversation, str(number)))["seq"] for number in range(5)]

    async def unread(person: Person) -> int:
        found = await person.get(f"/conversations/{conversation}")
        count: int = found["conversation"]["unread"]
        return count

    assert (await unread(ben), await unread(ada)) == (5, 0)
    await phone.call("read", {"conversation": conversation, "seq": seqs[2]})
    own = await laptop.next("own", conversation=conversation)
    assert (own["unread"], own["read_seq"]) == (2, seqs[2])
    assert await sender.next("receipt", user=ben.id) == {
        "conversation": conversation,
        "user": ben.id,
        "read_seq": seqs[2],
    }
    await phone.call("read", {"conversation": conversation, "seq": seqs[0]})
    assert await unread(ben) == 2
    await ben.put(f"/conversations/{conversation}/read", {"seq": 10**9})
    assert await unread(ben) == 0
    assert sender.of("own") == []


async def test_an_outsider_learns_nothing_about_a_conversation(cast: Cast) -> None:
    ada, ben, outsider = cast
    conversation = await ada.talk_to(ben)
    await ada.say(conversation, "secret")
    socket = await outsider.connect()
    nowhere = "0" * 20
    for here in (conversation, nowhere):
        answers = [
            await outsider.get(f"/conversations/{here}", 404),
            await outsider.get(f"/conversations/{here}/members", 404),
            await outsider.get(f"/conversations/{here}/messages", 404),
            await outsider.post(
                f"/conversations/{here}/messages", {"key": new_key(), "body": "hi"}, 404
            ),
            await outsider.put(f"/conversations/{here}/read", {"seq": 1}, 404),
            await outsider.patch(f"/conversations/{here}", {"muted": True}, 404),
        ]
        assert {str(answer) for answer in answers} == {str(answers[0])}
        for call, argument in (
            ("post", {"conversation": here, "key": new_key(), "body": "hi"}),
            ("history", {"conversation": here}),
            ("read", {"conversation": here, "seq": 1}),
        ):
            with pytest.raises(Refused) as refused:
                await socket.call(call, argument)
            assert refused.value.code == "not_found"
    synced = await socket.call("sync", {"versions": {conversation: 1, nowhere: 1}})
    told = {"conversations": [], "gone": [conversation, nowhere], "more": False, "outdated": []}
    assert synced == told | {"epoch": synced["epoch"]}
    assert await outsider.get("/conversations") == {"conversations": []}


async def test_only_contacts_can_be_written_to(cast: Cast) -> None:
    ada, _, outsider = cast
    for person in (outsider.id, "0" * 20):
        answer = await ada.post("/conversations", {"kind": "direct", "user": person}, 404)
        assert answer["code"] == "not_found"


async def test_a_direct_conversation_exists_once_per_pair(cast: Cast) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    answers = await asyncio.gather(
        *(
            one.http.post("/conversations", json={"kind": "direct", "user": other.id})
            for one, other in [(ada, ben), (ben, ada)] * 5
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["conversation"]["id"] for answer in answers}) == 1


async def test_blocking_stops_messages_in_both_directions(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    await ben.put(f"/blocks/{ada.id}")
    for person in (ada, ben):
        refused = await person.post(
            f"/conversations/{conversation}/messages", {"key": new_key(), "body": "hi"}, 403
        )
        assert refused["code"] == "forbidden"
    await ben.delete(f"/blocks/{ada.id}")
    assert (await ada.say(conversation, "hi again"))["seq"] == 2


async def test_a_new_conversation_is_announced_with_its_members(cast: Cast) -> None:
    ada, ben, outsider = cast
    socket, stranger = await ben.connect(), await outsider.connect()
    conversation = await ada.talk_to(ben)
    event = await socket.next("conversation", conversation=conversation)
    assert event["kind"] == "direct"
    assert {member["user"]["name"] for member in event["members"]} == {"Ada Example", "Ben Example"}
    assert "email" not in str(event)
    assert stranger.of("conversation") == []


async def test_a_group_is_made_of_contacts_and_delivers_to_all(cast: Cast) -> None:
    ada, ben, outsider = cast
    await ada.befriend(ben)
    group = {"kind": "group", "title": "Garden", "members": [ben.id]}
    made = await ada.post("/conversations", group)
    conversation = made["conversation"]["id"]
    socket = await ben.connect()
    said = await ada.say(conversation, "Welcome")
    # The line about the beginning may still be on its way when Ben connects.
    event = await socket.next("message", version=said["version"])
    assert event["message"]["body"] == "Welcome"
    refused = {"kind": "group", "title": "Trap", "members": [ben.id, outsider.id]}
    await ada.post("/conversations", refused, 404)
    assert [one["title"] for one in (await ben.get("/conversations"))["conversations"]] == [
        "Garden"
    ]


async def test_that_a_longer_draft_is_on_a_device_is_told_to_the_others_of_the_person(
    cast: Cast,
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    path = f"/conversations/{conversation}"
    phone, other = await ada.connect(), await ben.connect()
    await ada.patch(path, {"draft": "short"})
    told = await ada.patch(path, {"draft": None, "longer_draft": True})
    assert (told["conversation"]["draft"], told["conversation"]["longer_draft"]) == (None, True)
    assert (await phone.next("own", longer_draft=True))["draft"] is None
    # What is typed on another device takes nothing away: the long one is still there.
    typed = await ada.patch(path, {"draft": "hi"})
    assert (typed["conversation"]["draft"], typed["conversation"]["longer_draft"]) == ("hi", True)
    synced = await phone.call("sync", {"versions": {}})
    assert [one["conversation"]["longer_draft"] for one in synced["conversations"]] == [True]
    await ada.patch(path, {"draft": None, "longer_draft": False})
    await phone.next("own", longer_draft=False, draft=None)
    assert other.of("own") == []
    assert (await ben.get(path))["conversation"]["longer_draft"] is False
    for wrong in (None, "yes", 1):
        refused = await ada.http.patch(path, json={"longer_draft": wrong})
        assert (refused.status_code, list(refused.json()["fields"])) == (400, ["longer_draft"])


async def test_of_a_longer_draft_nothing_is_left_after_leaving(cast: Cast) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    body = {"kind": "group", "title": "Bees", "members": [ben.id]}
    group = (await ada.post("/conversations", body))["conversation"]["id"]
    await ben.patch(f"/conversations/{group}", {"longer_draft": True})
    await ben.delete(f"/conversations/{group}/members/{ben.id}")
    await ada.post(f"/conversations/{group}/members", {"user": ben.id})
    shown = (await ben.get(f"/conversations/{group}"))["conversation"]
    assert shown["longer_draft"] is False


async def test_own_fields_are_kept_and_shown_to_no_one_else(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    socket, other = await ada.connect(), await ben.connect()
    changed = await ada.patch(
        f"/conversations/{conversation}", {"muted": True, "pinned": True, "draft": "half a tho"}
    )
    assert changed["conversation"]["draft"] == "half a tho"
    event = await socket.next("own", conversation=conversation)
    assert (event["muted"], event["pinned"], event["archived"]) == (True, True, False)
    seen = (await ben.get(f"/conversations/{conversation}"))["conversation"]
    assert (seen["muted"], seen["draft"]) == (False, None)
    await ben.say(conversation, "marker")
    await other.next("message")
    assert other.of("own") == []
