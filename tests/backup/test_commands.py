"""The commands as an operator types them: what they print, and how they end."""

import os
from pathlib import Path

import pytest

from echosphere.cli import main
from echosphere.commands.backups import BACKUPS
from echosphere.settings import Settings
from tests import launcher
from tests.backup.instances import blob_of, file_of

PASSPHRASE = "six words that nobody else knows"


@pytest.fixture
def here(small_instance: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The environment leads to this instance."""
    for name in [name for name in os.environ if name.startswith("ECHOSPHERE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ECHOSPHERE_DATA", str(small_instance.data))
    monkeypatch.setenv("ECHOSPHERE_DATABASE_URL", small_instance.database_url)
    return small_instance


def test_a_backup_is_made_listed_verified_and_restored(
    here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    backup = str(tmp_path / "backup")
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n")
    given = ["--passphrase-file", str(file)]
    assert main(["backup", backup, *given]) == 0
    assert "2 accounts, 30 messages, 8 files" in capsys.readouterr().out
    assert main(["backup", backup, "--keep", "1", *given]) == 0
    assert "1 old restore point was removed." in capsys.readouterr().out
    assert main(["backup", "list", backup, *given]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert main(["backup", "verify", backup, "--point", line.split()[0], *given]) == 0
    assert "is good: 2 accounts, 30 messages" in capsys.readouterr().out
    assert main(["restore", backup, *given]) == 1
    assert "only into an empty database" in capsys.readouterr().err
    monkeypatch.delenv("ECHOSPHERE_DATABASE_URL")
    monkeypatch.setenv("ECHOSPHERE_DATA", str(tmp_path / "elsewhere"))
    assert main(["restore", backup, *given]) == 0
    assert "Start the server: echosphere serve" in capsys.readouterr().out
    assert file_of(here, "", blob_of(1)).read_bytes()


def test_a_passphrase_comes_from_standard_input(
    here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["backup"], ["backup", "verify"]):
        done = launcher.run(
            [*words, str(tmp_path / "backup"), "--passphrase-file", "-"],
            os.environ,
            given=f"{PASSPHRASE}\n",
        )
        assert done.returncode == 0, done.stderr
    assert here.data.exists()
    empty = ["backup", str(tmp_path / "b"), "--passphrase-file", "-"]
    done = launcher.run(empty, os.environ, given="\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "echosphere: The passphrase is empty.\n"
    assert main(["backup", str(tmp_path / "b"), "--passphrase-file", str(tmp_path / "none")]) == 1
    assert "The passphrase cannot be read from" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert main(["backup", str(tmp_path / "file")]) == 1
    assert "file cannot be written: File exists." in capsys.readouterr().err


def test_missing_files_are_an_error_though_the_backup_is_made(
    here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file_of(here, "", blob_of(1)).unlink()
    assert main(["backup", str(tmp_path / "backup")]) == 1
    said = capsys.readouterr()
    assert "is complete" in said.out
    assert "1 file that messages refer to is missing from the storage" in said.err
    assert main(["backup", "verify", str(tmp_path / "backup")]) == 0


def test_a_move_is_told_with_its_numbers(
    here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["move", "--to", f"sqlite:///{tmp_path / 'new' / 'app.db'}"]) == 0
    said = capsys.readouterr().out
    assert " tables, including 30 messages. It took" in said
    assert "Set ECHOSPHERE_DATABASE_URL" in said
    assert here.data.exists()


@pytest.mark.parametrize("words", [["backup"], ["backup", "x", "--keep", "0"], ["move"]])
def test_what_makes_no_sense_ends_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


@pytest.mark.parametrize("command", BACKUPS, ids=lambda command: command.words)
def test_each_command_has_help_with_examples(
    command: object, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*command.words.split(), "--help"])  # type: ignore[attr-defined]
    assert "examples:\n  echosphere " in capsys.readouterr().out
