"""What every test may ask for: a PostgreSQL server, a fresh migrated database on either engine."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.postgres import NoPostgres, PostgresServer, server_from_url, shared_server, stop_server

RUN_FOLDER = pytest.StashKey[Path]()
RUN_PID = pytest.StashKey[int]()
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """One folder a run, made by its first process and told to its workers."""
    told: dict[str, Any] | None = getattr(config, "workerinput", None)
    if told is not None:
        config.stash[RUN_FOLDER] = Path(told["ampera_run_folder"])
        config.stash[RUN_PID] = told["ampera_run_pid"]
        return
    folder = Path(tempfile.mkdtemp(prefix="ampera-tests-"))
    folder.chmod(0o711)  # PostgreSQL runs as another user and has to reach its own folder within
    config.stash[RUN_FOLDER] = folder
    config.stash[RUN_PID] = os.getpid()


def pytest_collection_finish() -> None:
    """What was imported stays to the end: nobody has to look through it for garbage again and
    again, which costs a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share a run out by file, whatever `--dist` says."""
    from tests.sharing_out import ByFile

    return ByFile(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the run's folder is."""
    node.workerinput["ampera_run_folder"] = str(node.config.stash[RUN_FOLDER])
    node.workerinput["ampera_run_pid"] = node.config.stash[RUN_PID]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Runs after failures and interrupts too: the server stops, nothing stays on the disk."""
    if hasattr(config, "workerinput") or RUN_FOLDER not in config.stash:
        return
    folder = config.stash[RUN_FOLDER]
    try:
        template = folder / "template.postgres"
        if os.environ.get("DATABASE_URL") and template.exists():
            # A given server outlives the run; what the run made on it does not.
            server_from_url(os.environ["DATABASE_URL"]).drop_database(template.read_text())
        stop_server(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def without_postgres(reason: NoPostgres, *, is_ci: bool) -> NoReturn:
    """Skip on a developer's machine, fail in CI: a promise skipped there is a hole."""
    if is_ci:
        pytest.fail(str(reason), pytrace=False)
    pytest.skip(str(reason))


@pytest.fixture(scope="session")
def run_folder(request: pytest.FixtureRequest) -> Path:
    """A folder that all workers of this run share."""
    return request.config.stash[RUN_FOLDER]


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest, run_folder: Path) -> PostgresServer:
    """The run's PostgreSQL server, on which databases can be made."""
    try:
        return shared_server(run_folder, watched_pid=request.config.stash[RUN_PID])
    except NoPostgres as reason:
        without_postgres(reason, is_ci=os.environ.get("CI") == "true")


@pytest.fixture(params=ENGINES)
def django_database(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any
) -> Iterator[str]:
    """A fresh migrated database as Django's `default`, with real commits: once on each engine.

    Gives the engine's name, `sqlite` or `postgres`. Threads that the test starts see the same
    database through connections of their own, which they have to close. Not to be mixed with the
    `django_db` mark, which holds a transaction of its own.
    """
    with django_db_blocker.unblock(), _fresh(request.param, request=request, folder=tmp_path):
        yield request.param


@pytest.fixture
def sqlite_database(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any
) -> Iterator[str]:
    """As `django_database`, on SQLite only."""
    with django_db_blocker.unblock(), _fresh("sqlite", request=request, folder=tmp_path):
        yield "sqlite"


@pytest.fixture
def postgres_database(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any
) -> Iterator[str]:
    """As `django_database`, on PostgreSQL only: for races, which SQLite hides."""
    with django_db_blocker.unblock(), _fresh("postgres", request=request, folder=tmp_path):
        yield "postgres"


def _fresh(engine: str, *, request: pytest.FixtureRequest, folder: Path) -> Any:
    # Imported here: this needs Django's apps, which are ready only once the plugins are.
    from tests import databases

    run = request.getfixturevalue("run_folder")
    if engine == "sqlite":
        return databases.fresh_sqlite(databases.sqlite_template(run), at=folder / "default.sqlite3")
    server = request.getfixturevalue("postgres_server")
    # The run's name keeps two runs apart on one given server.
    prefix = run.name.replace("-", "_")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    template = databases.postgres_template(server, folder=run, name=f"{prefix}_template")
    return databases.fresh_postgres(
        server, template=template, name=f"{prefix}_{worker}_{next(_numbers)}"
    )
