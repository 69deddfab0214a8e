"""Queries for administrators who manage the accounts of a server."""

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select, true

from echosphere.accounts.store.tables import sessions, users
from echosphere.database import Snapshot


class Account(NamedTuple):
    """An account as administrators see it."""

    id: str
    name: str
    email: str
    role: str
    avatar_url: str | None
    created_at: int
    last_seen: int | None
    suspended_until: int | None
    suspension_reason: str | None
    sessions: int
    second_factor_at: int | None


def search_accounts(
    snapshot: Snapshot, query: str, *, offset: int, limit: int, suspended: bool = False
) -> list[Account]:
    """Return open accounts whose name or address contains the query, sorted by name."""
    found = _accounts().order_by(func.lower(users.c.name), users.c.id).offset(offset).limit(limit)
    if query:
        found = found.where(_matches(query))
    if suspended:
        found = found.where(users.c.suspended_until > snapshot.now)
    return [Account(*tuple(row)) for row in snapshot.execute(found)]


def accounts_for_storage(query: str) -> Subquery:
    """Return the accounts to join with what belongs to them: `id`, `name`, `email`, `role`, `avatar_url`.

    Closed ones have no `email`; without a query they are among them.
    """
    found = select(
        users.c.id, users.c.name, users.c.email, users.c.role, users.c.avatar.label("avatar_url")
    )
    return (found.where(_matches(query)) if query else found).subquery()


def _matches(query: str) -> ColumnElement[bool]:
    """Whether name or address of an open account contains something."""
    columns = (users.c.name, users.c.email)
    matches = [func.lower(one).contains(query.lower(), autoescape=True) for one in columns]
    found = or_(*matches, users.c.name.contains(query, autoescape=True))
    return and_(users.c.closed_at.is_(None), found)


def find_account(snapshot: Snapshot, user_id: str) -> Account | None:
    """Return an open account, or None."""
    row = snapshot.execute(_accounts().where(users.c.id == user_id)).first()
    return None if row is None else Account(*tuple(row))


def suspension_of(snapshot: Snapshot, user_id: str) -> tuple[int | None, str | None]:
    """Return until when a user is kept out, and the reason; None where there is none."""
    found = select(users.c.suspended_until, users.c.suspension_reason).where(users.c.id == user_id)
    for until, reason in map(tuple, snapshot.execute(found)):
        return until, reason
    return None, None


def _accounts() -> Select[tuple[object, ...]]:
    count = select(func.count()).where(sessions.c.user_id == users.c.id).scalar_subquery()
    return select(
        users.c.id,
        users.c.name,
        users.c.email,
        users.c.role,
        users.c.avatar,
        users.c.created_at,
        users.c.last_seen,
        users.c.suspended_until,
        users.c.suspension_reason,
        count,
        users.c.second_factor_at,
    ).where(users.c.closed_at.is_(None))


class MailRecipient(NamedTuple):
    """Whom a mail to everyone reaches; `language` is that of their settings, or `auto`."""

    user_id: str
    email: str
    name: str
    language: str


def mail_recipients_after(
    snapshot: Snapshot, after: str, limit: int, *, confirmed_only: bool
) -> list[MailRecipient]:
    """Return those with larger ids whose accounts are open and who are not kept out, by id."""
    found = _mail_recipients(snapshot, confirmed_only).where(users.c.id > after)
    return _as_recipients(snapshot, found.order_by(users.c.id).limit(limit))


def mail_recipient(snapshot: Snapshot, user: str, *, confirmed_only: bool) -> MailRecipient | None:
    """Return a user whose account is open and who is not kept out, or None."""
    found = _mail_recipients(snapshot, confirmed_only).where(users.c.id == user)
    return next(iter(_as_recipients(snapshot, found)), None)


def _mail_recipients(snapshot: Snapshot, confirmed_only: bool) -> Select[Any]:
    confirmed = users.c.email_confirmed_at.is_not(None) if confirmed_only else true()
    columns = (users.c.id, users.c.email, users.c.name, users.c.settings)
    return select(*columns).where(users.c.email.is_not(None), *_open_now(snapshot), confirmed)


def _as_recipients(snapshot: Snapshot, found: Select[Any]) -> list[MailRecipient]:
    return [
        MailRecipient(user, email, name, json.loads(settings).get("language", "auto"))
        for user, email, name, settings in map(tuple, snapshot.execute(found))
    ]


def users_with_role(snapshot: Snapshot, roles: Collection[str]) -> frozenset[str]:
    """Return those who have one of these roles, whose accounts are open and who are not kept out."""
    found = select(users.c.id).where(users.c.role.in_(roles), *_open_now(snapshot))
    return frozenset(snapshot.execute(found).scalars())


def _open_now(snapshot: Snapshot) -> tuple[ColumnElement[bool], ...]:
    is_in = users.c.suspended_until.is_(None) | (users.c.suspended_until <= snapshot.now)
    return users.c.closed_at.is_(None), is_in
