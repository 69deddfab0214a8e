"""Two server processes on one PostgreSQL do the same at the same time: neither fails, both agree."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Barrier
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, bindparam, func, insert, select, update

from echosphere.accounts import OPERATOR, change_setting, get_own_user
from echosphere.accounts.opening import open_session
from echosphere.accounts.register import create_user, new_account
from echosphere.accounts.session import Device
from echosphere.accounts.store import sessions_of
from echosphere.announcements.announce import CreateAnnouncement
from echosphere.announcements.announcement import MAX_CURRENT, Words
from echosphere.contacts.answer_request import AnswerRequest
from echosphere.contacts.block import ACQUAINTANCE_OF, AcquaintanceOf, BlockUser
from echosphere.contacts.list import list_contacts, list_requests
from echosphere.contacts.send_request import SendRequestByEmail
from echosphere.conversations import start_direct, start_group
from echosphere.core.caller import Caller
from echosphere.core.clock import system_clock
from echosphere.core.errors import Conflict, Gone, NotFound, Refusal, Unauthorized
from echosphere.core.ids import new_token, token_hash
from echosphere.database import (
    Command,
    Created,
    Creation,
    Database,
    Prepared,
    Provided,
    Transaction,
    TransactionContext,
    dialect_for,
    jobs,
    once,
)
from echosphere.importing import LinkPlaceholder
from echosphere.importing import Person as ImportedPerson
from echosphere.importing.people import IdentifyPeople
from echosphere.memberships.groups.add import AddContactToGroup
from echosphere.memberships.groups.change import ChangeConversation, SharedChanges
from echosphere.memberships.groups.leave import RemoveMember
from echosphere.memberships.invites.group_invites import CreateGroupInvite
from echosphere.memberships.invites.invite import InviteTerms, NewInvite
from echosphere.memberships.invites.join import join_group
from echosphere.memberships.receipts.deliver import MarkDelivered
from echosphere.memberships.receipts.read import MarkRead
from echosphere.messages import PostMessage
from echosphere.messages.hide import HideMessages
from echosphere.messages.pin import PinMessage
from echosphere.messages.react import SetReaction
from echosphere.messages.save import SaveMessage, saved_page
from echosphere.notifications.subscribe import AddSubscription
from echosphere.notifications.wire import PushKeys, Subscribe
from echosphere.profiles import acquaintance_of, no_directory

TIMEOUT = 30.0
KNOWN: AcquaintanceOf = partial(acquaintance_of, no_directory)
COUNT = Prepared(
    update(jobs).where(jobs.c.kind == bindparam("of_kind")).values(attempts=jobs.c.attempts + 1)
)
ADD = insert(jobs).values(payload="{}", run_at=0, attempts=0, created_at=0)


@dataclass
class TwoProcesses:
    """One process that is slow to commit, and one that wants something meanwhile."""

    url: str
    quick: Database
    slow: Connection
    waited: bool = False
    """Whether the second waited for the first."""
    provided: dict[Provided[Any], Any] = field(default_factory=lambda: {ACQUAINTANCE_OF: KNOWN})

    async def meet(
        self, use_case: Callable[..., Any], args: tuple[Any, ...], others: tuple[Any, ...]
    ) -> tuple[Any, Any]:
        """Run a use case in both; the second begins before the first has committed.

        A refusal of the second is returned like a result.
        """
        return await self.meet_write(
            lambda transaction: use_case(transaction, *args),
            lambda: self.quick.write(use_case, *others),
        )

    async def meet_commands(self, one: Command[Any], other: Command[Any]) -> tuple[Any, Any]:
        """Run a command in each, in the same way."""
        return await self.meet_write(one.run, lambda: self.quick.write(other))

    async def meet_write(
        self, run: Callable[[Transaction], Any], write: Callable[[], Awaitable[Any]]
    ) -> tuple[Any, Any]:
        """Run something in the slow process, and write something in the other, in the same way."""
        with self.slow.begin():
            context = TransactionContext(provided=self.provided)
            early = run(Transaction(self.slow, system_clock(), context=context))
            late = asyncio.ensure_future(write())
            await self._done_or_waiting(late)
            self.waited = not late.done()
        try:
            return early, await late
        except Refusal as refusal:
            return early, refusal

    async def _done_or_waiting(self, late: "asyncio.Future[Any]") -> None:
        async with asyncio.timeout(TIMEOUT):
            while not late.done() and not await asyncio.to_thread(self._somebody_waits):
                await asyncio.sleep(0.01)

    def _somebody_waits(self) -> bool:
        with psycopg.connect(self.url) as looking:
            waiting = looking.execute(
                "SELECT 1 FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return waiting.fetchone() is not None


@pytest.fixture
async def two(postgresql_url: str) -> AsyncIterator[TwoProcesses]:
    """Two processes on one database."""
    quick = Database(postgresql_url)
    quick.provide(ACQUAINTANCE_OF, KNOWN)
    await quick.start()
    engine = dialect_for(postgresql_url).writing_engine()
    with engine.connect() as slow:
        yield TwoProcesses(postgresql_url, quick, slow)
    await quick.stop()
    engine.dispose()


async def person(database: Database, name: str) -> str:
    email = f"{name.lower()}@example.org"
    account = new_account(email=email, name=name, password="kestrel-over-fjord", guessable=False)
    return (await database.write(create_user, account, "no hash")).id


def request(sender: str, email: str) -> SendRequestByEmail:
    return SendRequestByEmail(Creation(sender, "contacts", None), sender, email)


async def contacts(database: Database) -> tuple[str, str]:
    ada, ben = await person(database, "Ada"), await person(database, "Ben")
    await database.write(request(ada, "ben@example.org"))
    await database.write(request(ben, "ada@example.org"))
    return ada, ben


async def group(database: Database) -> tuple[str, str, str]:
    """Return Ada, Ben and a group of theirs."""
    ada, ben = await contacts(database)
    conversation = await database.write(start_group, ada, "Bees", [ben])
    return ada, ben, conversation


async def test_the_first_conversation_of_two_people_is_one(two: TwoProcesses) -> None:
    ada, ben = await contacts(two.quick)
    (one, new), (other, new_again) = await two.meet(start_direct, (ada, ben), (ben, ada))
    assert one == other
    assert (new, new_again) == (True, False)


async def test_an_address_is_registered_once(two: TwoProcesses) -> None:
    account = new_account(
        email="a@example.org", name="Ada", password="kestrel-over-fjord", guessable=False
    )
    _, refused = await two.meet(create_user, (account, "no hash"), (account, "no hash"))
    assert isinstance(refused, Conflict)


async def test_a_placeholder_is_given_to_the_first_of_two(two: TwoProcesses) -> None:
    ada, ben = await person(two.quick, "Ada"), await person(two.quick, "Ben")
    source = IdentifyPeople("slack:bees", [ImportedPerson(id="U1", name="Bea")])
    (bea,) = await two.quick.write(source)
    done, refused = await two.meet_commands(
        LinkPlaceholder(bea.user_id, ada, OPERATOR), LinkPlaceholder(bea.user_id, ben, OPERATOR)
    )
    assert two.waited
    assert done is None
    assert isinstance(refused, NotFound)
    assert (await two.quick.write(source))[0].user_id == ada


async def test_a_repeat_during_the_first_try_is_answered_like_it_and_not_refused(
    two: TwoProcesses,
) -> None:
    account = new_account(
        email="a@example.org", name="Ada", password="kestrel-over-fjord", guessable=False
    )

    def create(transaction: Transaction, key: str) -> Created:
        def make(transaction: Transaction) -> str:
            return create_user(transaction, account, "no hash").id

        return once(transaction, Creation("", "a test", key), make)

    first, repeated = await two.meet(create, ("a key",), ("a key",))
    assert two.waited
    assert (first.new, repeated) == (True, Created(first.id, new=False))
    with pytest.raises(Conflict):
        await two.quick.write(create, "another key")


async def test_a_request_is_asked_once_and_accepted_once(two: TwoProcesses) -> None:
    ada, ben = await person(two.quick, "Ada"), await person(two.quick, "Ben")
    await two.meet_commands(request(ada, "ben@example.org"), request(ada, "ben@example.org"))
    [waiting] = await two.quick.read(list_requests, ben)
    answer = AnswerRequest(ben, waiting.id, accept=True)
    await two.meet_commands(answer, answer)
    assert await two.quick.read(list_requests, ben) == []
    assert [one.user.id for one in await two.quick.read(list_contacts, ada)] == [ben]


async def test_who_ask_each_other_can_become_contacts(two: TwoProcesses) -> None:
    ada, ben = await person(two.quick, "Ada"), await person(two.quick, "Ben")
    await two.meet_commands(request(ada, "ben@example.org"), request(ben, "ada@example.org"))
    [waiting] = await two.quick.read(list_requests, ben)
    await two.quick.write(AnswerRequest(ben, waiting.id, accept=True))
    assert await two.quick.read(list_requests, ada) == []


async def test_a_block_is_set_once(two: TwoProcesses) -> None:
    ada, ben = await contacts(two.quick)
    await two.quick.write(start_direct, ada, ben)  # without it a block leaves nothing of the two
    for block in (BlockUser(ada, ben), BlockUser(ben, ada)):
        assert await two.meet_commands(block, block) == (None, None)


async def test_a_person_enters_a_group_once_and_leaves_it_once(two: TwoProcesses) -> None:
    ada, ben, conversation = await group(two.quick)
    removing = RemoveMember(ada, conversation, ben)
    _, refused = await two.meet_commands(removing, removing)
    assert isinstance(refused, Refusal)
    adding = AddContactToGroup(ada, conversation, ben)
    one, other = await two.meet_commands(adding, adding)
    assert (one.new, other.new) == (True, False)


async def test_the_last_place_of_an_invite_is_taken_once(two: TwoProcesses) -> None:
    ada, _, conversation = await group(two.quick)
    cleo, dora = await person(two.quick, "Cleo"), await person(two.quick, "Dora")
    token = new_token()
    await two.quick.write(
        CreateGroupInvite(
            Creation(ada, "invites", None),
            inviter=ada,
            conversation=conversation,
            terms=InviteTerms(max_uses=1),
            new=NewInvite("invite", token_hash(token)),
        )
    )
    (_, new), refused = await two.meet(
        join_group, (cleo, token, conversation), (dora, token, conversation)
    )
    assert new
    assert isinstance(refused, Gone)


async def test_what_is_done_with_a_message_is_done_once(two: TwoProcesses) -> None:
    ada, ben, conversation = await group(two.quick)
    draft = PostMessage(conversation, ada, "key-00000001", "Hello")
    posted, again = await two.meet_commands(draft, draft)
    seq = posted.message.seq
    assert (again.message.seq, again.new) == (seq, False)
    reaction = SetReaction(conversation, seq, ben, "👍", on=True)
    one, other = await two.meet_commands(reaction, reaction)
    assert (one.new, other.new) == (True, False)
    here = (conversation, seq)
    pins = (PinMessage(*here, user, on=True) for user in (ada, ben))
    one, other = await two.meet_commands(*pins)
    assert (one.new, other.new) == (True, False)
    saving = SaveMessage(ben, *here, on=True)
    assert await two.meet_commands(saving, saving) == (None, None)
    hiding = HideMessages(ben, conversation, [seq])
    one, other = await two.meet_commands(hiding, hiding)
    assert one == other


async def test_what_one_person_saves_and_hides_comes_one_after_the_other(
    two: TwoProcesses,
) -> None:
    ada, ben, one = await group(two.quick)
    other, _ = await two.quick.write(start_direct, ada, ben)
    for place in (one, other):
        await two.quick.write(PostMessage(place, ada, "key-00000001", "Hello"))
    await two.meet_commands(SaveMessage(ben, one, 2, on=True), SaveMessage(ben, other, 2, on=True))
    assert two.waited
    page = await two.quick.read(saved_page, ben, 2**53, 10)
    assert [saved.message.conversation for saved in page.saved] == [other, one]
    after, later = await two.meet_commands(
        HideMessages(ben, one, [2]), HideMessages(ben, other, [2])
    )
    assert two.waited
    assert after < later


async def test_two_settings_that_are_changed_at_once_are_both_changed(two: TwoProcesses) -> None:
    ada = await person(two.quick, "Ada")
    await two.meet(change_one, (ada, "colours", "dark"), (ada, "language", "de"))
    assert (await two.quick.read(get_own_user, ada)).settings == {
        "colours": "dark",
        "language": "de",
    }


def change_one(transaction: Transaction, user: str, name: str, value: str) -> None:
    change_setting(transaction, user, name, value=value)


async def test_a_browser_subscribes_once(two: TwoProcesses) -> None:
    ada = await person(two.quick, "Ada")
    await two.quick.write(open_session, ada, Device("a browser", "192.0.2.1"))
    [session] = await two.quick.read(sessions_of, ada)
    caller = Caller(ada, session.id)
    wish = Subscribe("https://push.example.org/1", PushKeys("key", "auth"))
    subscribing = AddSubscription(caller, wish)
    one, other = await two.meet_commands(subscribing, subscribing)
    assert one != other


async def test_who_was_signed_out_meanwhile_cannot_subscribe(database: Database) -> None:
    ada = await person(database, "Ada")
    wish = Subscribe("https://push.example.org/1", PushKeys("key", "auth"))
    with pytest.raises(Unauthorized):
        await database.write(AddSubscription(Caller(ada, "ended"), wish))


@pytest.mark.parametrize(
    "move",
    [
        lambda user, here: MarkRead(user, here, 2).run,
        lambda user, here: MarkDelivered(user, here, 2).run,
        lambda user, here: ChangeConversation(user, here, SharedChanges(), {"draft": "…"}).run,
    ],
)
async def test_who_moves_a_position_holds_the_conversation(
    two: TwoProcesses, move: Callable[[str, str], Callable[[Transaction], None]]
) -> None:
    ada, ben, conversation = await group(two.quick)
    await two.quick.write(PostMessage(conversation, ada, "key-00000001", "Hello"))
    with two.slow.begin():
        move(ben, conversation)(Transaction(two.slow, system_clock()))
        with psycopg.connect(two.url) as other, pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(
                "SELECT id FROM conversations WHERE id = %s FOR UPDATE NOWAIT", [conversation]
            )


async def test_processes_that_wait_for_each_other_both_succeed(two: TwoProcesses) -> None:
    another = Database(two.url, shared=True)
    await another.start()
    for kind in ("one", "other"):
        await two.quick.write(
            lambda transaction, kind: transaction.execute(ADD.values(kind=kind)) and None, kind
        )
    both_hold = Barrier(2, timeout=TIMEOUT)
    begun: list[str] = []

    def count(transaction: Transaction, first: str, second: str) -> None:
        transaction.run(COUNT, of_kind=first)
        if first not in begun:  # later it is run again, alone
            begun.append(first)
            both_hold.wait()
        transaction.run(COUNT, of_kind=second)

    await asyncio.gather(
        two.quick.write(count, "one", "other"), another.write(count, "other", "one")
    )
    counted = await two.quick.read(
        lambda snapshot: list(snapshot.execute(select(jobs.c.attempts)).scalars())
    )
    assert counted == [2, 2]
    await another.stop()


async def test_who_is_overtaken_twice_comes_third(two: TwoProcesses) -> None:
    overtaken: list[int] = []

    def take_the_next_number(transaction: Transaction) -> int:
        last: int = transaction.execute(select(func.coalesce(func.max(jobs.c.id), 0))).scalar_one()
        if len(overtaken) < 2:
            overtaken.append(last + 1)
            with two.slow.begin():
                two.slow.execute(ADD.values(id=last + 1, kind="another's"))
        transaction.execute(ADD.values(id=last + 1, kind="ours"))
        return last + 1

    assert await two.quick.write(take_the_next_number) == 3
    assert overtaken == [1, 2]


async def test_two_announcements_at_once_do_not_go_beyond_the_limit(two: TwoProcesses) -> None:
    def announcing(number: int) -> CreateAnnouncement:
        words = Words("information", f"number {number}", None)
        creation = Creation(OPERATOR.user_id, "announcements", f"key {number}")
        return CreateAnnouncement(creation, OPERATOR, words, mails=False)

    for number in range(MAX_CURRENT - 1):
        await two.quick.write(announcing(number))
    early, late = await two.meet_commands(announcing(98), announcing(99))
    assert two.waited
    assert early.id
    assert isinstance(late, Conflict)
