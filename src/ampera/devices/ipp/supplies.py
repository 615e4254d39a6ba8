"""What a printer tells of ribbon, film and the like: two vocabularies, one list.

Most printers and every CUPS queue tell `marker-*` (one value a supply in each of several lists);
others tell `printer-supply` (PWG 5100.13 §5.6: one text a supply, `key=value;`), some tell both.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from ampera.devices.ipp.values import Group, Value
from ampera.printing.ports import Supply

SUPPLY_ATTRIBUTES: Final = (
    "marker-names",
    "marker-types",
    "marker-levels",
    "printer-supply",
    "printer-supply-description",
)
#: The `marker-types` keyword and the name of the same in the printer MIB (RFC 3805).
MIB_TYPE_BY_KIND: Final = {"ink-ribbon": "inkRibbon", "transfer-unit": "transferUnit"}
_KIND_BY_MIB_TYPE: Final = {name: kind for kind, name in MIB_TYPE_BY_KIND.items()}
_PERCENT_MAX: Final = 100


def supplies_told(group: Group) -> tuple[Supply, ...]:
    """The supplies in a printer's answer; nothing when it tells none or in no known way."""
    markers = tuple(_of_markers(group))
    return markers or tuple(_of_supply_texts(group))


def _of_markers(group: Group) -> Iterator[Supply]:
    names, kinds = group.texts("marker-names"), group.texts("marker-types")
    levels = _integers(group, "marker-levels")
    if len(levels) < len(names):
        return  # the lists do not belong together: no guessing whose level is whose
    for name, kind, level in zip_longest(names, kinds[: len(names)], levels[: len(names)]):
        yield Supply(str(name), str(kind or "unknown"), _percent(level, capacity=_PERCENT_MAX))


def _of_supply_texts(group: Group) -> Iterator[Supply]:
    texts = [_text(value.content) for value in _values(group, "printer-supply")]
    names = group.texts("printer-supply-description")
    for number, text in enumerate(texts):
        told = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
        kind = told.get("type", "unknown")
        name = names[number] if number < len(names) else kind
        capacity = _number(told.get("maxcapacity")) or 0
        level = _percent(_number(told.get("level")), capacity=capacity)
        yield Supply(name, _KIND_BY_MIB_TYPE.get(kind, kind), level)


def _percent(level: int | None, *, capacity: int) -> int | None:
    """Below 0 means other, unknown or *some* (RFC 3805): no number."""
    if level is None or level < 0 or capacity <= 0:
        return None
    return min(_PERCENT_MAX, round(_PERCENT_MAX * level / capacity))


def _integers(group: Group, name: str) -> list[int | None]:  # positional: a pair
    return [
        value.content if isinstance(value.content, int) else None for value in _values(group, name)
    ]


def _values(group: Group, name: str) -> tuple[Value, ...]:  # positional: a pair
    found = group.get(name)
    return found.values if found is not None else ()


def _number(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None


def _text(content: object) -> str:
    if isinstance(content, bytes):
        return content.decode("utf-8", "replace")
    return content if isinstance(content, str) else ""
