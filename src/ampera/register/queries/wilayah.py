"""The wilayah tree: names by code, and search over every spelling."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from ampera.register.models import Wilayah
from ampera.register.rules.spelling import folded_key, plain_key
from ampera.words.wilayah import Level, WilayahCode

SEARCH_LENGTH_MIN: Final = 2
SEARCH_LIMIT_MAX: Final = 50
#: Found areas looked at to rank them: a text that fits more than this is too short to mean one.
_CANDIDATES_MAX: Final = 400


@dataclass(frozen=True, slots=True)
class WilayahSeen:
    """One area. `path` is the area with those that hold it, nearest first."""

    code: WilayahCode
    level: Level
    name: str
    nama_baku: str
    aliases: tuple[str, ...]
    post_code: str
    decree: str
    valid_from: date
    path: str


def within(code: str) -> Q:
    """Rows of that area and below. A range, so that the index serves it on both databases."""
    return Q(code=code) | Q(code__gt=f"{code}.", code__lt=f"{code}/")


def count_wilayah() -> dict[Level, int]:
    """How many areas of each level are loaded."""
    return {level: Wilayah.objects.filter(level=level.value).count() for level in Level}


def wilayah_checksum() -> str:
    """SHA-256 over code, both names and post code of all rows: two servers hold the same table."""
    digest = hashlib.sha256()
    rows = Wilayah.objects.values_list("code", "name", "nama_baku", "post_code", "decree")
    for row in sorted(rows.iterator(chunk_size=5000)):
        digest.update("\t".join(row).encode() + b"\n")
    return digest.hexdigest()


def wilayah_name(code: WilayahCode | str) -> str:
    """The everyday name; the code itself where the table does not know it."""
    name = Wilayah.objects.filter(pk=str(code)).values_list("name", flat=True).first()
    return name if name is not None else str(code)


def names_above(code: WilayahCode) -> dict[Level, tuple[str, str]]:
    """(everyday name, post code) of an area and of all that hold it, by level; one query."""
    above = [code.at(Level(level)).text for level in range(1, int(code.level) + 1)]
    rows = Wilayah.objects.filter(pk__in=above).values_list("level", "name", "post_code")
    return {Level(level): (name, post_code) for level, name, post_code in rows}


def wilayah_seen(code: WilayahCode) -> WilayahSeen | None:
    """One area, or None when the table does not know it."""
    found = _seen(Wilayah.objects.filter(pk=code.text))
    return found[0] if found else None


def wilayah_below(code: WilayahCode | None) -> list[WilayahSeen]:
    """The areas directly below one (all provinsi for None), by code."""
    if code is None:
        return _seen(Wilayah.objects.filter(level=Level.PROVINSI.value).order_by("code"))
    below = Wilayah.objects.filter(within(code.text), level=int(code.level) + 1)
    return _seen(below.order_by("code"))


def search_wilayah(
    text: str, *, level: Level | None = None, inside: WilayahCode | None = None, limit: int = 20
) -> list[WilayahSeen]:
    """Areas whose name, in any spelling, begins with the text or holds it; the best first.

    Whole names come before beginnings, beginnings before the middle of a name, larger areas before
    smaller. Fewer than two letters find nothing.
    """
    wanted = {key for key in (folded_key(text), plain_key(text)) if len(key) >= SEARCH_LENGTH_MIN}
    if not wanted:
        return []
    rows = Wilayah.objects.all()
    if level is not None:
        rows = rows.filter(level=level.value)
    if inside is not None:
        rows = rows.filter(within(inside.text))
    best: dict[str, int] = {}
    # Whole names and beginnings first: the middle of a name is only looked for when they are few.
    for rank, pattern in enumerate(("|{}|", "|{}", "{}")):
        if len(best) >= limit:
            break
        holds = Q()
        for key in wanted:
            holds |= Q(keys__contains=pattern.format(key))
        codes = rows.filter(holds).order_by("level", "code").values_list("code", flat=True)
        for code in codes[:_CANDIDATES_MAX]:
            best.setdefault(code, rank)
    ranked = sorted(best, key=lambda code: (best[code], code.count("."), code))
    chosen = ranked[: min(limit, SEARCH_LIMIT_MAX)]
    by_code = {each.code.text: each for each in _seen(Wilayah.objects.filter(pk__in=chosen))}
    return [by_code[code] for code in chosen]


def _seen(rows: QuerySet[Wilayah]) -> list[WilayahSeen]:
    found = list(rows)
    names = _names_of({holder for row in found for holder in _holders(row.code)})
    return [
        WilayahSeen(
            code=WilayahCode(row.code),
            level=Level(row.level),
            name=row.name,
            nama_baku=row.nama_baku,
            aliases=tuple(each for each in row.aliases.split("|") if each),
            post_code=row.post_code,
            decree=row.decree,
            valid_from=row.valid_from,
            path=", ".join([row.name, *(names.get(each, each) for each in _holders(row.code))]),
        )
        for row in found
    ]


def _holders(code: str) -> Sequence[str]:
    """The codes of all areas that hold this one, nearest first."""
    parts = code.split(".")
    return [".".join(parts[:size]) for size in range(len(parts) - 1, 0, -1)]


def _names_of(codes: Iterable[str]) -> dict[str, str]:
    return dict(Wilayah.objects.filter(pk__in=list(codes)).values_list("code", "name"))


class Finder:
    """Finds the kelurahan of export rows within one kabkota; its names are read once.

    A name counts only inside the named kecamatan: six names of Palembang occur at two levels, and
    thousands of the country's more than once. A key that two areas share finds neither.
    """

    def __init__(self, kabkota: str) -> None:
        self._codes: set[str] = set()
        self._kecamatan: dict[str, str | None] = {}
        self._kelurahan: dict[tuple[str, str], str | None] = {}
        rows = Wilayah.objects.filter(within(kabkota), level__gte=Level.KECAMATAN.value)
        for code, level, keys in rows.values_list("code", "level", "keys"):
            for key in keys.strip("|").split("|"):
                if level == Level.KECAMATAN:
                    self._kecamatan[key] = None if key in self._kecamatan else code
                else:
                    place = (code[:8], key)
                    self._kelurahan[place] = None if place in self._kelurahan else code
            if level == Level.KELURAHAN:
                self._codes.add(code)

    def kelurahan(self, *, code: str, kecamatan: str, name: str) -> WilayahCode | None:
        """By code when the row gives one, else by name within the named kecamatan."""
        if code:
            digits = code.replace(".", "")
            dotted = ".".join((digits[:2], digits[2:4], digits[4:6], digits[6:]))
            return WilayahCode(dotted) if dotted in self._codes else None
        holder = _first_known(_keys_of(kecamatan), known=self._kecamatan)
        if holder is None:
            return None
        places = {key: self._kelurahan.get((holder, key)) for key in _keys_of(name)}
        found = _first_known(list(places), known=places)
        return WilayahCode(found) if found is not None else None


_TITLES: Final = ("kecamatan ", "kec. ", "kec ", "kelurahan ", "kel. ", "kel ", "desa ")


def _keys_of(name: str) -> list[str]:
    lower = name.lower()
    for title in _TITLES:
        lower = lower.removeprefix(title)
    return [folded_key(lower), plain_key(lower)]


def _first_known(keys: Sequence[str], *, known: dict[str, str | None]) -> str | None:
    return next((code for key in keys if (code := known.get(key)) is not None), None)
