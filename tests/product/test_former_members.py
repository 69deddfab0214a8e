"""Former members of a group: what the others still see of them, and what they see of the others."""

from typing import Any

from tests.product.groups import found
from tests.product.people import Person, people_on

ABOUT = "Grows beans"


async def member_of(viewer: Person, group: str, person: Person) -> dict[str, Any]:
    """Return someone's part in a group as one of its members sees it."""
    everybody = (await viewer.get(f"/conversations/{group}/members"))["members"]
    member: dict[str, Any] = next(one for one in everybody if one["user"]["id"] == person.id)
    return member


async def test_who_left_is_seen_by_their_face_unless_there_is_more_between_the_two(
    server: str,
) -> None:
    """Carl is a contact of Ada's and of no one else's."""
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        group = await found(ada, ben, carl)
        await carl.patch("/me", {"about": ABOUT, "status": {"text": ABOUT}})
        assert (await member_of(ben, group, carl))["user"]["about"] == ABOUT
        contact, fellow = await ada.connect(), await ben.connect()
        await carl.delete(f"/conversations/{group}/members/{carl.id}")
        told = [(await one.next("member"))["member"] for one in (contact, fellow)]
        assert [one["left"] for one in told] == [True, True]
        assert [one["user"]["about"] for one in told] == [ABOUT, ""]
        assert ABOUT not in str(fellow.events)
        for viewer, about in ((ada, ABOUT), (ben, "")):
            assert (await member_of(viewer, group, carl))["user"]["about"] == about
            synced = await viewer.post("/sync", {"versions": {group: 1}}, 200)
            assert (ABOUT in str(synced)) is (about == ABOUT)
        # Ben sees what Carl is called now, beside what he said; he is not told when it changes.
        await carl.patch("/me", {"name": "Carlo", "about": f"{ABOUT} again"})
        await contact.next("user")
        end = await ada.say(group, "the end")
        await fellow.next("message", version=end["version"])
        assert fellow.of("user") == []
        shown = (await member_of(ben, group, carl))["user"]
        assert (shown["name"], shown["about"], shown["status"]) == ("Carlo", "", None)
        await ben.get(f"/users/{carl.id}", 404)
        assert (await ben.get("/presence", users=carl.id))["presence"] == []
        # Another conversation in which both are shows all of it again.
        await found(ada, ben, carl, title="Kitchen")
        assert (await member_of(ben, group, carl))["user"]["about"] == f"{ABOUT} again"


async def test_who_comes_back_sees_those_who_left_by_their_faces(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        group = await found(ada, ben, carl)
        await carl.patch("/me", {"about": ABOUT})
        for person in (carl, ben):
            await ada.delete(f"/conversations/{group}/members/{person.id}")
        assert (await ben.http.get(f"/conversations/{group}/members")).status_code == 404
        back = await ben.connect()
        await ada.post(f"/conversations/{group}/members", {"user": ben.id})
        welcome = await back.next("conversation", conversation=group)
        assert {one["user"]["name"] for one in welcome["members"]} == {"Ada", "Ben", "Carl"}
        assert ABOUT not in str(welcome)
