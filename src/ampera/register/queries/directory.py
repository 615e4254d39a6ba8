"""Several offices in one statement, for pages that name some and are asked often."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

from ampera.journal import sql
from ampera.register.queries.offices import OfficeSeen
from ampera.words.office import OfficeCode

#: The country has some 8,000; a city has twenty.
_OFFICES_MAX: Final = 1024
_COLUMNS: Final = "code, name, hosted_by, capabilities, prints_from"


def offices_and_hosts(codes: Iterable[str]) -> Mapping[OfficeCode, OfficeSeen]:
    """These offices and those that host them, as far as somebody described them here.

    What was described counts before what the register snapshot told.
    """
    wanted = sorted({code for code in codes if code})
    if not wanted:
        return {}
    rows = sql.read(offices_statement(len(wanted)), *(wanted * 4))
    return {each.code: each for each in (_seen(row) for row in sorted(rows, key=_rank))}


@cache
def offices_statement(count: int) -> str:
    """Asks for so many codes, four times over; copies come under rank 0."""
    marks = ", ".join(["%s"] * count)
    return " UNION ALL ".join(
        f"SELECT {rank} AS rank, {_COLUMNS} FROM {table}"  # noqa: S608 - names of our own
        f" WHERE code IN ({marks})"
        f" OR code IN (SELECT hosted_by FROM {table} WHERE code IN ({marks}))"
        for rank, table in ((1, "register_office"), (0, "register_officecopy"))
    )


@lru_cache(maxsize=_OFFICES_MAX)
def office_named(code: str) -> OfficeCode:
    """The code as a type. Raises ValueError for what is none."""
    return OfficeCode(code)


def _rank(row: tuple[Any, ...]) -> int:
    return int(row[0])


@lru_cache(maxsize=_OFFICES_MAX)
def _seen(row: tuple[Any, ...]) -> OfficeSeen:
    _, code, name, hosted_by, capabilities, prints_from = row
    if isinstance(prints_from, str):  # one of the databases has no type for days
        prints_from = date.fromisoformat(prints_from)
    return OfficeSeen(
        code=office_named(code),
        name=name,
        hosted_by=office_named(hosted_by) if hosted_by else None,
        capabilities=frozenset(json.loads(capabilities)),
        prints_from=prints_from,
    )
