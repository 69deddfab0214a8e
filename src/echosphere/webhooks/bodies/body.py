"""Tells the shapes of bodies apart, and returns what is to be posted."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from echosphere.core.errors import Invalid
from echosphere.webhooks.bodies.alerts import (
    alerts_text,
    kuma_text,
    sentry_plugin_text,
    sentry_text,
)
from echosphere.webhooks.bodies.github import github_text
from echosphere.webhooks.bodies.gitlab import gitlab_text
from echosphere.webhooks.bodies.slack import is_slack, slack_text
from echosphere.webhooks.bodies.text import cut, string

Payload = Mapping[str, Any]
Headers = Mapping[str, str]

NO_TEXT = "The body has no text. Send it as the field text, in JSON or in a form."
MAX_KEY = 200
GITHUB = "github"


class Body(msgspec.Struct, frozen=True):
    """What is to be posted.

    Attributes:
        text: Markdown.
        key: What tells a repeat from a new message; None if it is not said.
        as_slack: Whether the sender expects Slack's answer, the word `ok`.
        ignored: Whether it is an event that is not worth a message.
    """

    text: str
    key: str | None = None
    as_slack: bool = False
    ignored: bool = False


def read_payload(payload: Payload, headers: Headers, form: str = "") -> Body:
    """Return what a JSON body says.

    Args:
        payload: The body.
        headers: Those of the request, by lower-case name.
        form: The value of the query's `format`, which names the shape where headers do not.

    Raises:
        Invalid: There is no text, or it is of no known shape.
    """
    key = read_key(payload, headers)
    event = headers.get("x-github-event", "")
    if event or form == GITHUB:
        return _event(github_text(payload, event), key)
    if is_slack(payload):
        return Body(_required(slack_text(payload)), key, as_slack=True)
    if isinstance(payload.get("text"), str):
        return Body(payload["text"], key)
    for is_of_shape, text_of in SHAPES:
        if is_of_shape(payload):
            return _event(text_of(payload), key)
    return Body(_required(cut(string(payload.get("message") or payload.get("msg")))), key)


def _event(text: str, key: str | None) -> Body:
    return Body(cut(text), key, ignored=not text)


def _required(text: str) -> str:
    if not text.strip():
        raise Invalid(NO_TEXT, fields={"text": "is missing"})
    return text


def read_key(payload: Payload, headers: Headers) -> str | None:
    """Return the key of the body, or what services send with each repeat of the same event."""
    given = payload.get("key")
    if given is not None and not (isinstance(given, str) and 1 <= len(given) <= MAX_KEY):
        problem = f"must be text of 1 to {MAX_KEY} characters"
        raise Invalid(f"The field 'key' {problem}.", fields={"key": problem})
    names = ("idempotency-key", "x-github-delivery", "x-gitlab-event-uuid")
    found = (headers.get(name, "")[:MAX_KEY] for name in names)
    return given or next(filter(None, found), None)


def _has(*names: str) -> Callable[[Payload], bool]:
    return lambda payload: all(name in payload for name in names)


SHAPES: list[tuple[Callable[[Payload], bool], Callable[[Payload], str]]] = [
    (_has("object_kind"), gitlab_text),
    (_has("alerts"), alerts_text),
    (_has("heartbeat", "msg"), kuma_text),
    (_has("action", "data"), sentry_text),
    (_has("project", "event"), sentry_plugin_text),
]
