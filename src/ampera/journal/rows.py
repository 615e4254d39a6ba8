"""Rows of a table by statements that are made once: for what is done again with each entry.

The ORM makes a statement anew each time, and that takes ten times as long as either database takes
to answer it. Here the columns of a model are written out once, and values are converted by the
model's own fields, so a row reads the same by either way. Whatever is asked seldom, or is composed
as it goes, stays with the ORM.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Generic, TypeVar, cast

from django.db import connection, connections
from django.db.models import (
    CharField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
)
from django.db.models.base import ModelState

from ampera.journal import sql

M = TypeVar("M", bound=Model)
#: What a field of text or whole numbers writes as it is.
_AS_IT_IS: Final = frozenset({str, int, type(None)})
_PLAIN: Final = (CharField, TextField, IntegerField)
_Converter = tuple[int, Callable[[Any], Any]]


class Rows(Generic[M]):
    """The rows of one model in whichever database is the default one now."""

    def __init__(self, model: type[M]) -> None:
        fields: list[Field[Any, Any]] = list(model._meta.concrete_fields)
        assert not any(isinstance(each, ForeignKey) for each in fields), "plain columns only"
        assert model._meta.pk is not None
        self.model = model
        self.table: Final = model._meta.db_table
        self.key: Final = model._meta.pk.attname
        self.columns: Final = [each.attname for each in fields]
        self._fields: Final = {each.attname: each for each in fields}
        self._plain: Final = frozenset(
            each.attname
            for each in fields
            if isinstance(each, CharField | TextField | IntegerField)
        )
        self._convert: dict[str, list[_Converter]] = {}
        self._select: Final = f"SELECT {self.listed()} FROM {_named(self.table)} WHERE "  # noqa: S608
        self._by_key: Final = f"{self._select}{_named(self.key)} = %s"

    def listed(self, alias: str = "") -> str:
        """All columns, as they stand between SELECT and FROM."""
        before = f"{alias}." if alias else ""
        return ", ".join(before + _named(each) for each in self.columns)

    def get(self, key: object) -> M | None:
        """The row of that key; None when there is none."""
        found = sql.read(self._by_key, key)
        return self.made(found[0]) if found else None

    def where(self, condition: str, *values: Any) -> list[M]:
        """The rows for which `condition` holds: what stands behind WHERE, with its order."""
        return [self.made(each) for each in sql.read(self._select + condition, *values)]

    def made(self, values: Sequence[Any]) -> M:
        """A row as the model, out of its columns in their order (`listed`)."""
        told = list(values)
        for at, convert in self.converters():
            told[at] = convert(told[at])
        # As a model is put together again that was pickled: its columns were checked once before.
        made = self.model.__new__(self.model)
        made._state = state = ModelState()
        state.db, state.adding = "default", False
        made.__dict__.update(zip(self.columns, told, strict=True))
        return made

    def value(self, column: str, told: Any) -> Any:  # positional: a pair
        """What one column gave, as the field holds it."""
        at = self.columns.index(column)
        for each, convert in self.converters():
            if each == at:
                return convert(told)
        return told

    def converters(self) -> list[_Converter]:
        """How what this database gives becomes what the fields hold: (column, how)."""
        vendor = connections["default"].vendor
        known = self._convert.get(vendor)
        if known is None:
            known = self._convert[vendor] = _converters(list(self._fields.values()))
        return known

    def add(self, **columns: Any) -> None:
        """A new row. Raises IntegrityError when its key, or what must be unique, is taken."""
        told = self._with_defaults(columns)
        sql.write(_inserting(self.table, tuple(told)), *self._stored(told))

    def insert(self, row: M) -> None:
        """As `add`, of a row that is made already."""
        self.add(**{each: getattr(row, each) for each in self.columns})

    def add_if_new(self, **columns: Any) -> bool:
        """A new row unless its key is taken; says whether it is new."""
        told = self._with_defaults(columns)
        statement = _inserting_once(self.table, tuple(told), self.key)
        return sql.write(statement, *self._stored(told)) == 1

    def put(self, **columns: Any) -> None:
        """A row of that key with these columns: a new one has the defaults in all others, one that
        stands keeps them."""
        told = self._with_defaults(columns)
        changed = tuple(each for each in columns if each != self.key)
        if not changed:
            self.add_if_new(**columns)
            return
        statement = _putting(self.table, tuple(told), (self.key, changed))
        sql.write(statement, *self._stored(told))

    def save(self, row: M) -> None:
        """All columns of a row, whether it is new or stands."""
        self.put(**{each: getattr(row, each) for each in self.columns})

    def change(self, key: object, **columns: Any) -> bool:
        """Change these columns of the row of that key; False when there is none."""
        statement = _changing(self.table, tuple(columns), self.key)
        return sql.write(statement, *self._stored(columns), key) == 1

    def stored(self, column: str, value: Any) -> Any:  # positional: a pair
        """A value to compare this column with, as the database holds it."""
        return self._stored({column: value})[0]

    def _with_defaults(self, columns: dict[str, Any]) -> dict[str, Any]:
        told = {
            name: columns[name] if name in columns else field.get_default()
            for name, field in self._fields.items()
            if name in columns or not (field.primary_key and field.get_default() is None)
        }
        assert len(told) >= len(columns), f"{self.table} has no such column"
        return told

    def _stored(self, columns: dict[str, Any]) -> list[Any]:
        here, plain = connections["default"], self._plain
        return [
            value
            if type(value) in _AS_IT_IS and (name in plain or value is None)
            else self._fields[name].get_db_prep_save(value, here)
            for name, value in columns.items()
        ]


_made: Final[dict[type[Model], Rows[Any]]] = {}


def rows_of(model: type[M]) -> Rows[M]:
    """The rows of a model."""
    known = _made.get(model)
    if known is None:
        known = _made[model] = Rows(model)
    return cast("Rows[M]", known)


def _converters(fields: Sequence[Field[Any, Any]]) -> list[_Converter]:
    made: list[_Converter] = []
    for at, field in enumerate(fields):
        seen = field.get_col(field.model._meta.db_table)
        steps = [*connection.ops.get_db_converters(seen), *seen.get_db_converters(connection)]
        if isinstance(field, JSONField) and field.decoder is None:
            made.append((at, _from_json))
        elif isinstance(field, DateTimeField) and connection.vendor == "sqlite":
            made.append((at, _in_utc))
        elif steps:
            made.append((at, _one_after_the_other(steps, seen)))
    return made


def _from_json(told: str | None) -> Any:
    """Both databases give JSON as text, for Django asks them to."""
    if told == "[]":
        return []
    return None if told is None else json.loads(told)


def _in_utc(told: datetime | None) -> datetime | None:
    """Out of SQLite a time comes without its zone, which is UTC."""
    return told.replace(tzinfo=UTC) if told is not None and told.tzinfo is None else told


def _one_after_the_other(steps: Sequence[Callable[..., Any]], seen: Any) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if value is None:
            return None
        for step in steps:
            value = step(value, seen, connection)
        return value

    return convert


def _named(name: str) -> str:
    return f'"{name}"'


@cache
def _inserting(table: str, columns: tuple[str, ...]) -> str:  # positional: as it is written
    names, marks = ", ".join(map(_named, columns)), ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {_named(table)} ({names}) VALUES ({marks})"  # noqa: S608


@cache
def _inserting_once(table: str, columns: tuple[str, ...], key: str) -> str:  # positional: as above
    return f"{_inserting(table, columns)} ON CONFLICT ({_named(key)}) DO NOTHING"


@cache
def _putting(  # positional: as above; last the key and what is changed
    table: str, columns: tuple[str, ...], about: tuple[str, tuple[str, ...]]
) -> str:
    key, changed = about
    new = ", ".join(f"{_named(each)} = excluded.{_named(each)}" for each in changed)
    return f"{_inserting(table, columns)} ON CONFLICT ({_named(key)}) DO UPDATE SET {new}"


@cache
def _changing(table: str, columns: tuple[str, ...], key: str) -> str:  # positional: as above
    new = ", ".join(f"{_named(each)} = %s" for each in columns)
    return f"UPDATE {_named(table)} SET {new} WHERE {_named(key)} = %s"  # noqa: S608
