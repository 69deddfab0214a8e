"""What stays with one process when the tests run over several, and why; see tests/processes.py."""

from collections import Counter

import pytest

SETTINGS = {
    "ECHOSPHERE_DATABASE_URL": "the test is about this database",
    "ECHOSPHERE_BUS_URL": "the test starts its processes itself",
    "ECHOSPHERE_TRUSTED_PROXIES": "the test speaks as a proxy does, and ours drops what clients claim",
}
"""A product with one of these settings is one process."""

SQLITE = "it is about an SQLite file, in which one process writes: tests/cluster/test_workers.py"

BYTES = "it sends bytes to the process that are no decent HTTP, and nginx would answer instead"
PLAIN = "the network that loses answers looks into HTTP, which is encrypted here"
LATER = "the next request may be answered by the other process, which learns of a setting within seconds"
COUNTED = "which of a person's connections is at which process decides how much is left"

TESTS: dict[str, str] = {
    "tests/browser/test_lost_network.py": PLAIN,
    "tests/product/test_readiness.py": "readiness and metrics are those of a process; nginx shows neither",
    "tests/product/test_equal_answers.py": "it counts the statements and the hashes of an application",
    "tests/product/test_one_declaration.py": "it gives a further operation to a running application",
    "tests/product/test_odd_paths.py": "it sends bytes to the process, of which nginx would refuse many",
    "tests/product/test_bad_input.py::test_strange_names_in_paths_name_nothing": BYTES,
    "tests/product/test_bad_input.py::test_a_body_without_a_declared_length_has_the_same_bound": BYTES,
    "tests/product/test_bad_input.py::test_a_body_that_never_ends_is_not_awaited_for_ever": BYTES,
    "tests/product/test_bad_input.py::test_a_head_that_never_ends_is_not_awaited_for_ever": BYTES,
    "tests/product/test_bad_input.py::test_endless_addresses_and_headers_are_refused": BYTES,
    "tests/product/test_bad_input.py::test_what_is_no_http_is_refused": BYTES,
    "tests/product/test_bad_input.py::test_a_length_that_lies_takes_nothing_from_the_next_request": BYTES,
    "tests/endpoints/test_processes.py"
    "::test_what_was_sent_and_not_noted_is_sent_again_with_the_same_id": SQLITE,
    "tests/endpoints/test_processes.py::test_two_processes_deliver_each_event_once": (
        "it starts its processes itself"
    ),
    "tests/endpoints/test_restored.py": SQLITE,
    "tests/endpoints/test_endpoints.py"
    "::test_secrets_survive_a_change_of_the_servers_key_if_the_one_before_is_named": SQLITE,
    "tests/endpoints/test_endpoints.py"
    "::test_an_endpoint_whose_secret_was_lost_with_the_servers_key_gets_another": SQLITE,
    "tests/product/test_server_settings.py": LATER,
    "tests/product/test_lockout.py": LATER,
    "tests/product/test_picture_doors.py": "it spoils the processes in which one application decodes pictures",
    "tests/product/test_administration_live.py::test_figures_are_told_once_to_who_has_fetched_them": (
        "it stops and calls the watch of an application, and there is one in each"
    ),
    "tests/product/test_bad_input.py::test_metrics_are_closed_unless_they_have_a_token_or_an_address": (
        "metrics are those of a process; nginx shows none"
    ),
    "tests/product/test_bad_input.py::test_metrics_stay_closed_to_strange_tokens": (
        "metrics are those of a process; nginx shows none"
    ),
    "tests/product/test_sessions_live.py::test_an_anonymous_socket_is_closed_after_a_while": (
        "it starts a second product, on an SQLite file"
    ),
    "tests/product/test_password_reset.py::test_one_address_gets_two_mails_an_hour": (
        "it replaces the rate limiter of an application"
    ),
    "tests/product/test_password_reset.py::test_a_known_and_an_unknown_address_are_answered_alike": (
        "it counts the statements and the hashes of an application"
    ),
    "tests/product/test_abuse.py"
    "::test_who_has_many_connections_catches_up_and_reads_no_more_than_with_one": COUNTED,
    "tests/product/test_abuse.py::test_calls_are_counted_for_all_connections_together": COUNTED,
    "tests/product/test_abuse.py::test_an_address_that_connects_over_and_over_is_turned_away": COUNTED,
    "tests/product/test_registering_together.py"
    "::test_ten_people_register_and_join_by_one_invitation": (
        "which process gets how many registrations decides when its share of the figure is used up"
    ),
    "tests/product/test_registering_together.py"
    "::test_who_must_wait_is_told_for_how_long_in_their_language": (
        "with its share of the figure a process has people wait for longer"
    ),
}
"""Files, and single tests of others (`file::test`): they need the inside of one process."""


IDLE = "it starts no product by the fixtures of tests/product"

LEFT_OUT = pytest.StashKey[Counter[str]]()
"""How many tests stay with one process, by the reason."""


def why_alone(item: pytest.Item) -> str:
    """Return what keeps a test with one process, and why; an empty text if it runs over several."""
    path, _, name = item.nodeid.partition("::")
    fixtures = set(getattr(item, "fixturenames", ()))
    for entry in (path, f"{path}::{name.partition('[')[0]}"):
        if entry in TESTS:
            return f"{entry}: {TESTS[entry]}"
    if "sqlite_url" in fixtures:
        return f"{path}: {SQLITE}"
    is_driving = path.startswith(("tests/product/", "tests/browser/")) or "running" in fixtures
    return "" if is_driving else f"{path}: {IDLE}"


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what stays with one process."""
    why = {item: why_alone(item) for item in items}
    left_out = [item for item in items if why[item]]
    config.hook.pytest_deselected(items=left_out)
    config.stash[LEFT_OUT] = Counter(why[item] for item in left_out)
    items[:] = [item for item in items if not why[item]]


def report(config: pytest.Config) -> list[str]:
    """Return a line for each reason for which tests were left out."""
    counted = config.stash.get(LEFT_OUT, Counter())
    lines = [f"{count:4} of {why}" for why, count in sorted(counted.items())]
    return [*lines, f"{counted.total():4} stay with one process"]
