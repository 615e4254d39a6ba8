"""Every environment variable that a server reads, in one table: for `docs/reference/settings.md`.

Settings come from the environment only. A test holds this table to the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: what it is for, and what holds when it is not given."""

    name: str
    meaning: str
    default: str
    #: `NAME_FILE` may name a file that holds the value, so that it stands in no process list.
    has_file: bool = False


VARIABLES: Final = (
    Variable("AMPERA_DATA", "folder of this server: database, packets, keys", "var/none"),
    Variable("AMPERA_OFFICE", "code of the office, `16.71.02`; set from `server.json`", "99.99.99"),
    Variable(
        "AMPERA_DEMO",
        "`1`: synthetic people (DATA CONTOH), cards marked SPESIMEN; must agree with `server.json`",
        "empty: a real server",
    ),
    Variable(
        "AMPERA_SECRET_KEY",
        "signs sessions; made by `ampera init` as `keys/secret.txt`",
        "from `keys/secret.txt`",
        has_file=True,
    ),
    Variable(
        "DATABASE_URL",
        "PostgreSQL of a dinas or the pusat, `postgresql://user@host/name`",
        "SQLite in the data folder",
        has_file=True,
    ),
    Variable(
        "AMPERA_MAP_GEOJSON",
        "borders of the kecamatan for the city map: GeoJSON with `kode` in its properties",
        "empty: tiles",
    ),
    Variable(
        "AMPERA_SECOND_LOG",
        "file of the second log, on another disk or stick than the database",
        "beside the data folder",
    ),
    Variable("AMPERA_TLS_CERT", "certificate (PEM) with which this server answers over https", ""),
    Variable("AMPERA_TLS_KEY", "its private key (PEM)", ""),
    Variable("AMPERA_BEHIND_PROXY", "`1`: a proxy ends TLS before this server", "empty: no"),
    Variable("AMPERA_HOSTS", "host names that it answers to, with commas", "127.0.0.1,localhost"),
    Variable(
        "AMPERA_MESSAGES",
        "where messages to residents go: `file:/folder`, `smtp://host:25?from=a@b`, `https://gateway`",
        "empty: none are sent",
    ),
    Variable(
        "AMPERA_MESSAGES_TOKEN",
        "password of the mail server, or bearer token of the gateway",
        "",
        has_file=True,
    ),
    Variable(
        "AMPERA_TICK_SECONDS",
        "wall seconds between two looks of a server at what is to be done, 0.05 to 10: for tests",
        "1",
    ),
    Variable("AMPERA_STATIONS", "stations that are loaded, with commas: for tests", "all"),
    Variable("AMPERA_PARTS", "`screens,api,post`: what this web process answers", "all three"),
    Variable("AMPERA_CITY", "`city.json` of the demo city that this server belongs to", ""),
)
