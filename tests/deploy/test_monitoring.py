"""The rules and the dashboard ask for what a running instance really measures."""

import json
import os
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cluster.processes import Processes
from tests.deploy.checks import find
from tests.house.repository import ROOT
from tests.house.serving import free_port, running, wait_until
from tests.served import Served

MONITORING = ROOT / "deploy" / "monitoring"
DASHBOARD: dict[str, Any] = json.loads((MONITORING / "dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]


class Prometheus:
    """A server that looks at instances each second.

    Args:
        url: Where it answers.
        instances: Where people would reach what it looks at.
    """

    def __init__(self, url: str, instances: list[str]) -> None:
        self._url = url
        self._instances = instances

    def results(self, query: str) -> list[float]:
        """Return what it answers now; numbers only."""
        query = query.replace("$__rate_interval", "10s").replace("$instance", ".*")
        answer = httpx.get(f"{self._url}/api/v1/query", params={"query": query})
        assert answer.status_code == 200, answer.text
        found = [float(one["value"][1]) for one in answer.json()["data"]["result"]]
        return [value for value in found if value == value]

    def without_results(self, queries: list[str]) -> list[str]:
        """Return the queries that have no result, while people use the product."""
        for instance in self._instances:
            httpx.get(f"{instance}/login")
        return [query for query in queries if not self.results(query)]

    def names(self) -> set[str]:
        """Return the names of all that it has."""
        answer = httpx.get(f"{self._url}/api/v1/label/__name__/values")
        found: list[str] = answer.json()["data"]
        return set(found)


@pytest.fixture
def prometheus(tmp_path: Path, processes: Processes) -> Iterator[Prometheus]:
    """Prometheus with our configuration, and what it looks at: one on SQLite, two of several."""
    single = Served(tmp_path / "single")
    ports = [free_port() for _ in range(3)]
    text = (MONITORING / "prometheus.yml").read_text()
    targets = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
    assert '["127.0.0.1:9464"]' in text
    text = text.replace('["127.0.0.1:9464"]', f"[{targets}]").replace(": 15s", ": 1s")
    (tmp_path / "prometheus.yml").write_text(text)
    (tmp_path / "alerts.yml").write_text((MONITORING / "alerts.yml").read_text())
    listening = [{"ECHOSPHERE_METRICS_LISTEN": f"127.0.0.1:{port}"} for port in ports]
    instances = [single.start(**listening[0])]
    try:
        instances += [processes.add(**more).address for more in listening[1:]]
        own = f"127.0.0.1:{free_port()}"
        command = [
            find("prometheus"),
            f"--web.listen-address={own}",
            "--config.file=prometheus.yml",
        ]
        with running(command, f"http://{own}/-/ready", dict(os.environ), tmp_path):
            yield Prometheus(f"http://{own}", instances)
    finally:
        single.stop()


def test_every_query_has_a_result_and_every_rule_something_to_look_at(
    prometheus: Prometheus,
) -> None:
    wait_until(
        lambda: not prometheus.without_results(QUERIES),
        lambda: f"no result: {prometheus.without_results(QUERIES)}",
    )
    planted = 'sum(rate(echosphere_requests_total{job="echosphere"}[10s]))'
    assert prometheus.without_results([planted, *QUERIES]) == [planted]
    asked_for = set(
        re.findall(r"\b(?:echosphere|process)_\w+", (MONITORING / "alerts.yml").read_text())
    )
    assert len(asked_for) > 10
    assert asked_for - prometheus.names() == set()


def test_every_rule_has_a_test_in_which_it_rings() -> None:
    rules = re.findall(r"- alert: (\w+)", (MONITORING / "alerts.yml").read_text())
    tested = (Path(__file__).parent / "alerts.test.yml").read_text()
    assert rules
    assert [rule for rule in rules if f'alertname="{rule}"' not in tested] == []


def test_the_panels_of_the_dashboard_stand_side_by_side() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        apart = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or apart, (one, other)


def test_the_panels_ask_the_chosen_prometheus_about_the_chosen_processes() -> None:
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in PANELS)
    about = re.compile(r'\{job="echosphere", instance=~"\$instance"\}')
    assert [query for query in QUERIES if not about.search(query)] == []
