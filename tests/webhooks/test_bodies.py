"""What is made of bodies as services document them; the samples were written after their documents."""

import contextlib
import json
from pathlib import Path

import pytest

from echosphere.core.errors import Invalid
from echosphere.messages import MAX_BODY
from echosphere.webhooks.bodies import parse_body, parse_form, read_payload
from echosphere.webhooks.bodies.text import link, plain

SAMPLES = sorted((Path(__file__).parent / "bodies").glob("*.json"))
GITHUB = [one for one in SAMPLES if one.stem.startswith("github-")]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_what_services_send_becomes_a_message(sample: Path) -> None:
    given = json.loads(sample.read_text())
    body = read_payload(given["body"], given.get("headers", {}))
    assert body.text.split("\n") == given["message"]
    assert body.as_slack == given.get("as_slack", False)
    assert body.ignored == (given["message"] == [""])


def test_there_are_samples_of_every_service() -> None:
    services = {sample.stem.partition("-")[0] for sample in SAMPLES}
    assert services >= {"alertmanager", "grafana", "gitlab", "github", "sentry", "kuma"}


@pytest.mark.parametrize(
    "body",
    [
        {"attachments": [{"title": 12, "fields": "none", "blocks": {"a": 1}}], "text": None},
        {"blocks": [None, {"type": "section", "text": {"text": ["x"]}}]},
        {"alerts": "none", "status": {"a": 1}},
        {"alerts": [{"labels": [], "annotations": "x"}]},
        {"object_kind": "push", "commits": [{"message": None}], "project": "x"},
        {"object_kind": ["push"]},
        {"action": "triggered", "data": []},
        {"project": [], "event": {}},
        {"heartbeat": None, "msg": {"a": 1}},
    ],
)
def test_nonsense_in_a_known_shape_is_no_fault(body: dict[str, object]) -> None:
    with contextlib.suppress(Invalid):
        assert isinstance(read_payload(body, {}).text, str)
    for event in ("push", "issues", "issue_comment", "release", "workflow_run", "ping", "x"):
        assert isinstance(read_payload(body, {"x-github-event": event}).text, str)


def test_long_ones_are_cut_where_the_sender_cannot_do_better() -> None:
    text = read_payload({"username": "x", "text": "y" * 20_000}, {}).text
    assert (len(text), text[-1]) == (MAX_BODY, "…")


def test_links_lead_only_where_links_may_lead() -> None:
    assert link("a [b]", "https://example.org/x") == r"[a \[b\]](https://example.org/x)"
    for address in ("javascript:alert(1)", "https://a.example/) [x](y", "", None, "https://a b"):
        assert link("a", address) == "a"
    assert "@all" not in plain("@all")


def test_github_in_a_form_is_github() -> None:
    payload = '{"zen": "Keep it logically awesome.", "repository": {"full_name": "a/b"}}'
    form = f"payload={payload}".replace(" ", "+").encode()
    headers = {"x-github-event": "ping", "x-github-delivery": "72d3162e-cc78-11e3"}
    body = parse_body(form, "application/x-www-form-urlencoded", headers)
    assert body.text == "a/b · is connected. Keep it logically awesome."
    assert (body.key, body.as_slack) == ("72d3162e-cc78-11e3", False)


@pytest.mark.parametrize("sample", GITHUB, ids=lambda sample: sample.stem)
def test_github_is_known_by_its_fields_where_the_address_says_so(sample: Path) -> None:
    given = json.loads(sample.read_text())
    body = read_payload(given["body"], {}, "github")
    assert body.text.split("\n") == given["message"]


def test_in_the_shape_of_slack_words_of_strangers_call_nobody() -> None:
    strange = "<https://a.example/1|@all fix> &#64;all <@all> <@U1|@all> @all <x @all>"
    attachment = {
        "title": strange,
        "text": strange,
        "fields": [{"title": "@all", "value": strange}],
    }
    block = {"type": "section", "text": {"type": "mrkdwn", "text": strange}}
    for payload in ({"attachments": [attachment]}, {"blocks": [block]}):
        text = read_payload(payload, {}).text
        assert "all fix](https://a.example/1)" in text
        assert "@all" not in text
    said = read_payload({"username": "x", "text": "@all: <https://a.example/@b|@all> &amp; b"}, {})
    assert said.text == f"@all: [{plain('@all')}](https://a.example/@b) & b"
    for everybody in ("<!here>", "<!channel|all>"):
        assert read_payload({"attachments": [{"text": everybody}]}, {}).text == "@all"


def test_a_title_leads_only_where_links_may_lead() -> None:
    for address in ("https://a.example/) [x](https://b.example", "javascript:alert(1)", None):
        attachment = {"title": "a", "title_link": address}
        assert read_payload({"attachments": [attachment]}, {}).text == "**a**"


def test_other_parts_than_those_of_a_form_are_refused_and_not_posted_as_they_are() -> None:
    content = b"--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x--\r\n"
    with pytest.raises(Invalid, match="multipart/form-data"):
        parse_body(content, "multipart/mixed", {})


def test_the_fields_of_a_form_with_files_need_no_text() -> None:
    assert parse_form({"key": "ci-512"}, {}, has_files=True).key == "ci-512"
    assert parse_form({"text": "log"}, {}, has_files=True).text == "log"
    slack = parse_form({"payload": '{"text": "log"}'}, {}, has_files=True)
    assert (slack.text, slack.as_slack) == ("log", True)
    for fields, has_files in (({}, False), ({"text": "a\0b"}, True), ({"key": ""}, True)):
        with pytest.raises(Invalid):
            parse_form(fields, {}, has_files=has_files)
