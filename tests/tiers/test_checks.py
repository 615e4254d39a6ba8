"""What makes a server unfit to start: each check finds what it is for, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import override_settings

from ampera.journal.marks import put_mark
from ampera.tiers import checks
from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.making import make_folder
from ampera.tiers.opening import CODE_MARK
from tests.houses import Offices


@pytest.fixture
def folder(tmp_path: Path, monkeypatch):
    monkeypatch.delenv("AMPERA_SECOND_LOG", raising=False)
    made = ServerFolder(tmp_path / "16.71.02")
    make_folder(made, server=ServerFile(code="16.71.02", upper="https://dinas.test", is_demo=True))
    settings = override_settings(
        DATA=made.path, OFFICE="16.71.02", IS_DEMO=True, SECRET_KEY=made.secret.read_text()
    )
    with settings:
        yield made


def _ids() -> list[str]:
    return [each.id for each in checks.about_settings()]


def test_a_good_server_has_nothing_to_say(folder):
    assert _ids() == []


def test_e001_a_missing_data_folder(folder):
    with override_settings(DATA=folder.path / "not-mounted"):
        assert _ids() == ["ampera.E001"]


@pytest.mark.parametrize("text", [None, "{torn"])
def test_e002_a_folder_without_its_server_json(folder, text):
    folder.file.unlink()
    if text is not None:
        folder.file.write_text(text)
    assert _ids() == ["ampera.E002"]


def test_e003_another_servers_database(offices: Offices):
    with offices.at("16.71.02"):
        put_mark(CODE_MARK, value="16.71")
        assert [each.id for each in checks.about_database("16.71.02")] == ["ampera.E003"]
        put_mark(CODE_MARK, value="16.71.02")
        assert checks.about_database("16.71.02") == []


def test_e004_production_with_demo_flags_and_the_reverse(folder):
    with override_settings(IS_DEMO=False):
        assert "ampera.E004" in _ids()
    folder.write(replace(folder.read(), is_demo=False))
    assert _ids() == ["ampera.E004"]


@pytest.mark.parametrize("given", ["0", "11", "-1", "nan", "often"])
def test_e013_ticks_that_no_server_can_keep(folder, given):
    with override_settings(TICK_SECONDS=given):
        assert _ids() == ["ampera.E013"]
    with override_settings(TICK_SECONDS="0.2"):
        assert _ids() == []


def test_e005_a_missing_secret(folder):
    from ampera.tiers import settings

    with override_settings(SECRET_KEY=settings.NO_SECRET):
        assert _ids() == ["ampera.E005"]


def test_e006_residents_in_clear_across_a_network(folder):
    folder.write(replace(folder.read(), upper="http://10.0.0.5:8000"))
    assert _ids() == ["ampera.E006"]
    folder.write(replace(folder.read(), upper="http://127.0.0.1:8000"))
    assert _ids() == []


@pytest.mark.parametrize("name", ["server.pem", "secret.txt", "packets.txt"])
def test_e007_a_key_that_others_can_read(folder, name):
    (folder.path / "keys" / name).chmod(0o640)
    assert _ids() == ["ampera.E007"]


def test_e008_a_second_log_that_a_restore_would_replace(folder, monkeypatch):
    monkeypatch.setenv("AMPERA_SECOND_LOG", str(folder.path / "second.log"))
    assert _ids() == ["ampera.E008"]


@pytest.mark.parametrize(
    "address", ["10.0.0.7", "lpd://10.0.0.7", "ipp://:9", "ipp://x:y", "cups://", "cups://a b"]
)
def test_e011_an_address_that_names_no_printer(folder, address):
    folder.write(replace(folder.read(), printer=address))
    assert _ids() == ["ampera.E011"]
    folder.write(replace(folder.read(), printer="ipp://10.0.0.7:631/ipp/print"))
    assert _ids() == []


def test_e012_messages_that_go_nowhere(folder):
    with override_settings(MESSAGES="http://sms.example/send"):
        assert _ids() == ["ampera.E012"]
    with override_settings(MESSAGES="https://sms.example/send"):
        assert _ids() == []


def test_e009_a_database_that_does_not_answer(offices: Offices, monkeypatch):
    from django.db import OperationalError
    from django.db.migrations.recorder import MigrationRecorder

    def silent(*_: object) -> None:
        raise OperationalError("no such server")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", silent)
    with offices.at("16.71.02"):
        assert [each.id for each in checks.about_database("16.71.02")] == ["ampera.E009"]


def test_e010_a_database_of_another_release(offices: Offices):
    from django.db.migrations.recorder import MigrationRecorder

    with offices.at("16.71.02"):
        put_mark(CODE_MARK, value="16.71.02")
        MigrationRecorder.Migration.objects.filter(app="register").delete()
        assert [each.id for each in checks.about_database("16.71.02")] == ["ampera.E010"]


def test_w001_a_second_log_on_the_disk_of_the_database(folder):
    folder.write(replace(folder.read(), is_demo=False))
    with override_settings(IS_DEMO=False):
        assert _ids() == ["ampera.W001"]
