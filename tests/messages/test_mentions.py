"""Who is named with `@`: found by the server, at posting and at editing."""

import unicodedata

import pytest

from echosphere.messages import mentions
from echosphere.messages.mentions import parse_mentions, user_ids_by_name
from tests.product.changing import Rest, group_of
from tests.product.people import Person, people_on

Cast = tuple[Person, Person, Person]
PEOPLE = {
    "ada": "Ada Example",
    "love": "Ada Lovelace Example",
    "ben": "Ben Müller",
    "kim": "Ben Kim",
    "tanaka": "田中",
    "twin": "Eva Twin",
    "twain": "Eva Twin",
    "solo": "Cora",
    "emile": "Émile",
}


def found(body: str) -> list[tuple[frozenset[str], bool]]:
    names = dict.fromkeys(mentions.ALL_NAMES, frozenset[str]()) | user_ids_by_name(PEOPLE)
    known = parse_mentions(body, names)
    return [(known.user_ids, known.all_members)]


@pytest.mark.parametrize(
    ("body", "people"),
    [
        ("@Ada Example, hello", {"ada"}),
        ("@ada lovelace EXAMPLE", {"love"}),
        ("@Ada", set()),  # two are called so
        ("@Cora's cake and @cora!", {"solo"}),
        ("@Corax", set()),
        ("(@Ben Kim) **@Ben Mu\u0308ller**", {"kim", "ben"}),
        ("\uff20Cora", set()),
        ("mail cora@cora.example", set()),
        ("a@田中", set()),
        ("こんにちは@田中さん", {"tanaka"}),
        ("@Eva Twin", {"twin", "twain"}),
        ("@", set()),
        ("@ Cora", set()),
        ("@@Cora", {"solo"}),
        ("@\uff23\uff4f\uff52\uff41", {"solo"}),
        ("@E\u0301mile and @\u00c9MILE", {"emile"}),
    ],
)
def test_names_are_found_whole_longest_first_and_however_they_are_spelt(
    body: str, people: set[str]
) -> None:
    assert found(body) == [(frozenset(people), False)]


@pytest.mark.parametrize("body", ["@all", "Hello @Everyone!", "@ALLE: lunch", "@all @Cora"])
def test_everyone_has_three_names(body: str) -> None:
    assert found(body)[0][1] is True


@pytest.mark.parametrize("body", ["@allons", "mail@all", "all", "@al"])
def test_everyone_is_not_meant_by_other_words(body: str) -> None:
    assert found(body) == [(frozenset(), False)]


def test_a_text_full_of_signs_is_looked_at_only_so_far() -> None:
    # Behind each of these signs, nothing ends where a name could.
    sign = f"@{'c' * mentions.MAX_NAME} "
    within = sign * (mentions.MAX_ATTEMPTS - 1)
    assert found(f"{within}@Cora") == [(frozenset({"solo"}), False)]
    assert found(f"{within}{sign}@Cora") == [(frozenset(), False)]


def test_a_text_full_of_possible_names_is_compared_only_so_far() -> None:
    # One name is as long as names may be. Behind each sign are ninety places where it could end, and
    # with marks apart from their letters each beginning is folded by itself.
    names = {"cora": frozenset({"solo"}), "c" * 80: frozenset({"long"})}
    affordable = 2 * mentions.MAX_FOLDED // mentions.MAX_NAME**2
    assert affordable < mentions.MAX_ATTEMPTS // 2
    sign = "@C" + "か\u3099" * mentions.MAX_NAME + " "
    for signs, people in ((affordable // 2, {"solo"}), (mentions.MAX_ATTEMPTS - 1, set())):
        assert mentions.parse_mentions(f"{sign * signs} @Cora", names).user_ids == people


KANJI = "一二三四五六七八"
GREAT = [f"山田{one}{other}" for one in KANJI for other in KANJI][:50]


@pytest.mark.parametrize("long_name", ["", "山" * 80], ids=["short names", "one long name"])
def test_fifty_people_are_mentioned_in_a_script_without_spaces(
    monkeypatch: pytest.MonkeyPatch, long_name: str
) -> None:
    """Behind each `@` a name could end at every character; no more than twelve were found."""
    folded = 0
    fold = mentions.fold

    def counting(text: str) -> str:
        nonlocal folded
        folded += len(text)
        return fold(text)

    monkeypatch.setattr(mentions, "fold", counting)
    people = dict(zip(map(str, range(50)), GREAT, strict=True)) | {"long": long_name or GREAT[0]}
    names = mentions.user_ids_by_name(people)
    folded = 0
    body = "".join(f"@{name}さんと昨日お会いしたことをお伝えします、" for name in GREAT)
    wanted = set(people) - ({"long"} if long_name else set())
    assert mentions.parse_mentions(body, names).user_ids == wanted
    assert folded <= len(GREAT) * 2 * (mentions.MAX_NAME + 4)


def test_names_with_their_marks_apart_are_found_in_a_script_without_spaces() -> None:
    names = mentions.user_ids_by_name({str(at): f"がざだば{name}" for at, name in enumerate(GREAT)})
    body = unicodedata.normalize("NFD", "".join(f"@がざだば{name}さんと" for name in GREAT))
    assert len(mentions.parse_mentions(body, names).user_ids) == len(GREAT)


async def test_mentions_follow_the_words_through_posting_and_editing(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await group_of(ada, ben)
    device = await ben.connect()
    said = await ada.say(here, "@ben example and @Oscar Outsider, see @all")
    assert said["mentions"] == [
        {"user": ben.id, "text": "ben example"},
        {"user": None, "text": "all"},
    ]
    assert await _counts(ben, here) == (1, 1)
    edited = await Rest(ada).edit(here, said["seq"], "never mind")
    assert edited["mentions"] == []
    assert await _counts(ben, here) == (1, 0)
    own = await device.next("own", mentions=0)
    assert (own["version"], own["unread"]) == (edited["version"], 1)
    await Rest(ada).edit(here, said["seq"], "after all: @Ben")
    assert await _counts(ben, here) == (1, 1)
    own = await device.next("own", mentions=1)
    assert own["unread"] == 1
    assert await _counts(ada, here) == (0, 0)


async def test_everyone_is_called_in_a_large_group_only_by_those_who_run_it(
    cast: Cast, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentions, "MAX_MEMBERS_FOR_ALL_MENTION", 2)
    ada, ben, _ = cast
    small = await group_of(ada, ben)
    assert (await ben.say(small, "@all"))["mentions"] == [{"user": None, "text": "all"}]
    async with people_on(server, "Cora") as (cora,):
        large = await group_of(ada, ben, cora)
        assert (await ben.say(large, "@all"))["mentions"] == []
        assert (await ada.say(large, "@all"))["mentions"] == [{"user": None, "text": "all"}]
        assert await _counts(cora, large) == (2, 1)


async def _counts(person: Person, conversation: str) -> tuple[int, int]:
    found = (await person.get(f"/conversations/{conversation}"))["conversation"]
    return found["unread"], found["mentions"]
