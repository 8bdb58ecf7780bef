"""`manage.py backup FILE`"""

import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from rest_framework.test import APIClient

pytestmark = [
    pytest.mark.django_db(transaction=True),  # pg_dump sees what is committed
    pytest.mark.skipif(django_settings.DATABASE_POOLER, reason="a backup goes past the pooler"),
]


def backup(file: Path) -> str:
    output = StringIO()
    call_command("backup", str(file), stdout=output)
    return output.getvalue()


def test_backup_is_readable_by_its_owner_only(alice: APIClient, tmp_path: Path) -> None:
    file = tmp_path / "backup"

    said = backup(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert said == f"{file.stat().st_size} bytes written to {file}.\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["backup"]


def test_existing_file_is_not_overwritten(alice: APIClient, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("the only one")

    with pytest.raises(CommandError, match=r"exists already\.$"):
        backup(file)

    assert file.read_text() == "the only one"


def test_backup_bypasses_the_pooler(tmp_path: Path, settings: Any) -> None:
    settings.DATABASE_POOLER = True

    with pytest.raises(CommandError, match=r"^Go past the pooler"):
        backup(tmp_path / "backup")

    assert not (tmp_path / "backup").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite needs no other program")
@pytest.mark.parametrize(
    ("folder", "message"),
    [("/nowhere", "is not installed"), ("failing", "failed with code 7")],
    ids=["absent", "fails"],
)
def test_failed_backup_leaves_no_file(
    alice: APIClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, message: str
) -> None:
    program = tmp_path / "failing" / "pg_dump"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 7\n")
    program.chmod(0o700)
    monkeypatch.setenv("POSTGRES_BIN", str(tmp_path / folder))

    with pytest.raises(CommandError, match=message):
        backup(tmp_path / "backup")

    assert not (tmp_path / "backup").exists()
