"""Which servers a city has, where they listen, and which are built."""

from __future__ import annotations

import pytest

from ampera.tiers.city.built import missing, note_built
from ampera.tiers.city.plan import plan_city
from ampera.tiers.telling import CannotError
from ampera.words.office import PUSAT, OfficeCode


def test_all_sixteen_printing_kecamatan_take_part_unless_some_are_named(tmp_path):
    plan = plan_city(tmp_path, base_port=8000, offices="")
    assert len(plan.codes) == 18
    assert len(plan.ports) == len(set(plan.ports)) == 18 + 1 + 17


def test_ports_count_from_the_base(tmp_path):
    plan = plan_city(tmp_path, base_port=9000, offices="16.71.02")
    assert plan.port(OfficeCode("16.71")) == 9000
    assert plan.port(OfficeCode("16.71.02")) == 9002
    assert plan.port(PUSAT) == 9050
    assert plan.control_port == 9090
    assert plan.printer_port(OfficeCode("16.71")) == 9100
    assert plan.printer_port(OfficeCode("16.71.02")) == 9102
    assert plan.printer_port(PUSAT) is None


def test_offices_are_named_in_full_or_by_number(tmp_path):
    plan = plan_city(tmp_path, base_port=8000, offices="6, 16.71.02")
    assert [str(code) for code in plan.kecamatan] == ["16.71.02", "16.71.06"]
    assert [str(code) for code in plan.lived_in()] == [
        *("16.71.02", "16.71.06"),
        *("16.71.17", "16.71.18"),
    ]


@pytest.mark.parametrize("offices", ["17", "16.71.99", "abc", "31.71.01", ","])
def test_who_does_not_print_is_no_office_of_the_city(tmp_path, offices):
    with pytest.raises(CannotError, match="--offices"):
        plan_city(tmp_path, base_port=8000, offices=offices)


@pytest.mark.parametrize("port", [80, 65500])
def test_a_base_port_must_leave_room(tmp_path, port):
    with pytest.raises(CannotError, match="--base-port"):
        plan_city(tmp_path, base_port=port, offices="")


def test_an_interrupted_first_start_begins_anew(tmp_path):
    plan = plan_city(tmp_path, base_port=8000, offices="2,6")
    plan.folder(PUSAT).path.mkdir()
    assert missing(plan) == list(plan.codes)


def test_what_is_built_stays_and_what_is_new_is_added(tmp_path):
    small = plan_city(tmp_path, base_port=8000, offices="2")
    note_built(small, small.codes)
    larger = plan_city(tmp_path, base_port=8000, offices="2,6")
    assert missing(small) == []
    assert [str(code) for code in missing(larger)] == ["16.71.06"]
