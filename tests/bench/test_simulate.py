"""The simulation agrees with counting, where counting is possible."""

import json
import subprocess
import sys
from itertools import product

import pytest
from bench.server import ROOT
from bench.simulate import Behaviour, activity, load, predicted, storm, touched

from bench import simulate

PAIRS = Behaviour(1_000, 86.4, {2: 1.0}, 1, 1.0, {0: 1.0})


def test_sockets_are_at_as_many_processes_as_counting_all_cases_gives() -> None:
    processes, sockets = 3, 4
    cases = list(product(range(processes), repeat=sockets))
    assert touched(processes, sockets) == pytest.approx(
        sum(len(set(case)) for case in cases) / len(cases)
    )


def test_what_is_heard_in_vain_is_what_counting_all_cases_gives() -> None:
    processes, members = 3, 3
    cases = list(product(range(processes), repeat=members))
    vain = sum(processes - len(set(case)) for case in cases) / len(cases)
    group = Behaviour(1_000, 1, {members: 1.0}, 1, 1.0, {0: 1.0})
    assert load(group, processes, rate=1.0)["events_for_nobody_per_second"] == pytest.approx(vain)


def test_the_day_of_all_zones_has_the_mean_of_one_and_several_zones_are_flatter() -> None:
    one, several = activity({0: 1.0}), activity({0: 0.5, 12: 0.5})
    assert sum(one) / 24 == pytest.approx(1)
    assert sum(several) / 24 == pytest.approx(1)
    assert max(several) < max(one)
    moved = activity({3: 1.0})
    assert moved[0] == one[3]


def test_one_process_hears_no_one_and_more_processes_hear_more() -> None:
    alone, few, many = (load(PAIRS, processes) for processes in (1, 10, 100))
    assert alone["bus_share"] == alone["envelopes_heard_per_second"] == 0
    assert alone["posts_per_second"] == few["posts_per_second"] == many["posts_per_second"]
    assert alone["deliveries_per_second"] == pytest.approx(2 * alone["posts_per_second"])
    assert few["bus_share"] < many["bus_share"]
    assert many["cores_if_heard_where_wanted"] < many["cores_of_processes"]


def test_messages_that_share_a_commit_share_an_envelope() -> None:
    single, shared = load(PAIRS, 4, batch=1), load(PAIRS, 4, batch=5)
    assert shared["commits_per_second"] == pytest.approx(single["commits_per_second"] / 5)
    assert shared["envelopes_heard_per_second"] == pytest.approx(
        single["envelopes_heard_per_second"] / 5
    )


def test_a_storm_lasts_as_long_as_the_processes_need() -> None:
    calm, wild = (storm(PAIRS, 1, 1.0, seconds) for seconds in (60.0, 0.001))
    assert calm["seconds_until_all_are_back"] == 60
    assert wild["seconds_until_all_are_back"] > 0.001
    assert wild["connects_per_second"] > calm["connects_per_second"]


def test_a_small_case_is_what_was_measured() -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "bench", "cluster", "--processes", "2", "--pairs", "8"),
            *("--members", "4", "--messages", "20", "--seconds", "0.5", "--runs", "1"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout)
    assert line["ratios"]["SQLite"]["direct_to_sqlite"] == 1
    assert line["PostgreSQL"]["direct"]["postgresql_cpu_us_per_message"] >= 0
    (compared,) = predicted(line).values()
    measured, said = compared["events_for_nobody"]
    assert measured == pytest.approx(said, rel=0.3)
    measured, said = compared["envelopes_received"]
    assert measured == pytest.approx(said, rel=0.3)


def test_it_prints_a_line_for_each_number_of_processes(capsys: pytest.CaptureFixture[str]) -> None:
    from bench.__main__ import main  # noqa: PLC0415 - it opens as many files as are allowed

    assert main(["simulate", "--people", "1000", "--processes", "1,3"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["processes"] for line in lines] == [1, 3]
    assert all(line["storm"]["sockets"] > 0 for line in lines)
    assert simulate.COSTS["post_us"] > 0
