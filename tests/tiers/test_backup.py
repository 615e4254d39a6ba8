"""`ampera backup` and `ampera restore` on one server: what is in it, what is refused, and why."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from ampera.tiers.backup_file import copy_parts, read_manifest
from ampera.tiers.folder import ServerFolder, lock_folder
from ampera.tiers.telling import CannotError
from tests.tiers.running import ampera, ask, finished, free_base_port, wait_until

CODE = "16.71.02"


def run(*arguments: str | Path, code: int = 0) -> str:
    status, said = finished(*map(str, arguments), seconds_max=120)
    assert status == code, said
    assert "Traceback" not in said
    return said


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def server(data: Path) -> Path:
    return data / CODE


@pytest.fixture
def backup(server: Path, stick: Path) -> Path:
    run("backup", server, "--to", stick)
    (made,) = stick.iterdir()
    return made


def rows(database: Path, query: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def test_a_backup_holds_everything_but_keys_and_sessions(server: Path, stick: Path):
    name = "ab" * 32
    (server / "packets" / name).write_bytes(b"sealed")
    (server / "packets" / f"{name}.part").write_bytes(b"seal")
    with contextlib.closing(sqlite3.connect(server / "ampera.sqlite3")) as connection:
        connection.execute("INSERT INTO django_session VALUES ('s3ss10n-k3y', 'x', '2099-01-01')")
        connection.commit()
    said = run("backup", server, "--to", stick)
    assert "disk yang sama" in said, "stick and data lie on one disk in a test"
    (made,) = stick.iterdir()
    with tarfile.open(made) as tar:
        assert tar.getnames() == [
            "database.sqlite3", "server.json", f"packets/{name}", "manifest.json",
        ]  # fmt: skip
        assert {member.mode for member in tar.getmembers()} == {0o600}
    everything = made.read_bytes()
    for secret in (b"PRIVATE KEY", b"AGE-SECRET-KEY", b"s3ss10n-k3y"):
        assert secret not in everything
    assert (server / "keys" / "secret.txt").read_bytes().strip() not in everything


def test_the_manifest_says_where_each_chain_ends_and_is_signed(server: Path, backup: Path):
    manifest = read_manifest(backup)
    known = dict(rows(server / "ampera.sqlite3", "SELECT name, seq FROM journal_chain"))
    assert {each.chain: each.seq for each in manifest.chains} == known
    own = {name for name in known if name.startswith(f"{CODE}/") and known[name]}
    assert {str(head.chain) for head in manifest.ends} == own
    assert (manifest.office.text, manifest.incarnation) == (CODE, 1)


def test_a_backup_is_whole_while_the_server_goes_on_writing(server: Path, stick: Path):
    busy = subprocess.Popen(
        [sys.executable, "-m", "tests.tiers.busy_office", str(server)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert busy.stdout is not None
        busy.stdout.readline()
        for number in range(2):
            run("backup", server, "--to", stick / f"{number}.tar")
    finally:
        busy.kill()
        said = busy.communicate()[0].split()
    seqs = []
    for number in range(2):
        manifest = read_manifest(stick / f"{number}.tar")
        (audit,) = (each for each in manifest.chains if each.chain == f"{CODE}/audit@1")
        seqs.append(audit.seq)
        folder = stick / f"put-back-{number}"
        run("restore", stick / f"{number}.tar", "--data", folder)
        unsigned = rows(
            folder / "ampera.sqlite3",
            "SELECT c.name FROM journal_chain c JOIN journal_entryrow e ON e.chain = c.name AND"
            f" e.seq = c.seq WHERE c.name LIKE '{CODE}/%' AND e.signature IS NULL",
        )
        assert unsigned == [], "every end vouches for itself"
    assert 0 < seqs[0] < seqs[1] <= int(said[-1]) + 1, "it wrote before, between and after"


def test_a_folder_keeps_so_many_and_never_touches_what_is_not_its_own(server: Path, stick: Path):
    others = [f"ampera-{CODE}-20200101T000000Z.tar", "ampera-16.71-20200101T000000Z.tar", "a.tar"]
    for name in others:
        (stick / name).write_text("old")
    said = run("backup", server, "--to", stick, "--keep", "1")
    assert f"removed: {others[0]}" in said
    left = {path.name for path in stick.iterdir()}
    assert set(others[1:]) <= left
    assert len(left) == 3


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("{server}/packets", "hilang bersama server"),
        ("{server}-second", "hilang bersama server"),
        ("{stick}/not-plugged-in/", "Pasang stik"),
        ("{stick}/not-plugged-in/one.tar", "Pasang stik"),
        ("{stick}/there.tar", "tidak pernah ditimpa"),
    ],
)
def test_a_target_that_saves_nothing_is_refused(server: Path, stick: Path, target: str, says: str):
    (stick / "there.tar").write_text("an older backup")
    said = run("backup", server, "--to", target.format(server=server, stick=stick), code=1)
    assert says in said
    assert [path.name for path in stick.iterdir()] == ["there.tar"]


def test_a_full_target_is_told_before_anything_is_written(server: Path, stick: Path):
    # A packet of 4 TB that takes no room: no disk of a kecamatan has so much.
    with (server / "packets" / ("cd" * 32)).open("wb") as file:
        file.truncate(4 << 40)
    older = stick / f"ampera-{CODE}-20200101T000000Z.tar"
    older.write_text("the only backup that there is")
    said = run("backup", server, "--to", stick, "--keep", "1", code=1)
    assert "tidak cukup" in said
    assert list(stick.iterdir()) == [older]


def test_damaged_tables_are_not_backed_up_over_good_ones(server: Path, stick: Path):
    with contextlib.closing(sqlite3.connect(server / "ampera.sqlite3")) as connection:
        connection.execute(
            "UPDATE journal_entryrow SET facts = '{}' WHERE chain = '00/to/16.71@1' OR seq = 2"
        )
        connection.commit()
    older = stick / f"ampera-{CODE}-20200101T000000Z.tar"
    older.write_text("the last good one")
    said = run("backup", server, "--to", stick, "--keep", "1", code=1)
    assert "rusak" in said
    assert list(stick.iterdir()) == [older]


def test_a_changed_or_cut_backup_is_found(backup: Path, stick: Path):
    manifest = read_manifest(backup)
    raw = bytearray(backup.read_bytes())
    raw[len(raw) // 3] ^= 1
    (stick / "changed.tar").write_bytes(raw)
    with pytest.raises(CannotError, match=r"database\.sqlite3 was changed"):
        copy_parts(stick / "changed.tar", manifest=manifest, take={}, tell=lambda _: None)
    (stick / "cut.tar").write_bytes(raw[: len(raw) // 2])
    for name in ("changed.tar", "cut.tar", "missing.tar"):
        run("restore", stick / name, "--data", stick / "new", code=1)
        assert not (stick / "new" / "ampera.sqlite3").exists()


def test_a_restore_puts_the_old_tables_aside_and_keeps_the_keys(
    server: Path, backup: Path, tmp_path: Path
):
    key = (server / "keys" / "server.pem").read_bytes()
    said = run("restore", backup, "--data", server, code=1)
    assert "--replace" in said
    with contextlib.closing(sqlite3.connect(server / "ampera.sqlite3")) as connection:
        connection.execute("UPDATE journal_mark SET value = '1' WHERE key = 'server.code'")
        connection.commit()
    run("restore", backup, "--data", server, "--replace")
    (aside,) = server.glob("replaced-*")
    query = "SELECT value FROM journal_mark WHERE key = 'server.code'"
    assert rows(aside / "ampera.sqlite3", query) == [("1",)]
    assert rows(server / "ampera.sqlite3", query) == [(f'"{CODE}"',)]
    assert (server / "keys" / "server.pem").read_bytes() == key
    assert not list(server.glob(".restoring*"))
    said = run("serve", "--data", server, code=1)
    assert "dipulihkan dari cadangan" in said
    assert f"ampera rejoin --data {server} --code" in said
    assert "dipulihkan" in run("backup", server, "--to", tmp_path, code=1)


def test_on_another_machine_new_packet_keys_are_drawn_and_told(backup: Path, tmp_path: Path):
    new = tmp_path / "machine" / CODE
    said = run("restore", backup, "--data", new)
    (open_key,) = ServerFolder(new).read().recipients[CODE]
    assert f"--packet-key {open_key}" in said
    assert "Catatan kedua tidak ada" in said
    assert not (new / "keys" / "server.pem").exists(), "the next life brings its own"
    assert {path.stat().st_mode & 0o777 for path in (new / "keys").iterdir()} == {0o600}
    assert f"--packet-key {open_key}" in run("serve", "--data", new, code=1)
    found = json.loads(run("doctor", "--data", new, "--json", code=1))["findings"]
    (told,) = (each for each in found if each["what"] == "server")
    assert not told["is_fine"]


def test_nothing_is_put_over_a_living_or_another_server(data: Path, backup: Path, tmp_path: Path):
    handle = lock_folder(data / CODE)
    said = run("restore", backup, "--data", data / CODE, "--replace", code=1)
    assert "sedang dipakai" in said
    os.close(handle)
    said = run("restore", backup, "--data", data / "16.71.06", "--replace", code=1)
    assert "milik server 16.71.06" in said
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "letter.txt").write_text("somebody's")
    said = run("restore", backup, "--data", tmp_path / "papers", "--replace", code=1)
    assert "letter.txt" in said


def test_a_database_put_back_by_hand_is_seen_above_and_the_server_stops(data: Path):
    """A snapshot of the whole machine brings back tables and second log alike."""
    base, server = free_base_port(), data / CODE
    shutil.copytree(server, data / "snapshot")
    settings = json.loads((server / "server.json").read_text())
    settings["upper"] = f"http://127.0.0.1:{base}"
    (server / "server.json").write_text(json.dumps(settings))
    dinas = ampera("serve", "--data", str(data / "16.71"), "--port", str(base))
    try:
        wait_until(lambda: ask(f"http://127.0.0.1:{base}/healthz")[0] == 200)
        office = ampera("serve", "--data", str(server), "--port", str(base + 2))
        busy = ampera_module("tests.tiers.busy_office", server)
        assert busy.stdout is not None
        for _ in range(3):
            busy.stdout.readline()
        busy.kill()
        busy.communicate()
        query = f"SELECT count(*) FROM journal_entryrow WHERE chain = '{CODE}/audit@1'"
        above = data / "16.71" / "ampera.sqlite3"
        wait_until(lambda: rows(above, query) != [(0,)], seconds_max=60)
        office.terminate()
        office.communicate(timeout=60)
        for name in ("ampera.sqlite3", "ampera.sqlite3-wal", "ampera.sqlite3-shm"):
            (server / name).unlink(missing_ok=True)
        shutil.copy(data / "snapshot" / "ampera.sqlite3", server)
        (data / f"{CODE}-second" / "second.log").unlink()
        for _ in range(2):  # it stops by itself, and does not start again
            again = ampera("serve", "--data", str(server), "--port", str(base + 2))
            try:
                said = again.communicate(timeout=60)[0]
            finally:
                again.kill()
            assert again.returncode == 1, said
            assert "Kantor lain memegang" in said
            assert "ampera rejoin" in said
            assert "Traceback" not in said
    finally:
        dinas.terminate()
        dinas.communicate(timeout=60)


def ampera_module(name: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", name, str(folder)], stdout=subprocess.PIPE, text=True
    )
