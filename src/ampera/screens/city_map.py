"""The kecamatan of a city as a drawing: schematic tiles, or the borders of an imported GeoJSON.

Each place is marked by a number and by a hatch, never by colour alone: the map hangs printed in
black and white beside the door. The table beside it says the same.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from ampera.journal.house import house
from ampera.papers.wording import grouped
from ampera.planning.queries.city import CityNow, OfficeNow
from ampera.register.queries import offices
from ampera.words.office import OfficeCode, Tier

_TILE: Final = (118, 80)
_GAP: Final = 6
_RIVER: Final = 22
_A_ROW: Final = 5
_WIDTH: Final = 640
#: A border with more corners than this is drawn with every n-th of them.
_CORNERS_MAX: Final = 160
#: Working days of stock below which the mark grows: empty, short, sparse.
_STOCK_STEPS: Final = ((0, 4), (3, 3), (10, 2))
_FILE_MAX_BYTES: Final = 8_000_000
LEGENDS: Final[Mapping[str, Sequence[tuple[int, str]]]] = {
    "stok": (
        (4, "rak kosong"),
        (3, "kurang dari 3 hari kerja"),
        (2, "kurang dari 10 hari kerja"),
        (1, "cukup"),
        (0, "tidak memakai blanko"),
    ),
    "tunggakan": (
        (4, "lebih dari tiga perempat yang terbesar"),
        (3, "sampai tiga perempat"),
        (2, "sampai setengah"),
        (1, "sampai seperempat"),
        (0, "tidak ada"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One kecamatan on the map. `level` 0 to 4 is drawn as hatch and shade."""

    code: str
    name: str
    figure: str
    said: str  #: the same in words, for who cannot see the map
    level: int
    path: str
    x: int
    y: int
    page: str  #: the office whose page tells more


@dataclass(frozen=True, slots=True)
class CityMap:
    """A drawing with its size in its own units."""

    width: int
    height: int
    river_y: int  #: 0 without one
    spots: tuple[Spot, ...]
    legend: Sequence[tuple[int, str]]
    is_schematic: bool


def map_of(city: CityNow, *, by: str) -> CityMap:
    """The map by days of stock (`stok`) or by backlog (`tunggakan`)."""
    here = house().code.text
    borders = _borders(getattr(settings, "MAP_GEOJSON", "") or "")
    known = [each for each in offices() if each.tier is Tier.KECAMATAN]
    most = max(
        (each.backlog for each in city.offices if each.code.tier is Tier.KECAMATAN), default=0
    )
    shapes = {code: borders[code] for code in borders if code.startswith(f"{here}.")}
    tiles, height, river = _tiles(here, [each.code.text for each in known])
    is_schematic = not shapes or any(each.code.text not in shapes for each in known)
    spots = []
    for each in known:
        host = each.hosted_by if each.hosted_by not in (None, each.code) else None
        seen = city.office(each.code)
        figure, said, level = _told(seen, host=host, by=by, most=most)
        path, x, y = tiles[each.code.text] if is_schematic else shapes[each.code.text]
        spots.append(
            Spot(
                code=each.code.text,
                name=each.name,
                figure=figure,
                said=said,
                level=level,
                path=path,
                x=x,
                y=y,
                page=(host or each.code).text,
            )
        )
    if not is_schematic:
        height, river = _height(borders), 0
    return CityMap(_WIDTH, height, river, tuple(spots), LEGENDS[by], is_schematic)


