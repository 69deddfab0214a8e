"""What bots send takes their owner's storage: twenty bots are not twenty quotas."""

from typing import Any

import pytest

from tests.bots.programs import Bot, bot_of, let_in
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import new_key
from tests.product.test_own_storage import KIB, places, storage_of
from tests.product.test_quota import MIB, PER_PERSON, with_rate_limit


async def uploaded(bot: Bot, size: int, expected: int = 201) -> dict[str, Any]:
    """Upload a file as a bot; return what it is told."""
    answer = await bot.http.post("/attachments", files={"file": ("a.bin", bytes(size))})
    assert answer.status_code == expected, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def sent(bot: Bot, group: Group, size: int) -> int:
    """Send a file as a bot; return the number of its message."""
    file = (await uploaded(bot, size))["attachment"]["id"]
    return int((await bot.say(group.id, "", attachments=[file]))["seq"])


@with_rate_limit(PER_PERSON)
async def test_bots_and_their_owner_have_one_quota(server: str) -> None:
    async with (
        group_on(server) as group,
        bot_of(group.member) as echo,
        bot_of(group.member, "Other") as other,
        bot_of(group.admin, "Third") as third,
    ):
        for bot in (echo, third):
            await let_in(group, bot)
        seq = await sent(echo, group, MIB + MIB // 2)
        refused = await uploaded(other, MIB, 507)
        assert refused["code"] == "quota"
        assert refused["detail"] == (
            "The person who created this program can use up to 2 MiB for files here, "
            "including the program's. They must delete some first."
        )
        german = await other.http.post(
            "/attachments",
            files={"file": ("a.bin", bytes(MIB))},
            headers={"Accept-Language": "de"},
        )
        assert german.json()["detail"].endswith("2 MiB belegen. Sie muss einige löschen.")
        files = {"file": ("a.bin", bytes(MIB))}
        own = await group.member.http.post("/attachments", files=files)
        assert own.json()["detail"].startswith("Your files can use up to 2 MiB here.")
        await uploaded(third, MIB)  # of somebody else
        await group.owner.delete(group.path(f"/messages/{seq}"), 200)
        await uploaded(other, MIB)


@pytest.mark.own_product
async def test_the_owner_and_administrators_see_what_bots_take(server: str) -> None:
    async with group_on(server) as group, bot_of(group.member) as bot:
        await let_in(group, bot)
        seq = await sent(bot, group, 5 * KIB)
        to = {"to": [{"conversation": group.id, "key": new_key()}]}
        await bot.http.post(f"/conversations/{group.id}/messages/{seq}/forward", json=to)
        await group.member.upload("mine.txt", b"x" * KIB)
        shown = await storage_of(group.member)
        assert (shown["used"], shown["by_programs"]) == (6 * KIB, 5 * KIB)
        assert len(places(shown)) == 1
        assert (await storage_of(group.owner))["used"] == 0
        listed = (await group.owner.get("/administration/storage"))["people"]
        taking = {one["id"]: (one["used"], one["by_programs"]) for one in listed if one["used"]}
        assert taking == {group.member.id: (6 * KIB, 5 * KIB)}
        person = await group.owner.get(f"/administration/people/{group.member.id}")
        assert person["person"]["used"] == 6 * KIB


@on_one_database
async def test_a_deleted_bot_gives_no_room_back_while_its_messages_stay(server: str) -> None:
    async with group_on(server) as group, bot_of(group.member) as bot:
        await let_in(group, bot)
        seq = await sent(bot, group, KIB)
        await group.member.delete(f"/bots/{bot.id}")
        assert (await storage_of(group.member))["by_programs"] == KIB
        await group.owner.delete(group.path(f"/messages/{seq}"), 200)
        assert (await storage_of(group.member))["used"] == 0
