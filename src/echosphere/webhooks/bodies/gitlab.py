"""The webhook events of GitLab."""

from collections.abc import Callable, Mapping
from typing import Any

from echosphere.webhooks.bodies.text import bold, lines, link, objects, plain, string, sub

Payload = Mapping[str, Any]

SHOWN_COMMITS = 5
ACTIONS = {
    "open": "opened",
    "close": "closed",
    "reopen": "reopened",
    "merge": "merged",
    "approved": "approved",
}


def gitlab_text(payload: Payload) -> str:
    """Return an event as Markdown; empty if it is not worth a message."""
    describe = EVENTS.get(string(payload.get("object_kind")))
    text = describe(payload) if describe is not None else ""
    project = payload.get("project")
    where = link(sub(project, "path_with_namespace"), sub(project, "web_url"))
    return f"{where} · {text}" if text and where else text


def _who(payload: Payload) -> str:
    return bold(plain(sub(payload, "user", "name") or payload.get("user_name")))


def _ref(payload: Payload) -> str:
    return bold(plain(string(payload.get("ref")).rpartition("/")[2]))


def _push(payload: Payload) -> str:
    commits = objects(payload.get("commits"), SHOWN_COMMITS)
    total = string(payload.get("total_commits_count"))
    if not commits:
        return ""
    number = "1 commit" if total == "1" else f"{plain(total)} commits"
    head = f"{_who(payload)} pushed {number} to {_ref(payload)}"
    return lines([head, *map(_commit, commits)])


def _commit(commit: Payload) -> str:
    first_line = string(commit.get("message")).partition("\n")[0]
    return f"- {link(string(commit.get('id'))[:8], commit.get('url'))} {plain(first_line)}"


def _tag(payload: Payload) -> str:
    return f"{_who(payload)} pushed the tag {_ref(payload)}"


def _titled(kind: str, sign: str) -> Callable[[Payload], str]:
    def describe(payload: Payload) -> str:
        about = payload.get("object_attributes")
        action = ACTIONS.get(string(sub(about, "action")))
        if action is None:
            return ""
        title = f"{sign}{string(sub(about, 'iid'))} {string(sub(about, 'title'))}"
        return f"{_who(payload)} {action} {kind} {link(title, sub(about, 'url'))}"

    return describe


def _note(payload: Payload) -> str:
    about = payload.get("object_attributes")
    kind = string(sub(about, "noteable_type")).lower().replace("mergerequest", "merge request")
    head = f"{_who(payload)} commented on {link(f'a {kind}', sub(about, 'url'))}"
    return lines([head, f"> {plain(sub(about, 'note'), 500)}"])


def _pipeline(payload: Payload) -> str:
    about = payload.get("object_attributes")
    status = string(sub(about, "status"))
    mark = {"success": "✅", "failed": "❌"}.get(status)
    if mark is None:
        return ""
    number = string(sub(about, "id"))
    url = sub(about, "url") or f"{string(sub(payload, 'project', 'web_url'))}/-/pipelines/{number}"
    ref = bold(plain(sub(about, "ref")))
    return f"{mark} {link(f'Pipeline #{number}', url)} on {ref}: {plain(status)}"


EVENTS: dict[str, Callable[[Payload], str]] = {
    "push": _push,
    "tag_push": _tag,
    "issue": _titled("issue", "#"),
    "work_item": _titled("work item", "#"),
    "merge_request": _titled("merge request", "!"),
    "note": _note,
    "pipeline": _pipeline,
}
