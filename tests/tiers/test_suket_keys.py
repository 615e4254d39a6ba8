"""The key file of a dinas's sukets: drawn once, for its owner only, in no backup, renewable."""

from __future__ import annotations

import json
import stat
import tarfile
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import override_settings

from ampera.suket.ports import letter_keys
from ampera.tiers import checks
from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.making import make_folder
from ampera.tiers.suket_keys import FileKeys, open_suket_keys, suket_key_path
from tests.houses import Offices
from tests.tiers.running import finished


def test_the_key_is_drawn_at_first_use_and_stays(tmp_path: Path):
    path = tmp_path / "keys" / "suket.pem"
    keys = FileKeys(path)
    assert not path.exists()
    public = keys.public()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert FileKeys(path).public() == public
    Ed25519PublicKey.from_public_bytes(public).verify(keys.sign(b"suket"), b"suket")
    assert [each.name for each in path.parent.iterdir()] == ["suket.pem"]


def test_a_renewed_key_is_another_for_every_process(tmp_path: Path):
    path = tmp_path / "keys" / "suket.pem"
    here, there = FileKeys(path), FileKeys(path)
    old = here.public()
    new = there.renew()
    assert here.public() == new != old
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_windows_that_print_first_sign_with_one_key(tmp_path: Path):
    path = tmp_path / "keys" / "suket.pem"
    gate = threading.Barrier(4)
    found: list[bytes] = []

    def first() -> None:
        gate.wait()
        found.append(FileKeys(path).public())

    threads = [threading.Thread(target=first) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 4
    assert set(found) == {FileKeys(path).public()}


def test_only_a_dinas_has_one(tmp_path: Path, offices: Offices):
    for code in ("16.71", "16.71.02"):
        folder = ServerFolder(tmp_path / code)
        make_folder(folder, server=ServerFile(code=code, is_demo=True))
        open_suket_keys(folder, server=folder.read())
        assert not suket_key_path(folder).exists()
    with offices.at("16.71"):
        letter_keys().public()
    assert suket_key_path(ServerFolder(tmp_path / "16.71")).exists()
    assert not suket_key_path(ServerFolder(tmp_path / "16.71.02")).exists()


def test_a_key_that_others_can_read_is_found(tmp_path: Path):
    folder = ServerFolder(tmp_path / "16.71")
    make_folder(folder, server=ServerFile(code="16.71", upper="https://pusat.test", is_demo=True))
    FileKeys(suket_key_path(folder)).public()
    secret = folder.secret.read_text()
    with override_settings(DATA=folder.path, OFFICE="16.71", IS_DEMO=True, SECRET_KEY=secret):
        assert [each.id for each in checks.about_settings()] == []
        suket_key_path(folder).chmod(0o644)
        assert [each.id for each in checks.about_settings()] == ["ampera.E007"]


@pytest.fixture
def dinas(data: Path) -> Path:
    return data / "16.71"


def test_the_command_renews_the_key_and_lists_the_old_one(dinas: Path, tmp_path: Path):
    def told(*more: str) -> list[dict[str, str]]:
        status, said = finished("suketkey", "--data", str(dinas), "--json", *more, seconds_max=120)
        assert status == 0, said
        found: list[dict[str, str]] = json.loads(said[said.index("[") :])
        return found

    assert told() == []
    first = told("--renew")
    assert told("--renew")[0] == first[0]
    assert len(told()) == 2
    status, said = finished("backup", str(dinas), "--to", str(tmp_path), seconds_max=120)
    assert status == 0, said
    (made,) = [each for each in tmp_path.iterdir() if each.suffix == ".tar"]
    with tarfile.open(made) as archive:
        assert not any("suket" in each or "pem" in each for each in archive.getnames())
    secret = suket_key_path(ServerFolder(dinas)).read_bytes()
    assert secret.splitlines()[1] not in made.read_bytes()


def test_a_kecamatan_is_told_that_it_has_none(data: Path):
    status, said = finished("suketkey", "--data", str(data / "16.71.02"), seconds_max=120)
    assert status != 0
    assert "Disdukcapil" in said
    assert "Traceback" not in said
