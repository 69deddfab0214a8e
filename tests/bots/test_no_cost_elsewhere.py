"""Where no bot is a member, posting asks nothing about bots and writes nothing for them."""

import re

from tests.bots.programs import bot_of, let_in
from tests.product.conftest import Running
from tests.product.groups import group_on
from tests.product.statements import noted_statements

ABOUT_BOTS = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE) \"?(?:bots|bot_events|addressed_messages)\b")


async def test_posting_costs_no_further_statement_without_bots(running: Running) -> None:
    with noted_statements() as statements:
        base = await running.start()
        async with group_on(base) as group, bot_of(group.member) as bot:
            await group.member.say(group.id, "so that everything is loaded")
            await statements.settled()
            statements.clear()
            await group.member.say(group.id, "Hello @Ben")
            found = await statements.settled()
            assert found
            assert [one for one in found if ABOUT_BOTS.search(one)] == []
            await let_in(group, bot)
            await statements.settled()
            statements.clear()
            await group.member.say(group.id, "Hello @Echo")
            found = await statements.settled()
            assert [one for one in found if ABOUT_BOTS.search(one)]
