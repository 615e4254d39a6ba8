"""Where a server keeps its tables: SQLite with a full sync, or PostgreSQL by `DATABASE_URL`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

#: FULL, because an acknowledged print must survive a power cut: in WAL mode NORMAL may lose the
#: last
#: transactions. IMMEDIATE, because a read that later writes fails at once in a deferred
#: transaction.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
    ),
}


def database_settings(url: str | None, sqlite_file: Path) -> dict[str, Any]:  # positional: a pair
    """Django's settings for one database. Raises ValueError for a URL of another kind."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(sqlite_file),
            "OPTIONS": SQLITE_OPTIONS,
            # Kept open: the last one to close folds the write-ahead log back with a sync, and that
            # would happen after every page.
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must begin with postgresql://")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A folder of a unix socket stands in ?host=, as libpq writes it.
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(query.get("port", [parts.port or ""])[0]),
    }


def secret(name: str) -> str | None:
    """A secret from the environment, or from the file that NAME_FILE names. OSError when
    unreadable."""
    if file := os.environ.get(f"{name}_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(name)
