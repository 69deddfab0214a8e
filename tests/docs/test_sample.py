"""`echosphere sample` fills an empty instance, and only an empty one, as people would."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from quart.testing import QuartClient

from echosphere.app import create_app
from echosphere.commands.sample import ApiClient, sample
from echosphere.commands.sample_files import FILES
from echosphere.commands.sample_story import CONVERSATIONS, PASSWORD, PEOPLE
from echosphere.core.clock import DAY, HOUR
from echosphere.settings import Settings, load_settings

NOW = 1_800_000_000_000


def settings_in(folder: Path) -> Settings:
    return load_settings(
        {"ECHOSPHERE_DATA": str(folder), "ECHOSPHERE_PASSWORD_METHOD": "scrypt:1024:8:1"}
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An instance that the command has filled."""
    settings = settings_in(tmp_path_factory.mktemp("sample"))
    assert sample(settings, lambda: NOW) == 0
    return settings


def ask(settings: Settings, person: str, *paths: str) -> list[Any]:
    """Sign in as one of the team and fetch what is there."""

    async def run() -> list[Any]:
        application = create_app(settings, lambda: NOW)
        await application.start()
        try:
            door = await ApiClient(QuartClient(application.web)).sign_in(PEOPLE[person].email)
            return [await door.call("GET", path) for path in paths]
        finally:
            await application.stop()

    return asyncio.run(run())


def test_everyone_can_sign_in_with_the_printed_password(filled: Settings) -> None:
    for person in PEOPLE:
        [me] = ask(filled, person, "/me")
        assert me["user"]["name"] == PEOPLE[person].name
    [me] = ask(filled, "mira", "/me")
    assert me["user"]["role"] == "owner"


def test_the_command_prints_who_is_there_and_the_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample(settings_in(tmp_path), lambda: NOW)
    printed = capsys.readouterr().out
    assert PASSWORD in printed
    assert all(person.email in printed for person in PEOPLE.values())


def test_every_line_of_the_story_is_there_in_its_order_and_at_its_time(filled: Settings) -> None:
    [listed] = ask(filled, "mira", "/conversations")
    found = listed["conversations"]
    mine = [talk for talk in CONVERSATIONS if "mira" in talk.members]
    assert len(found) == len(mine)
    pages = ask(
        filled, "mira", *(f"/conversations/{one['id']}/messages?limit=100" for one in found)
    )
    said = {
        tuple(one["body"] for one in page["messages"] if one["system"] is None) for page in pages
    }
    assert said == {tuple(line.text for line in talk.messages) for talk in mine}
    for page in pages:
        times = [message["created_at"] for message in page["messages"]]
        assert times == sorted(times)
        assert NOW - 8 * DAY < times[0] < NOW - DAY
        assert times[-1] < NOW


def test_unread_numbers_are_those_of_the_story(filled: Settings) -> None:
    for person in ("mira", "kofi", "tomas"):
        [listed] = ask(filled, person, "/conversations")
        expected = sorted(
            talk.unread.get(person, 0) for talk in CONVERSATIONS if person in talk.members
        )
        assert sorted(one["unread"] for one in listed["conversations"]) == expected
        assert any(expected)


def test_pictures_and_documents_have_previews(filled: Settings) -> None:
    [listed] = ask(filled, "mira", "/conversations")
    pages = ask(
        filled,
        "mira",
        *(f"/conversations/{one['id']}/messages?limit=100" for one in listed["conversations"]),
    )
    files = {
        file["name"]: file
        for page in pages
        for message in page["messages"]
        for file in message["attachments"]
    }
    assert files.keys() == FILES.keys()
    previewed = {name for name, file in files.items() if file["thumbnail_url"]}
    assert previewed == FILES.keys() - {"spare-parts.csv", "voice-message.wav"}
    assert files["notes-planning-evening.pdf"]["type"] == "application/pdf"
    assert files["voice-message.wav"]["waveform"]


def test_people_have_faces_and_the_story_was_reacted_to(filled: Settings) -> None:
    me, listed = ask(filled, "mira", "/me", "/conversations")
    assert me["user"]["avatar_url"]
    assert me["user"]["status"]["text"] == "Counting chairs"
    [cafe] = [one for one in listed["conversations"] if one["title"] == "Repair café"]
    [page] = ask(filled, "mira", f"/conversations/{cafe['id']}/messages?limit=100")
    reacted = [one for one in page["messages"] if one["reactions"]]
    assert len(reacted) > 5
    assert [one for one in page["messages"] if one["pinned"]]
    assert [one for one in page["messages"] if one["edited_at"]]


def test_one_request_waits_and_a_draft_and_a_pin_are_kept(filled: Settings) -> None:
    requests, contacts, listed = ask(
        filled, "mira", "/contacts/requests", "/contacts", "/conversations"
    )
    assert [one["user"]["name"] for one in requests["requests"]] == ["Noor Haddad"]
    assert len(contacts["contacts"]) == 5
    assert [one["title"] for one in listed["conversations"] if one["pinned"]] == ["Repair café"]
    assert [one["draft"] for one in listed["conversations"] if one["draft"]]


def test_the_sample_leaves_no_session_behind(filled: Settings) -> None:
    [found] = ask(filled, "jonas", "/sessions")
    assert found["sessions"]
    assert all(one["created_at"] >= NOW for one in found["sessions"])


def test_an_instance_with_people_is_refused_and_stays_as_it_is(filled: Settings) -> None:
    before = ask(filled, "kofi", "/conversations")
    with pytest.raises(RuntimeError, match="needs an empty one"):
        sample(filled, lambda: NOW)
    assert ask(filled, "kofi", "/conversations") == before


def test_the_lines_of_a_talk_stay_in_their_order_at_any_hour() -> None:
    for hour in range(24):
        now = NOW + hour * HOUR
        for talk in CONVERSATIONS:
            times = [line.at.before(now) for line in talk.messages]
            assert times == sorted(times)
