"""What monitoring sends: Alertmanager, Grafana, Uptime Kuma and Sentry."""

from collections.abc import Mapping
from typing import Any

from echosphere.webhooks.bodies.text import bold, cut, lines, link, objects, plain, string, sub

Payload = Mapping[str, Any]

MAX_ALERTS = 10
MARKS = {"firing": "🔥", "resolved": "✅"}


def alerts_text(payload: Payload) -> str:
    """Return alerts of Alertmanager or Grafana as Markdown."""
    alerts = objects(payload.get("alerts"), 1_000)
    status = string(payload.get("status")) or "firing"
    name = sub(payload, "commonLabels", "alertname") or sub(payload, "groupLabels", "alertname")
    title = plain(payload.get("title") or name or payload.get("receiver"))
    mark = MARKS.get(status, "⚠️")
    head = f"{mark} {bold(title)} · {plain(status)}" if title else f"{mark} {plain(status)}"
    more = len(alerts) - MAX_ALERTS
    rest = f"… and {more} more" if more > 0 else ""
    return lines([head, *map(_alert, alerts[:MAX_ALERTS]), rest])


def _alert(alert: Payload) -> str:
    annotations, labels = alert.get("annotations"), alert.get("labels")
    summary = sub(annotations, "summary") or sub(annotations, "description")
    words = summary or sub(labels, "alertname") or "alert"
    where = plain(sub(labels, "instance") or sub(labels, "job"))
    address = alert.get("panelURL") or alert.get("dashboardURL") or alert.get("generatorURL")
    mark = MARKS.get(string(alert.get("status")), "⚠️")
    return f"- {mark} {link(words, address)}{f' ({where})' if where else ''}"


def kuma_text(payload: Payload) -> str:
    """Return what Uptime Kuma says about a monitor, which is a sentence of its own."""
    monitor, message = payload.get("monitor"), plain(payload.get("msg"), 1_000)
    address = string(sub(monitor, "url"))
    shown = address if address.startswith(("http://", "https://")) and len(address) > 8 else ""
    return lines([message, link(shown, shown) if shown else ""])


def sentry_text(payload: Payload) -> str:
    """Return an alert of Sentry, or a new issue, as Markdown; empty for what else it tells."""
    data = payload.get("data")
    if (event := sub(data, "event")) is not None:
        rule = plain(sub(data, "triggered_rule"))
        return _sentry(event, sub(event, "web_url"), f"Rule: {rule}" if rule else "")
    if (issue := sub(data, "issue")) is not None:
        if payload.get("action") not in ("created", "resolved", "unresolved"):
            return ""
        about = f"{plain(sub(issue, 'shortId'))} {plain(payload.get('action'))}"
        return _sentry(issue, sub(issue, "web_url") or sub(issue, "permalink"), about.strip())
    title, text = sub(data, "description_title"), sub(data, "description_text")
    head = link(title, sub(data, "web_url"))
    return lines([f"⚠️ {bold(head)}" if head else "", plain(text, 1_000)])


def sentry_plugin_text(payload: Payload) -> str:
    """Return what Sentry's older webhooks plugin sends."""
    message = payload.get("message") or sub(payload, "event", "title") or payload.get("culprit")
    culprit = plain(payload.get("culprit"))
    project = plain(payload.get("project_name") or payload.get("project"))
    head = f"🐞 {bold(link(message, payload.get('url')))}"
    return lines([head, " · ".join(filter(None, (project, culprit)))])


def _sentry(about: Any, url: Any, more: str) -> str:
    culprit = plain(sub(about, "culprit"))
    level = plain(sub(about, "level"))
    head = f"🐞 {bold(link(cut(string(sub(about, 'title')), 300), url))}"
    return lines([head, " · ".join(filter(None, (level, culprit, more)))])
