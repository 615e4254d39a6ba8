"""What is read out of a printer's words about its supplies, in both vocabularies."""

from __future__ import annotations

from ampera.devices.ipp.supplies import supplies_told
from ampera.devices.ipp.values import Attribute, Group, GroupTag, Tag
from ampera.printing.ports import Supply

NAMES = Attribute.of(Tag.NAME, "marker-names", "pita", "film")
TYPES = Attribute.of(Tag.KEYWORD, "marker-types", "ink-ribbon", "transfer-unit")


def told(*attributes: Attribute) -> tuple[Supply, ...]:
    return supplies_told(Group.of(GroupTag.PRINTER, attributes))


def levels(*numbers: int) -> Attribute:
    return Attribute.of(Tag.INTEGER, "marker-levels", *numbers)


def texts(*lines: bytes) -> Attribute:
    return Attribute.of(Tag.OCTET_STRING, "printer-supply", *lines)


def test_markers_are_read_side_by_side() -> None:
    assert told(NAMES, TYPES, levels(40, 100)) == (
        Supply("pita", "ink-ribbon", 40),
        Supply("film", "transfer-unit", 100),
    )


def test_a_level_that_is_no_number_is_unknown() -> None:
    assert [each.level_percent for each in told(NAMES, TYPES, levels(-2, -3))] == [None, None]


def test_a_kind_that_is_not_told_is_unknown_and_levels_that_do_not_match_are_not_guessed() -> None:
    assert told(NAMES, levels(40, 50))[0] == Supply("pita", "unknown", 40)
    assert told(NAMES, TYPES, levels(40)) == ()


def test_without_markers_the_supply_texts_are_read() -> None:
    line = (
        b"index=1;class=supplyThatIsConsumed;type=inkRibbon;unit=percent;maxcapacity=200;level=50;"
    )
    names = Attribute.of(Tag.TEXT, "printer-supply-description", "Pita warna")
    assert told(names, texts(line, b"type=opc;level=-3;maxcapacity=100;", b"??")) == (
        Supply("Pita warna", "ink-ribbon", 25),
        Supply("opc", "opc", None),
        Supply("unknown", "unknown", None),
    )
    assert told(texts(b"type=inkRibbon;level=half;maxcapacity=100"))[0].level_percent is None


def test_a_printer_that_says_nothing_has_no_supplies_to_tell() -> None:
    assert told() == ()
    assert told(Attribute.of(Tag.NO_VALUE, "marker-names", None)) == ()