def _told(
    seen: OfficeNow | None, *, host: OfficeCode | None, by: str, most: int
) -> tuple[str, str, int]:
    if host is not None:
        return f"→ {host.text[-2:]}", f"dilayani {host}", 0
    if seen is None:
        return "–", "tidak ada angka", 0
    if by == "tunggakan":
        count = seen.backlog
        level = 0 if not count else min(4, 1 + 4 * (count - 1) // max(1, most))
        return grouped(count), f"{grouped(count)} kartu menunggu", level
    days = seen.days_of_stock
    if days is None:
        if seen.need and not seen.shelf:
            return "0 hari", "rak kosong", 4
        shelf = grouped(seen.shelf)
        return shelf, f"{shelf} blanko, tidak ada yang memakainya", 0
    level = next((level for below, level in _STOCK_STEPS if days <= 0 or days < below), 1)
    level = 4 if seen.shelf == 0 else max(min(level, 3), 1)
    return f"{days} hari", f"{grouped(seen.shelf)} blanko, cukup {days} hari kerja", level


@cache
def _layout(city: str) -> Mapping[str, Any]:
    text = files("ampera.screens").joinpath("city_tiles.toml").read_text("utf-8")
    found: Mapping[str, Any] = tomllib.loads(text).get(city, {})
    return found


def _tiles(  # positional: a city and its kecamatan
    city: str, codes: Sequence[str]
) -> tuple[dict[str, tuple[str, int, int]], int, int]:
    layout = _layout(city)
    river_row = layout.get("river_below_row", 0)
    rows = [layout[code][1] for code in codes if code in layout]
    below, found = max(rows, default=0), {}
    strangers = [code for code in codes if code not in layout]
    for code in codes:
        if code in layout:
            column, row = layout[code]
        else:
            place = strangers.index(code)
            column, row = place % _A_ROW + 1, below + 1 + place // _A_ROW
        x = (column - 1) * (_TILE[0] + _GAP) + _GAP
        y = (row - 1) * (_TILE[1] + _GAP) + _GAP + (_RIVER if river_row and row > river_row else 0)
        path = f"M{x} {y}h{_TILE[0]}v{_TILE[1]}h-{_TILE[0]}z"
        found[code] = (path, x + _TILE[0] // 2, y + _TILE[1] // 2)
        rows.append(row)
    height = max(rows, default=1) * (_TILE[1] + _GAP) + _GAP + (_RIVER if river_row else 0)
    return found, height, river_row * (_TILE[1] + _GAP) + _GAP if river_row else 0


@cache
def _borders(file: str) -> Mapping[str, tuple[str, int, int]]:
    """Kecamatan code → outline and middle, from a GeoJSON with `kode` in its properties.

    Raises ValueError or OSError when the file cannot be read as one: whoever names a file in the
    settings has to hear of it.
    """
    if not file:
        return {}
    path = Path(file)
    if path.stat().st_size > _FILE_MAX_BYTES:
        raise ValueError(f"{file} is larger than {_FILE_MAX_BYTES} bytes")
    rings = {
        each["properties"]["kode"]: _rings(each["geometry"])
        for each in json.loads(path.read_text("utf-8"))["features"]
    }
    place = _projection(rings)
    return {
        code: _outline([[place(at) for at in ring] for ring in own]) for code, own in rings.items()
    }


def _rings(geometry: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    whole = geometry["coordinates"]
    polygons = whole if geometry["type"] == "MultiPolygon" else [whole]
    found = []
    for polygon in polygons:
        ring = [(float(x), float(y)) for x, y, *_ in polygon[0]]
        found.append(ring[:: max(1, len(ring) // _CORNERS_MAX)])
    return found


def _projection(rings: Mapping[str, list[list[tuple[float, float]]]]) -> Any:
    """Longitude and latitude to the map's units; equal scales at the city's own latitude."""
    every = [at for own in rings.values() for ring in own for at in ring]
    west, east = min(at[0] for at in every), max(at[0] for at in every)
    north = max(at[1] for at in every)
    squeeze = math.cos(math.radians(north))
    scale = (_WIDTH - 2 * _GAP) / ((east - west) * squeeze)

    def place(at: tuple[float, float]) -> tuple[int, int]:
        return (
            round((at[0] - west) * squeeze * scale) + _GAP,
            round((north - at[1]) * scale) + _GAP,
        )

    return place


def _outline(rings: list[list[tuple[int, int]]]) -> tuple[str, int, int]:
    path = "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "z" for ring in rings)
    largest = max(rings, key=len)
    x = sum(at[0] for at in largest) // len(largest)
    y = sum(at[1] for at in largest) // len(largest)
    return path, x, y


def _height(borders: Mapping[str, tuple[str, int, int]]) -> int:
    lowest = 0
    for path, _, _ in borders.values():
        for corner in path.replace("z", "").replace("M", "L").split("L"):
            if corner:
                lowest = max(lowest, int(corner.split(" ")[1]))
    return lowest + _GAP
