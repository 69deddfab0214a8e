"""Migrations: they lead to the tables that the code describes, on both databases."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text

from echosphere.database import (
    Database,
    current_revision,
    dialect_for,
    latest_revision,
    metadata,
    schema_migration,
)
from echosphere.database.schema_migration import (
    FIRST_TABLES,
    migrate,
    need_standstill,
    run_alembic,
)
from tests.database.first_tables import first_tables, in_any_order, schema_of


def of_both_databases(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the index of search texts: each database has its own kind of it."""
    made_of_texts = (kind, name) == ("index", "search_texts_trigrams")
    return not made_of_texts and not (kind == "table" and str(name).startswith("search_index"))


def test_the_migrations_lead_to_the_tables_in_the_code(bare_database_url: str) -> None:
    engine = dialect_for(bare_database_url).writing_engine()
    assert migrate(engine) is True
    with engine.connect() as connection:
        assert current_revision(connection) == latest_revision()
        context = MigrationContext.configure(connection, opts={"include_name": of_both_databases})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_new_database_on_sqlite_has_what_the_migrations_lead_to(tmp_path: Path) -> None:
    """If not: `python -m tests.database.first_tables`."""
    written = FIRST_TABLES.read_text(encoding="utf-8").split(";\n")
    assert in_any_order(written) == in_any_order(first_tables())
    engine = create_engine(f"sqlite:///{tmp_path / 'app.db'}")
    with engine.begin() as connection:
        run_alembic(connection)
        migrated = schema_of(connection)
    engine.dispose()
    new = create_engine(f"sqlite:///{tmp_path / 'new.db'}")
    migrate(new)
    with new.connect() as connection:
        assert in_any_order(schema_of(connection)) == in_any_order(migrated)
        assert current_revision(connection) == latest_revision()
    new.dispose()


def test_tables_of_a_file_from_an_earlier_revision_are_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = "0020"
    old = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with old.begin() as connection:
        run_alembic(connection, earlier)
        statements = [*schema_of(connection), f"INSERT INTO alembic_version VALUES ('{earlier}')"]
    old.dispose()
    file = tmp_path / "old.sql"
    file.write_text(";\n".join(statements), encoding="utf-8")
    monkeypatch.setattr(schema_migration, "FIRST_TABLES", file)
    new = create_engine(f"sqlite:///{tmp_path / 'new.db'}")
    assert migrate(new) is True
    with new.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": of_both_databases})
        assert compare_metadata(context, metadata) == []
    new.dispose()


def test_a_second_start_changes_nothing(bare_database_url: str) -> None:
    engine = dialect_for(bare_database_url).writing_engine()
    migrate(engine)
    assert migrate(engine) is False
    engine.dispose()


async def test_tables_of_a_newer_version_are_refused_and_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'app.db'}"
    database = Database(url)
    await database.start()
    await database.stop()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RuntimeError, match="newer"):
        await Database(url).start()
    with engine.connect() as connection:
        assert current_revision(connection) == "9999"
    engine.dispose()


def test_the_first_administrator_becomes_the_owner(bare_database_url: str) -> None:
    engine = dialect_for(bare_database_url).writing_engine()
    migrate(engine)
    add = text(
        "INSERT INTO users (id, name, about, role, settings, created_at, closed_at)"
        " VALUES (:id, '', '', :role, '{}', :created_at, :closed_at)"
    )
    stored = [
        ("1", "administrator", 1, 5),
        ("2", "member", 2, None),
        ("3", "administrator", 3, None),
        ("4", "administrator", 4, None),
    ]
    with engine.begin() as connection:
        for user, role, created, closed in stored:
            values = {"id": user, "role": role, "created_at": created, "closed_at": closed}
            connection.execute(add, values)
        with Operations.context(MigrationContext.configure(connection)):
            import_module("echosphere.database.migrations.versions.0024_owners").upgrade()
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, role FROM users"))
        roles = {row.id: row.role for row in rows}
    assert roles == {"1": "administrator", "2": "member", "3": "owner", "4": "administrator"}
    engine.dispose()


@pytest.mark.parametrize(
    ("people", "owner_invites", "kept"), [(1, 0, ["open"]), (1, 1, []), (0, 0, [])]
)
def test_a_server_that_had_people_before_keeps_taking_everyone(
    bare_database_url: str, people: int, owner_invites: int, kept: list[str]
) -> None:
    engine = dialect_for(bare_database_url).writing_engine()
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE kept_registration_mode"))
        for _ in range(people):
            connection.execute(
                text(
                    "INSERT INTO users (id, name, about, role, settings, created_at)"
                    " VALUES ('1', '', '', 'owner', '{}', 0)"
                )
            )
        for _ in range(owner_invites):
            connection.execute(
                text(
                    "INSERT INTO server_invites (id, token_hash, created_at, uses, role, contact, groups)"
                    " VALUES ('1', 'x', 0, 1, 'owner', false, '')"
                )
            )
        with Operations.context(MigrationContext.configure(connection)):
            import_module(
                "echosphere.database.migrations.versions.0028_who_had_people_before"
            ).upgrade()
        rows = connection.execute(text("SELECT mode FROM kept_registration_mode"))
        assert [row.mode for row in rows] == kept
    engine.dispose()


