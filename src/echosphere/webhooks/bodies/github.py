"""The events of GitHub, and of Gitea and Forgejo, which send the same."""

from collections.abc import Callable, Mapping
from typing import Any

from echosphere.core.counting import counted
from echosphere.webhooks.bodies.text import bold, lines, link, objects, plain, string, sub

Payload = Mapping[str, Any]

SHOWN_COMMITS = 5
BRANCH = "refs/heads/"
TAG = "refs/tags/"
FAILED = ("failure", "timed_out", "startup_failure")


def github_text(payload: Payload, event: str) -> str:
    """Return an event as Markdown; empty if it is not worth a message.

    Args:
        payload: The body.
        event: What the header says; empty if what passes events on has dropped it.
    """
    describe = EVENTS.get(event or _event_of(payload))
    text = describe(payload) if describe is not None else ""
    repository = sub(payload, "repository", "full_name")
    where = link(repository, sub(payload, "repository", "html_url"))
    return f"{where} · {text}" if text and where else text


def _event_of(payload: Payload) -> str:
    """Return which event has these fields."""
    return next((event for event, fields in FIELDS.items() if fields <= payload.keys()), "")


def _who(payload: Payload) -> str:
    return bold(plain(sub(payload, "sender", "login") or sub(payload, "pusher", "name")))


def _ping(payload: Payload) -> str:
    return f"is connected. {plain(payload.get('zen'))}".strip()


def _push(payload: Payload) -> str:
    ref, commits = string(payload.get("ref")), objects(payload.get("commits"), 1_000)
    if payload.get("deleted"):
        return f"{_who(payload)} deleted {plain(ref.removeprefix(BRANCH).removeprefix(TAG))}"
    if ref.startswith(TAG):
        return f"{_who(payload)} pushed the tag {bold(plain(ref.removeprefix(TAG)))}"
    if not commits:
        return ""
    number = counted(len(commits), "commit")
    branch = bold(plain(ref.removeprefix(BRANCH)))
    head = f"{_who(payload)} pushed {link(number, payload.get('compare'))} to {branch}"
    return lines([head, *map(_commit, commits[:SHOWN_COMMITS])])


def _commit(commit: Payload) -> str:
    first_line = string(commit.get("message")).partition("\n")[0]
    return f"- {link(string(commit.get('id'))[:7], commit.get('url'))} {plain(first_line)}"


def _titled(kind: str, field: str) -> Callable[[Payload], str]:
    """Return what describes an issue or a pull request: whoever did what with which."""
    shown = ("opened", "closed", "reopened", "ready_for_review")

    def describe(payload: Payload) -> str:
        action, subject = string(payload.get("action")), payload.get(field)
        if action not in shown:
            return ""
        done = "merged" if sub(subject, "merged") is True and action == "closed" else action
        title = f"#{string(sub(subject, 'number'))} {string(sub(subject, 'title'))}"
        words = plain(done.replace("_", " "))
        return f"{_who(payload)} {words} {kind} {link(title, sub(subject, 'html_url'))}"

    return describe


def _comment(payload: Payload) -> str:
    if payload.get("action") != "created":
        return ""
    subject = payload.get("issue") or payload.get("pull_request")
    title = f"#{string(sub(subject, 'number'))} {string(sub(subject, 'title'))}"
    head = f"{_who(payload)} commented on {link(title, sub(payload, 'comment', 'html_url'))}"
    return lines([head, f"> {plain(sub(payload, 'comment', 'body'), 500)}"])


def _review(payload: Payload) -> str:
    state = string(sub(payload, "review", "state"))
    if payload.get("action") != "submitted" or state == "commented":
        return ""
    subject = payload.get("pull_request")
    title = f"#{string(sub(subject, 'number'))} {string(sub(subject, 'title'))}"
    words = plain(state.replace("_", " "))
    return f"{_who(payload)}: {words} {link(title, sub(payload, 'review', 'html_url'))}"


def _release(payload: Payload) -> str:
    if payload.get("action") != "published":
        return ""
    release = payload.get("release")
    name = sub(release, "name") or sub(release, "tag_name")
    return f"{_who(payload)} released {link(name, sub(release, 'html_url'))}"


def _workflow(payload: Payload) -> str:
    run = payload.get("workflow_run")
    outcome = string(sub(run, "conclusion"))
    if payload.get("action") != "completed" or not outcome:
        return ""
    mark = "❌" if outcome in FAILED else "✅" if outcome == "success" else "⚪"
    name = link(sub(run, "name"), sub(run, "html_url"))
    branch = plain(sub(run, "head_branch"))
    return f"{mark} {name} on {bold(branch)}: {plain(outcome.replace('_', ' '))}"


EVENTS: dict[str, Callable[[Payload], str]] = {
    "ping": _ping,
    "push": _push,
    "issues": _titled("issue", "issue"),
    "pull_request": _titled("pull request", "pull_request"),
    "issue_comment": _comment,
    "pull_request_review_comment": _comment,
    "pull_request_review": _review,
    "release": _release,
    "workflow_run": _workflow,
}
FIELDS = {
    "ping": {"zen", "hook_id"},
    "push": {"ref", "commits"},
    "workflow_run": {"workflow_run"},
    "release": {"release"},
    "pull_request_review": {"pull_request", "review"},
    "pull_request_review_comment": {"pull_request", "comment"},
    "pull_request": {"pull_request"},
    "issue_comment": {"issue", "comment"},
    "issues": {"issue"},
}
"""By what an event is told where no header names it; those with more fields come first."""
