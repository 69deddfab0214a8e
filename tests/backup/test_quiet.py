"""A restored server does not repeat what was done after the backup, and lets in only the right people."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from echosphere.app import create_app
from echosphere.backup import BackupError, Progress, create_backup, restore_backup, verify_backup
from echosphere.backup.manifest import Manifest, TableCount, seal, unseal
from echosphere.backup.quiet import MAIL_JOBS
from echosphere.database import dialect_for
from echosphere.settings import Settings
from tests.backup.instances import file_of, put_file, settings_of

SECRET, BEFORE = "k9Jd83hGq1Zr5Xw7Lb2Nv6Tm4Ps0Yc8Ef", "q1Zr5Xw7Lb2Nv6Tm4Ps0Yc8Efk9Jd83hG"
KEPT = {
    "admission.join",
    "attachments.remove",
    "avatars.remove",
    "data_export.make",
    "data_export.remove",
    "directory.fill",
    "endpoints.deliver",  # finds another log of events, and begins again
    "importing.claim",
    "messages.clear",
    "messages.purge_cleared",
    "messages.remove",
    "messages.remove_everywhere",
    "previews.look",
    "previews.remove",
}
"""Jobs that finish something here, and tell no one."""

ROWS = {
    "sessions": "INSERT INTO sessions (id, user_id, token_hash, kind, device, address, created_at,"
    " used_at) VALUES ('s', 'ada', 'h', 'cookie', '', '', 1, 1)",
    "openid_sessions": "INSERT INTO openid_sessions VALUES ('s', 'ada', 'https://a', 'ada', NULL)",
    "push_subscriptions": "INSERT INTO push_subscriptions (id, user_id, session_id, endpoint, p256dh,"
    " auth, created_at) VALUES ('p', 'ada', 's', 'https://push', 'k', 'a', 1)",
    "remembered_devices": "INSERT INTO remembered_devices (id, token_hash, user_id, device, address,"
    " created_at, expires_at) VALUES ('d', 'h', 'ada', '', '', 1, 9)",
    "api_keys": "INSERT INTO api_keys (id, user_id, name, prefix, key_hash, scopes, created_at)"
    " VALUES ('k', 'ada', 'script', 'esb_', 'h', 'messages:read', 1)",
    "bot_endpoints": "INSERT INTO bot_endpoints (id, bot_id, url, types, conversations, created_at,"
    " secret, log, txid, number, turn, held) VALUES ('e', 'ada', 'https://b', 'message.posted', '', 1,"
    " 's', 'l', 0, 0, 0, false)",
    "one_time_links": "INSERT INTO one_time_links (token_hash, purpose, user_id, credentials,"
    " created_at, expires_at) VALUES ('h', 'reset', 'ada', '', 1, 9)",
    "data_exports": "INSERT INTO data_exports (user_id, id, state, requested_at, starts, size,"
    " expires_at) VALUES ('ada', 'e1', 'ready', 1, 1, 3, 9), ('ben', 'e2', 'waiting', 1, 0, NULL, NULL)",
    "jobs": "INSERT INTO jobs (kind, payload, run_at, attempts, created_at) VALUES"
    " ('recovery.reset', '{}', 1, 0, 1), ('notifications.message', '{}', 1, 0, 1)",
}


def run(url: str, *statements: str) -> list[list[tuple[Any, ...]]]:
    """Run statements on a database; return their rows."""
    engine = dialect_for(url).writing_engine()
    found = []
    with engine.begin() as connection:
        for one in statements:
            result = connection.execute(text(one))
            found.append([tuple(row) for row in result] if result.returns_rows else [])
    engine.dispose()
    return found


def count(url: str, table: str) -> int:
    return int(run(url, f"SELECT count(*) FROM {table}")[0][0][0])


@pytest.mark.parametrize("sign_out", [False, True])
def test_links_and_mail_are_void_and_sessions_go_if_wanted(
    instance: Settings, elsewhere: Settings, tmp_path: Path, *, sign_out: bool
) -> None:
    run(instance.database_url, *ROWS.values())
    put_file(instance, "exports", "e1", b"all")
    backup = tmp_path / "backup"
    create_backup(instance, backup, progress=Progress())
    verify_backup(backup, progress=Progress())
    restore_backup(elsewhere, backup, sign_out=sign_out, progress=Progress())
    url = elsewhere.database_url
    assert run(url, "SELECT kind FROM jobs") == [[("some",)]]
    assert count(url, "one_time_links") == 0
    sign_ins = (
        "sessions",
        "openid_sessions",
        "push_subscriptions",
        "remembered_devices",
        "api_keys",
        "bot_endpoints",
    )
    assert {count(url, table) for table in sign_ins} == ({0} if sign_out else {1})
    # A finished download is not saved; one that waits is made again.
    assert run(url, "SELECT user_id FROM data_exports") == [[("ben",)]]
    assert not file_of(elsewhere, "exports", "e1").exists()
    assert count(instance.database_url, "one_time_links") == 1


def test_each_kind_of_job_tells_someone_or_does_not(tmp_path: Path) -> None:
    application = create_app(settings_of(tmp_path, ECHOSPHERE_SMTP_URL="smtp://127.0.0.1:9"))
    runners = application.runners
    known = {kind for one in runners for kind in one._work if kind not in one._recurring}
    assert known == KEPT | set(MAIL_JOBS)


def test_the_key_before_goes_along(small_instance: Settings, tmp_path: Path) -> None:
    given = {"SECRET_KEY": SECRET, "SECRET_KEY_PREVIOUS": BEFORE}
    before = settings_of(small_instance.data, small_instance.database_url, **given)
    create_backup(before, tmp_path / "backup", progress=Progress())
    other = settings_of(tmp_path / "other", SECRET_KEY_PREVIOUS="x" * 8 + BEFORE)
    with pytest.raises(BackupError, match="SECRET_KEY_PREVIOUS differs from the one in the backup"):
        restore_backup(other, tmp_path / "backup", progress=Progress())
    restore_backup(settings_of(tmp_path / "new"), tmp_path / "backup", progress=Progress())
    after = settings_of(tmp_path / "new")
    assert (after.secret_key, after.secret_key_previous) == (SECRET, BEFORE)


def test_what_does_not_measure_up_is_never_there(
    small_instance: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    create_backup(small_instance, tmp_path / "backup", progress=Progress())
    manifest = next((tmp_path / "backup").rglob("manifest.json"))
    known = unseal(manifest.read_bytes(), Manifest, "manifest")
    wrong = known.tables | {"one_more": TableCount(0, "0" * 64)}
    manifest.write_bytes(seal(msgspec.structs.replace(known, tables=wrong)))
    with pytest.raises(BackupError, match="the restored data differs from what was written"):
        restore_backup(elsewhere, tmp_path / "backup", progress=Progress())
    manifest.write_bytes(seal(known))
    restore_backup(elsewhere, tmp_path / "backup", progress=Progress())
