"""The list of mutations fits the source: each check occurs once, and each attack exists."""

import re
from pathlib import Path

import pytest

from tests.attacks.mutating import chosen_of
from tests.attacks.mutations import MUTATIONS, Mutation
from tests.house.repository import ROOT

HERE = Path(__file__).parent


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_each_check_stands_where_it_is_switched_off(mutation: Mutation) -> None:
    source = (ROOT / mutation.file).read_text()
    assert source.count(mutation.old) == 1, "the source has changed: change the mutation, too"
    assert mutation.old != mutation.new


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_each_attack_exists(mutation: Mutation) -> None:
    assert mutation.attacks
    for attack in mutation.attacks:
        file, _, rest = attack.partition("::")
        name = rest.partition("[")[0]
        assert re.search(rf"def {name}\(", (HERE / file).read_text()), attack


def test_some_can_be_chosen_by_a_part_of_their_name_their_file_or_their_attack() -> None:
    assert chosen_of([]) == list(MUTATIONS)
    by_file = chosen_of(["endpoints/targets.py"])
    assert {one.file for one in by_file} == {"src/echosphere/endpoints/targets.py"}
    by_name = chosen_of(["takes keys after their end"])
    assert len(by_name) == 1
    by_attack = chosen_of(["test_keys.py"])
    assert by_name[0] in by_attack
    assert set(chosen_of(["endpoints/targets.py", "test_keys.py"])) == {*by_file, *by_attack}
    assert chosen_of(["no such text"]) == []


def test_there_are_enough_and_none_is_there_twice() -> None:
    names = [mutation.name for mutation in MUTATIONS]
    assert len(set(names)) == len(names) >= 40
