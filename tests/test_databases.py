"""The ground on which the other tests stand: fresh databases with real commits, on both engines."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from tests import databases, postgres
from tests.conftest import without_postgres

WAIT_SECONDS_MAX = 60


def make_shelf(*, blanko: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE shelf (office varchar(20) PRIMARY KEY, blanko integer NOT NULL)"
        )
        cursor.execute("INSERT INTO shelf VALUES ('99.01.01', %s)", [blanko])


def blanko_on_shelf() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT blanko FROM shelf")
        return cursor.fetchone()[0]


def table_names() -> list[str]:
    return connection.introspection.table_names()


def in_a_thread(work: Callable[[], object]) -> list[object]:
    """The answer of a thread of its own, which means of a connection of its own."""
    answers: list[object] = []

    def run() -> None:
        try:
            answers.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(WAIT_SECONDS_MAX)
    return answers


@pytest.mark.parametrize("turn", [1, 2])
def test_no_test_finds_what_another_left(django_database, turn):
    assert "shelf" not in table_names()
    make_shelf(blanko=turn)
    assert blanko_on_shelf() == turn


def test_the_engine_is_the_one_that_is_named(django_database):
    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[django_database]
    assert connection.settings_dict is connections.settings["default"]


def test_the_database_is_migrated(django_database):
    assert "django_migrations" in table_names()
    assert any(name.startswith("journal_") for name in table_names())


def test_another_window_sees_what_is_committed_and_nothing_else(django_database):
    make_shelf(blanko=1)
    assert in_a_thread(blanko_on_shelf) == [1]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE shelf SET blanko = 0")
        assert in_a_thread(blanko_on_shelf) == [1]
    assert in_a_thread(blanko_on_shelf) == [0]


def test_what_waits_for_the_commit_happens(django_database):
    make_shelf(blanko=1)
    seen: list[int] = []
    with transaction.atomic():
        transaction.on_commit(lambda: seen.append(blanko_on_shelf()))
        assert not seen
    assert seen == [1]


def sold(take: Callable[[], bool], *, windows: int = 2) -> list[object]:
    """What each of some windows says that takes at the same moment."""
    answers: list[object] = []
    gate = threading.Barrier(windows)

    def run() -> None:
        gate.wait(WAIT_SECONDS_MAX)
        try:
            with transaction.atomic():
                answers.append(take())
        except Exception as defect:
            answers.append(defect)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(windows)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(WAIT_SECONDS_MAX)
    return sorted(answers, key=str)


def test_compare_and_set_gives_the_last_blanko_to_one_window(django_database):
    make_shelf(blanko=1)

    def take() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE shelf SET blanko = blanko - 1 WHERE blanko >= 1")
            return cursor.rowcount == 1

    assert sold(take) == [False, True]
    assert blanko_on_shelf() == 0


def test_reading_first_sells_the_last_blanko_twice_where_windows_read_together(django_database):
    """The negative control: on PostgreSQL the race is real, on SQLite writers queue and hide it."""
    make_shelf(blanko=1)
    both_have_read = threading.Barrier(2)

    def take() -> bool:
        found = blanko_on_shelf()
        if found < 1:
            return False
        # On SQLite the second window cannot read before the first has ended, so nobody comes.
        if django_database == "postgres":
            both_have_read.wait(WAIT_SECONDS_MAX)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE shelf SET blanko = %s", [found - 1])
        return True

    expected = {"postgres": [True, True], "sqlite": [False, True]}
    assert sold(take) == expected[django_database]


def test_the_former_database_is_back_afterwards(tmp_path, django_db_blocker):
    before = connections.settings["default"]
    with django_db_blocker.unblock():
        with databases.as_default(databases.sqlite_settings(tmp_path / "a.sqlite3")):
            make_shelf(blanko=1)
            assert connections.settings["default"] is not before
        assert connections.settings["default"] is before
        with databases.as_default(databases.sqlite_settings(tmp_path / "b.sqlite3")):
            assert "shelf" not in table_names()


def test_a_swap_inside_a_transaction_is_refused(sqlite_database, tmp_path):
    other = databases.sqlite_settings(tmp_path / "a.sqlite3")
    with (
        transaction.atomic(),
        pytest.raises(AssertionError, match="loses rows"),
        databases.as_default(other),
    ):
        pass
    with databases.as_default(other):
        make_shelf(blanko=1)
    assert "shelf" not in table_names()


def test_a_server_can_be_told_where_a_test_database_is(postgres_server):
    told = postgres.server_from_url(postgres_server.url("somewhere"))
    assert told.host == postgres_server.host
    assert told.port == postgres_server.port
    assert told.maintenance == "somewhere"


def test_a_url_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="postgresql"):
        postgres.server_from_url("mysql://localhost/ampera")


def test_without_programs_the_message_names_the_package(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "initdb").symlink_to(tmp_path / "gone" / "initdb")  # a package that was removed
    with pytest.raises(postgres.NoPostgres, match="install the package postgresql"):
        postgres.binaries_folder(roots=f"{tmp_path}/*/bin")


def test_the_newest_programs_are_taken(tmp_path):
    for version in ("9.6", "15", "17"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
    assert postgres.binaries_folder(roots=f"{tmp_path}/*/bin") == tmp_path / "17" / "bin"


def test_a_missing_server_is_a_skip_here_and_a_failure_in_ci():
    reason = postgres.NoPostgres("install the package postgresql")
    with pytest.raises(pytest.skip.Exception, match="postgresql"):
        without_postgres(reason, is_ci=False)
    with pytest.raises(pytest.fail.Exception, match="postgresql"):
        without_postgres(reason, is_ci=True)


@pytest.mark.postgres
def test_a_cluster_ends_when_its_run_is_killed(tmp_path, postgres_server):
    if os.environ.get("DATABASE_URL"):
        pytest.skip("the server is given, not ours to start")
    # Short of pytest's own folders: a socket's path has room for 107 characters, and PostgreSQL's
    # user has to reach it.
    folder = Path(postgres_server.host).parents[1] / "killed"
    folder.mkdir(mode=0o711)
    with subprocess.Popen(["sleep", "600"]) as run:
        postgres.shared_server(folder, watched_pid=run.pid, environ={})
        postmaster = folder / "postgres" / "cluster" / "postmaster.pid"
        server_pid = int(postmaster.read_text().split()[0])
        assert Path(f"/proc/{server_pid}").exists()
        run.kill()
    until = time.monotonic() + WAIT_SECONDS_MAX
    while (is_alive(server_pid) or folder.exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(server_pid)
    assert not folder.exists()


def is_alive(pid: int) -> bool:
    """Does the process still run? One that has ended stays listed until its parent asks for it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_several_windows_open_a_fresh_file_at_once(tmp_path, run_folder, django_db_blocker):
    """A file that is not in the mode of an office yet is locked against those who turn it."""
    template = databases.sqlite_template(run_folder)
    with django_db_blocker.unblock():
        for number in range(20):
            with databases.fresh_sqlite(template, at=tmp_path / f"{number}.sqlite3"):
                gate = threading.Barrier(4)

                def look(gate: threading.Barrier = gate) -> list[str]:
                    gate.wait(WAIT_SECONDS_MAX)
                    return table_names()

                with ThreadPoolExecutor(4) as windows:
                    asked = [windows.submit(in_a_thread, look) for _ in range(4)]
                    assert all(each.result()[0] for each in asked)
