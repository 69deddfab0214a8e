"""The benchmarks run against the real server in tiny sizes and count correctly; times are not judged."""

import json
import subprocess
import sys
from typing import Any

import pytest
from bench.server import ROOT

COMMON = {"workload", "at", "revision", "machine"}


def measure(*arguments: str) -> list[dict[str, Any]]:
    """Run a benchmark as a person would and return the lines that it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_group_delivers_every_message_to_every_member_for_each_size() -> None:
    small, large = measure(
        "group", "--sizes", "3,5", "--messages", "20", "--unanswered", "4", "--runs", "2"
    )

    assert (small["members"], small["deliveries"]) == (3, 60)
    assert (large["members"], large["deliveries"]) == (5, 100)
    assert large.keys() >= COMMON | {
        "deliveries_per_second",
        "cpu_us_per_delivery",
        "load_cpu_us_per_delivery",
        "p50_ms",
        "p99_ms",
        "rss_mb",
    }
    assert large["deliveries_per_second"] > 0
    assert large["rss_mb"] > 0


def test_workers_compares_what_several_processes_cost_with_what_one_does() -> None:
    (result,) = measure("workers", "--members", "4", "--messages", "20", "--runs", "1")

    assert (result["workers"], result["members"]) == (2, 4)
    assert result["deliveries_per_second"] > 0
    assert result["one_process"]["deliveries_per_second"] > 0
    assert result["busiest_cpu_us_per_delivery"] < result["process_cpu_us_per_delivery"]
    for ratios in (result, result["least"]):
        assert ratios["busiest_ratio"] > 0
        assert ratios["total_cpu_ratio"] > 0
        assert ratios["deliveries_per_busiest_cpu_second"] > 0


@pytest.fixture(scope="module")
def direct() -> dict[str, Any]:
    """What a tiny run of direct conversations printed."""
    (result,) = measure("direct", "--pairs", "3", "--seconds", "0.3", "--runs", "1")
    return result


def test_direct_counts_what_was_acknowledged_and_delivered(direct: dict[str, Any]) -> None:
    assert direct["pairs"] == 3
    assert direct["messages"] >= 3
    assert direct.keys() >= COMMON | {
        "messages_per_second",
        "cpu_us_per_message",
        "p50_ms",
        "p99_ms",
        "rss_mb",
    }


def test_connections_lets_everyone_in() -> None:
    (result,) = measure("connections", "--count", "20")

    assert result["count"] == 20
    assert result["connects_per_second"] > 0
    assert result.keys() >= COMMON | {"kb_each", "cpu_us_per_connect", "rss_mb"}


def test_start_serves_the_first_page_of_an_empty_and_of_a_known_instance() -> None:
    (result,) = measure("start", "--runs", "1")

    assert result["seconds"] > 0
    assert result["again"]["seconds"] > 0
    assert result["rss_mb"] > 0
    assert result.keys() >= COMMON


def test_history_gives_whole_pages_over_both_doors() -> None:
    sizes = "60,120"
    _, result = measure("history", "--sizes", sizes, "--clients", "2", "--seconds", "0.2")

    assert result["messages"] == 120
    assert result["socket"]["count"] > 0
    assert result["rest"]["count"] > 0
    assert result["rest"].keys() == {"count", "per_second", "cpu_us_each", "p50_ms", "p99_ms"}


def test_the_list_has_all_conversations_with_exact_counts() -> None:
    (result,) = measure("list", "--conversations", "3", "--unread", "2", "--seconds", "0.1")

    assert (result["conversations"], result["unread"]) == (3, 2)
    assert result["count"] > 0


def test_clients_that_return_are_equal_to_the_server() -> None:
    (result,) = measure("catchup", "--clients", "4", "--missed", "50", "--runs", "1")

    assert (result["clients"], result["missed"]) == (4, 50)
    assert result["seconds"] > 0


def test_large_measures_each_size_on_both_databases() -> None:
    small, large = measure(
        *("large", "--sizes", "300,400", "--conversations", "3"),
        *("--returning", "4", "--seconds", "0.2"),
    )

    assert (small["messages"], large["messages"]) == (300, 400)
    for database in ("sqlite", "postgresql"):
        for question in ("search", "search_frequent", "search_two_letters", "list", "history"):
            assert large[database][question]["count"] > 0
        assert large[database]["catchup"]["seconds"] > 0
        assert large[database]["database_mb"] > 0
    assert "postgresql_cpu_us_each" in large["postgresql"]["search"]


def test_search_finds_what_was_posted() -> None:
    (result,) = measure("search", "--messages", "300", "--conversations", "2", "--seconds", "0.2")

    assert result["messages"] == 300
    assert result["count"] > 0
    assert result.keys() >= COMMON | {"p50_ms", "p99_ms", "database_mb"}


def test_files_come_back_as_they_were_sent() -> None:
    (result,) = measure("files", "--mebibytes", "0.3", "--clients", "3", "--runs", "1")

    assert (result["mebibytes"], result["clients"]) == (0.3, 3)
    for way in ("upload", "download"):
        assert result[way].keys() == {"mb_per_second", "cpu_ms_per_mb", "grown_mb"}
        assert result[way]["mb_per_second"] > 0


def test_the_machine_that_was_measured_is_named(direct: dict[str, Any]) -> None:
    assert direct["machine"].keys() == {
        "cores",
        "processor",
        "load_average",
        "python",
        "python_loop_ms",
        "filesystem",
        "fsync_us",
    }
    assert direct["machine"]["filesystem"] != "unknown"


def test_enumeration_tries_every_door_with_and_without_an_account() -> None:
    results = measure("enumeration", "--tries", "3")

    assert [result["door"] for result in results] == ["sign-in", "reset", "contact"]
    for result in results:
        assert result["tries"] == 3
        assert result.keys() >= COMMON | {
            "ratio",
            "cpu_ratio",
            "control_ratio",
            "control_cpu_ratio",
        }
        assert result["known_p50_ms"] > 0
        assert result["unknown_p50_ms"] > 0
        assert result["known_cpu_ms"] > 0
        assert result["unknown_cpu_ms"] > 0


def test_posting_compares_what_a_bot_and_a_webhook_cost_with_a_person() -> None:
    (result,) = measure("posting", "--messages", "5", "--turns", "2", "--members", "2")

    assert (result["messages"], result["turns"], result["members"]) == (5, 2, 2)
    assert result["person"]["times_a_person"] == 1
    for poster in ("person", "bot", "webhook"):
        assert result[poster]["cpu_us_per_message"] > 0
        assert result[poster]["p50_ms"] <= result[poster]["p99_ms"]