def test_who_had_an_account_before_has_a_confirmed_address(bare_database_url: str) -> None:
    engine = dialect_for(bare_database_url).writing_engine()
    migrate(engine)
    add = text(
        "INSERT INTO users (id, email, name, about, role, settings, created_at)"
        " VALUES (:id, :email, '', '', 'member', '{}', 7)"
    )
    name = "echosphere.database.migrations.versions.0033_confirmed_addresses"
    with engine.begin() as connection:
        for user, email in (("1", "ana@example.org"), ("2", None)):
            connection.execute(add, {"id": user, "email": email})
        connection.execute(text("ALTER TABLE users DROP COLUMN email_confirmed_at"))
        with Operations.context(MigrationContext.configure(connection)):
            import_module(name).upgrade()
        rows = connection.execute(text("SELECT email_confirmed_at FROM users ORDER BY id"))
        assert [row.email_confirmed_at for row in rows] == [7, None]
    engine.dispose()


def test_domains_that_were_stored_in_ascii_are_stored_in_letters(bare_database_url: str) -> None:
    engine = dialect_for(bare_database_url).writing_engine()
    migrate(engine)
    add = text(
        "INSERT INTO users (id, email, name, about, role, settings, created_at)"
        " VALUES (:id, :email, '', '', 'member', '{}', 0)"
    )
    stored = {
        "1": "a@xn--mnchen-3ya.example",
        "2": "b@xn--mnchen-3ya.example",
        "3": "b@münchen.example",
        "4": "c@example.org",
        "5": "d@xn--nothing-at-all.example",
    }
    with engine.begin() as connection:
        for user, email in stored.items():
            connection.execute(add, {"id": user, "email": email})
        with Operations.context(MigrationContext.configure(connection)):
            import_module(
                "echosphere.database.migrations.versions.0012_domains_in_one_spelling"
            ).upgrade()
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, email FROM users"))
        assert {row.id: row.email for row in rows} == stored | {"1": "a@münchen.example"}
    engine.dispose()


FIRST_ROLLING = "0054"
"""From this one on each migration says whether processes of the version before may serve beside it."""

ADDS = {"create_table", "create_index", "add_column"}
"""What those processes need not know of."""


def calls_of(module: ast.Module) -> list[ast.Call]:
    """Return the calls of `op` in a migration."""
    calls = [one for one in ast.walk(module) if isinstance(one, ast.Call)]
    return [one for one in calls if ast.unparse(one.func).startswith("op.")]


def what_disturbs(text: str) -> list[str]:
    """Return what of a migration the version before could not serve beside."""
    disturbing = []
    for call in calls_of(ast.parse(text)):
        written = ast.unparse(call)
        is_needed = "nullable=False" in written and "server_default" not in written
        name = written.partition("(")[0].removeprefix("op.")
        if name not in ADDS or (name == "add_column" and is_needed):
            disturbing.append(written)
    return disturbing


def test_each_migration_says_whether_the_version_before_may_serve_beside_it() -> None:
    for path in sorted((schema_migration.MIGRATIONS / "versions").glob("[0-9]*.py")):
        if path.stem < FIRST_ROLLING:
            continue
        text = path.read_text(encoding="utf-8")
        declared = re.findall(r"^rolling = (True|False)$", text, re.MULTILINE)
        assert len(declared) == 1, f"{path.name}: write `rolling = True` or `rolling = False`"
        if declared == ["True"]:
            assert what_disturbs(text) == [], path.name


@pytest.mark.parametrize(
    "disturbing",
    [
        'op.drop_column("messages", "body")',
        'op.rename_table("messages", "posts")',
        'op.add_column("messages", sa.Column("mood", sa.Text, nullable=False))',
        'op.execute("UPDATE messages SET body = upper(body)")',
    ],
)
def test_a_migration_that_would_disturb_the_version_before_is_noticed(disturbing: str) -> None:
    assert len(what_disturbs(disturbing)) == 1
    assert what_disturbs('op.add_column("messages", sa.Column("mood", sa.Text))') == []


def test_migrations_of_before_need_a_standstill() -> None:
    assert need_standstill(latest_revision()) == []
    assert need_standstill("0052")[0] == "0053"
