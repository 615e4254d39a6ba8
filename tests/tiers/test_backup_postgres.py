"""The same backup where the tables lie in PostgreSQL: `pg_dump` of one snapshot, all or nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ampera.tiers.backup_file import read_manifest
from tests.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture
def urls(postgres_server: PostgresServer) -> Iterator[tuple[str, str]]:
    """Two empty databases: of the server, and of the machine that comes after it."""
    names = [f"ampera_backup_{uuid.uuid4().hex[:8]}" for _ in range(2)]
    for name in names:
        postgres_server.create_database(name)
    yield postgres_server.url(names[0]), postgres_server.url(names[1])
    for name in names:
        postgres_server.drop_database(name)


def run(url: str, *arguments: str | Path, code: int = 0, path: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ampera", *map(str, arguments)],
        env={**os.environ, "DATABASE_URL": url, **({"PATH": path} if path else {})},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_a_server_on_postgres_is_backed_up_and_put_back(urls, tmp_path: Path):
    before, after = urls
    folder, new, stick = tmp_path / "00", tmp_path / "new", tmp_path / "stick"
    stick.mkdir()
    run(before, "init", "00", "--data", folder, "--demo")
    said = run(before, "backup", folder, "--to", stick, path=str(tmp_path), code=1)
    assert "apt-get install postgresql-client" in said
    assert list(stick.iterdir()) == []
    run(before, "backup", folder, "--to", stick)
    (made,) = stick.iterdir()
    manifest = read_manifest(made)
    assert {part.name for part in manifest.parts} == {"database.pgdump", "server.json"}
    assert "kosong" in run(before, "restore", made, "--data", new, code=1)
    assert "PostgreSQL" in run("", "restore", made, "--data", tmp_path / "lite", code=1)
    told = json.loads(_json(run(after, "restore", made, "--data", new, "--json")))
    assert told["entries"] == manifest.entries > 0
    assert "belum ada di rilis ini" in run(after, "serve", "--data", new, code=1)
    query = "SELECT chain, seq, hash FROM journal_entryrow ORDER BY chain, seq"
    with psycopg.connect(before) as old, psycopg.connect(after) as put_back:
        assert old.execute(query).fetchall() == put_back.execute(query).fetchall()
    run(after, "restore", made, "--data", new, "--replace")
    with psycopg.connect(after) as put_back:
        schemas = put_back.execute(
            "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'replaced_%'"
        ).fetchone()
    assert schemas == (1,), "what lay there is renamed, never dropped"


def _json(said: str) -> str:
    return said[said.index("{\n") : said.rindex("}") + 1]
