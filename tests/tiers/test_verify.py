"""`ampera verify` names what was changed: the chain, the place, and whose copy differs."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.tiers.running import finished


def _verified(*arguments: str) -> tuple[int, list[dict[str, object]]]:
    code, said = finished("verify", *arguments, "--json")
    return code, json.loads(said[said.index("{\n") :])["findings"]


def _flip(folder: Path, before: bytes, after: bytes) -> None:
    """Change bytes in the server's database file, wherever SQLite keeps them."""
    assert len(before) == len(after)
    found = 0
    for file in (folder / "ampera.sqlite3", folder / "ampera.sqlite3-wal"):
        if file.exists() and before in (data := file.read_bytes()):
            file.write_bytes(data.replace(before, after))
            found += 1
    assert found, f"{before!r} does not lie in {folder}"


def test_a_flipped_byte_is_found_by_chain_and_place(data: Path):
    database = sqlite3.connect(data / "16.71.02" / "ampera.sqlite3")
    (seq,) = database.execute(
        "SELECT seq FROM journal_entryrow WHERE chain = '16.71.02/up@1' AND kind LIKE 'blanko.c%'"
    ).fetchone()
    database.close()
    _flip(data / "16.71.02", b'"place":"16.71.02/shelf"', b'"place":"16.71.06/shelf"')
    code, found = _verified("--data", str(data / "16.71.02"))
    assert code == 1
    assert ("16.71.02/up@1", seq) in {(each["chain"], each["seq"]) for each in found}


def test_a_server_that_rewrote_its_own_past_is_found_by_the_copies(data: Path):
    database = sqlite3.connect(data / "16.71.06" / "ampera.sqlite3")
    # Its last entry goes, and its head is moved back: alone it looks whole.
    chain = "16.71.06/up@1"
    (seq,) = database.execute("SELECT seq FROM journal_chain WHERE name = ?", [chain]).fetchone()
    (prev,) = database.execute(
        "SELECT prev FROM journal_entryrow WHERE chain = ? AND seq = ?", [chain, seq]
    ).fetchone()
    database.execute("DELETE FROM journal_entryrow WHERE chain = ? AND seq = ?", [chain, seq])
    database.execute(
        "UPDATE journal_chain SET seq = ?, hash = ? WHERE name = ?", [seq - 1, prev, chain]
    )
    database.commit()
    database.close()
    (data / "16.71.06-second" / "second.log").write_text("")
    code, found = _verified("--city", str(data / "city.json"))
    assert code == 1
    longer = [each for each in found if "longer than" in str(each["what"])]
    assert {(each["server"], each["chain"], each["seq"]) for each in longer} >= {
        ("16.71", chain, seq)
    }


def test_a_database_that_is_no_database_is_a_finding(data: Path):
    file = data / "00" / "ampera.sqlite3"
    raw = bytearray(file.read_bytes())
    raw[0:16] = b"no database here"
    # Page one may lie in the write-ahead log too; then the file is not what is read.
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    file.write_bytes(raw)
    code, found = _verified("--data", str(data / "00"))
    assert code == 1
    assert found[0]["server"] == "00"


def test_a_folder_without_a_server_is_told_with_what_to_do(tmp_path: Path):
    code, said = finished("verify", "--data", str(tmp_path))
    assert code == 1
    assert "ampera init" in said
    assert "Traceback" not in said
