"""A PostgreSQL server for the tests: the given one, or one of our own for the length of the run.

Races are judged on PostgreSQL (SQLite lets writers queue before they read, which hides them), so
the server has to be as easy to have as SQLite: `DATABASE_URL` when it is set; else the programs of
Debian, with a cluster in a temporary folder that is reached by a Unix socket only; else a message
that names the package. One cluster serves all workers of a run; the first one that asks starts it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from ampera.tiers.database import database_settings

PORT_DEFAULT = 5432  # of our own cluster it only names the socket; nothing listens on TCP
START_SECONDS_MAX = 60
OWNER = "ampera"
# Rows of a test need not outlive a power cut; what a test sees of commits and locks is unchanged.
SERVER_OPTIONS: Mapping[str, str] = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
}


class NoPostgres(Exception):
    """No server is given and none can be started here. The text names what to install."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """Where databases for tests are made. `host` is a host name or the folder of a Unix socket."""

    host: str
    port: int
    user: str
    password: str = ""
    maintenance: str = "postgres"  #: the database from which others are made and dropped

    def create_database(self, name: str, *, template: str = "template1") -> None:
        """Make a database as a copy of `template`, to which nobody may be connected."""
        with self._maintenance() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def drop_database(self, name: str) -> None:
        """Drop a database if it is there, and throw out whoever a test left connected to it."""
        with self._maintenance() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def has_database(self, name: str) -> bool:
        """Is there a database of this name?"""
        with self._maintenance() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def url(self, name: str) -> str:
        """The `DATABASE_URL` of one database, for a server that a test starts as a process."""
        password = f":{quote(self.password, safe='')}" if self.password else ""
        who = f"{quote(self.user, safe='')}{password}"
        return f"postgresql://{who}@/{name}?host={quote(self.host)}&port={self.port}"

    def django_settings(self, name: str) -> dict[str, Any]:
        """One database as an entry of Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "HOST": self.host,
            "PORT": str(self.port),
            "USER": self.user,
            "PASSWORD": self.password,
        }

    def _maintenance(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password or None,
            dbname=self.maintenance,
            autocommit=True,  # databases are made and dropped outside transactions
        )


def server_from_url(url: str) -> PostgresServer:
    """The server that a `DATABASE_URL` names. Raises ValueError for another kind of database."""
    if not url:
        raise ValueError("an empty DATABASE_URL names no server")
    parts = database_settings(url, Path())
    return PostgresServer(
        host=parts["HOST"] or "localhost",
        port=int(parts["PORT"] or PORT_DEFAULT),
        user=parts["USER"] or OWNER,
        password=parts["PASSWORD"],
        maintenance=parts["NAME"] or "postgres",
    )


def binaries_folder(*, roots: str = "/usr/lib/postgresql/*/bin") -> Path:
    """The folder of the newest `initdb` and `pg_ctl`. Raises NoPostgres when there is none.

    Debian keeps both outside PATH. A name on PATH counts only if it leads to a program: a link into
    a package that is gone does not.
    """
    folders = [path for path in Path("/").glob(roots.lstrip("/")) if (path / "initdb").is_file()]
    folders.sort(key=lambda path: [int(each) for each in path.parent.name.split(".")])
    if folders:
        return folders[-1]
    on_path = shutil.which("initdb")
    if on_path is not None:
        real = Path(on_path).resolve()
        if real.is_file() and (real.parent / "pg_ctl").is_file():
            return real.parent
    raise NoPostgres(
        "no PostgreSQL here: set DATABASE_URL or install the package postgresql"
        " (apt-get install postgresql)"
    )


def shared_server(
    folder: Path, *, watched_pid: int, environ: Mapping[str, str] = os.environ
) -> PostgresServer:
    """The run's server: the given one, or the cluster in `folder`, started now if it is not up yet.

    Safe to call from several processes at once. The cluster ends with `stop_server`, or by itself
    when process `watched_pid` is gone. Raises NoPostgres.
    """
    if url := environ.get("DATABASE_URL", ""):
        return server_from_url(url)
    with locked(folder / "postgres.lock"):
        if not (folder / "postgres.up").exists():
            binaries_folder()  # says what is missing before anything is made
            _start(folder, owner=_owner())
            (folder / "postgres.up").touch()
            _watch(folder, pid=watched_pid)
    socket = folder / "postgres" / "socket"
    return PostgresServer(host=str(socket), port=PORT_DEFAULT, user=OWNER)


def stop_server(folder: Path) -> None:
    """Stop the cluster in `folder`, if one was started. The folder may be removed afterwards."""
    if (folder / "postgres.up").exists():
        cluster = folder / "postgres" / "cluster"
        log = folder / "postgres.log"
        _run("pg_ctl", "stop", "-D", str(cluster), "-m", "immediate", owner=_owner(), log=log)
        (folder / "postgres.up").unlink()
        with contextlib.suppress(ProcessLookupError):
            os.kill(int((folder / "watcher.pid").read_text()), signal.SIGTERM)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock at `path`: one process at a time, freed by the kernel if its holder dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start(folder: Path, *, owner: pwd.struct_passwd | None) -> None:
    """Make a cluster and start it. PostgreSQL refuses to run as root: root hands it to `owner`."""
    data = folder / "postgres"
    shutil.rmtree(data, ignore_errors=True)  # what a start that failed has left
    for each in (data, data / "socket"):
        each.mkdir(mode=0o700)
        if owner is not None:
            os.chown(each, owner.pw_uid, owner.pw_gid)
    log = folder / "postgres.log"
    cluster = str(data / "cluster")
    make = ["-D", cluster, "-N", "-A", "trust", "-U", OWNER, "-E", "UTF8", "--locale=C.UTF-8"]
    _run("initdb", *make, owner=owner, log=log)
    options = {**SERVER_OPTIONS, "unix_socket_directories": str(data / "socket")}
    flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    start = [
        "-D",
        cluster,
        "-w",
        "-t",
        str(START_SECONDS_MAX),
        "-l",
        str(data / "log"),
        "-o",
        flags,
    ]
    _run("pg_ctl", "start", *start, owner=owner, log=log)


def _watch(folder: Path, *, pid: int) -> None:
    """Stop the cluster when process `pid` is gone: a run that is killed cleans up nothing."""
    postmaster = (folder / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0]
    # The server's own children may write for some seconds more, and a folder into which somebody
    # writes cannot be removed: so it is tried again.
    after = (
        f"tail --pid={pid} -f /dev/null; kill -QUIT {postmaster};"
        f" for each in 1 2 3 4 5 6 7 8 9 10; do sleep 1; rm -rf '{folder}' && exit; done"
    )
    watcher = subprocess.Popen(
        ["sh", "-c", after],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # an interrupt from the keyboard reaches the run, not its watcher
    )
    (folder / "watcher.pid").write_text(str(watcher.pid))


def _owner() -> pwd.struct_passwd | None:
    """Whom a cluster belongs to when we are root: nobody may run PostgreSQL as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgres("no user postgres to run PostgreSQL as: install the package postgresql")


def _run(program: str, *arguments: str, owner: pwd.struct_passwd | None, log: Path) -> None:
    command = [str(binaries_folder() / program), *arguments]
    if owner is not None:
        command = ["runuser", "-u", owner.pw_name, "--", *command]
    # To a file, not a pipe: the server inherits the output and would keep a pipe open for ever.
    with log.open("ab") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",  # a folder that every user may enter
            timeout=START_SECONDS_MAX * 2,
            check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(f"{program} ended with {done.returncode}:\n{log.read_text()[-2000:]}")
