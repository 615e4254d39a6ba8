"""A sealed packet that is not whole: asked for again, never opened in part, never lost for good."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from random import Random

import pytest

from ampera.enrolment.ports import room
from ampera.journal.alarms import open_alarms
from ampera.printing.actions import step_printer
from ampera.readiness.queries import open_permits
from ampera.sync.link import Garbled, Rejected
from ampera.sync.packets import PacketStore, carry_packets
from ampera.tiers.print_packets import keep, name_for, packet_of, wanted
from ampera.tiers.rendering import render
from ampera.words import OfficeCode, Refusal
from tests.api.city import DINAS, PUSAT, SU1
from tests.contracts.test_link_bulk import PRINT_DIGEST, above, link
from tests.recordings import lone_server
from tests.sync.test_packets import Waiting

__all__ = ["above", "link"]

DATA = Random(4).randbytes(700_000)
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def below(tmp_path):
    store = PacketStore(tmp_path / "below")
    store.put(DATA)
    return Waiting(store)


def part_above(above, data: bytes) -> None:
    PacketStore(above)
    (above / f"{DIGEST}.part").write_bytes(data)


def test_an_upload_cut_in_the_middle_goes_on_where_it_was_cut(link, above, below):
    link.put_packet(DIGEST, offset=0, size=len(DATA), chunk=DATA[:300_001])
    assert not PacketStore(above).has(DIGEST)
    assert PacketStore(above).all() == [], "nobody takes what is not whole for a packet"
    carry_packets(link, source=below)
    assert PacketStore(above).read(DIGEST, offset=0, most=len(DATA)) == DATA
    assert below.sent == [DIGEST]


def test_a_server_that_died_before_it_looked_at_the_hash_looks_when_it_is_asked(link, above, below):
    """All bytes lie there as a part; the process was killed before it gave them their name."""
    part_above(above, DATA)
    assert link.packet_size(DIGEST) == len(DATA)
    carry_packets(link, source=below)
    assert PacketStore(above).has(DIGEST)
    assert below.sent == [DIGEST]


def test_a_packet_that_lies_whole_above_is_told_so_and_not_sent_again(link, above, below):
    """The answer to the last chunk was lost with the line."""
    PacketStore(above).put(DATA)
    assert carry_packets(link, source=below) == 0
    assert below.sent == [DIGEST]


def test_parts_that_went_bad_above_are_thrown_away_and_all_is_sent_again(link, above, below):
    part_above(above, DATA[:300_000][::-1])
    with lone_server(SU1):
        for _ in range(3):
            carry_packets(link, source=below)
    assert PacketStore(above).read(DIGEST, offset=0, most=len(DATA)) == DATA
    assert below.sent == [DIGEST]
    assert open_alarms() == []


def test_a_packet_torn_on_the_offices_own_disk_is_shown_and_never_counts_as_sent(
    link, above, below, tmp_path
):
    (tmp_path / "below" / DIGEST).write_bytes(DATA[:400_000])
    with lone_server(SU1):
        for _ in range(2):
            assert carry_packets(link, source=below, bytes_most=10_000_000) <= 400_000
    assert PacketStore(above).all() == []
    assert below.sent == []
    ((key, text),) = open_alarms()
    assert key == f"packet_damaged:{DIGEST}"
    assert "backup" in text


def test_the_machine_that_adds_bytes_beyond_the_end_is_refused(link):
    with pytest.raises(Rejected) as caught:
        link.put_packet(DIGEST, offset=0, size=10, chunk=DATA[:11])
    assert caught.value.code == "post.too_large"
    assert link.packet_size(DIGEST) == 0


def test_a_print_packet_torn_on_the_line_is_not_kept(link, monkeypatch):
    once = link._once

    def torn(call):
        reply = once(call)
        return type(reply)(reply.status, reply.headers, reply.body[:-1])

    monkeypatch.setattr(link, "_once", torn)
    with pytest.raises(Garbled):
        link.get_print_packet(PRINT_DIGEST)


# --- print packets on the disks of dinas and kecamatan ------------------------------------------


@pytest.fixture
def permitted(fresh_city):
    """A city with one permit at Seberang Ulu I, whose print packet has not been fetched yet."""
    city = fresh_city
    city.ready_record(city.person())
    city.print_on(20)
    with city.offices.at(SU1):
        (permit,) = open_permits(OfficeCode(SU1))
    return city, permit


def fetch(city, *, at: str, of: str) -> None:
    """What the worker of `at` does each round; the line is left out."""
    with city.offices.at(at):
        asked = wanted(most=20)
    for about, key in asked:
        with city.offices.at(of):
            name = name_for(OfficeCode(at), about=about)
            sealed = room().store.get(name) if name is not None else None
        if sealed is not None:
            with city.offices.at(at):
                keep(sealed, key=key)


def tear(city, permit, *, at: str) -> None:
    with city.offices.at(at):
        name = packet_of(permit)
        assert name is not None
        city.rooms[at].store.packets[name] = city.rooms[at].store.packets[name][:-100]


def drawn(city, permit) -> bytes | Refusal:
    with city.offices.at(SU1):
        return render(permit.permit)


def test_a_print_packet_torn_at_the_office_is_refused_and_fetched_anew(permitted):
    city, permit = permitted
    fetch(city, at=DINAS, of=PUSAT)
    fetch(city, at=SU1, of=DINAS)
    tear(city, permit, at=SU1)
    assert drawn(city, permit) == Refusal("enrolment.packet_damaged")
    assert drawn(city, permit) == Refusal("enrolment.packet_missing")
    fetch(city, at=SU1, of=DINAS)
    assert drawn(city, permit).startswith(b"%PDF")


def test_a_print_packet_torn_at_the_dinas_is_fetched_anew_from_the_pusat(permitted):
    city, permit = permitted
    fetch(city, at=DINAS, of=PUSAT)
    tear(city, permit, at=DINAS)
    fetch(city, at=SU1, of=DINAS)
    assert drawn(city, permit) == Refusal("enrolment.packet_missing")
    fetch(city, at=DINAS, of=PUSAT)
    fetch(city, at=SU1, of=DINAS)
    assert drawn(city, permit).startswith(b"%PDF")


def test_no_card_is_printed_from_a_torn_packet(permitted):
    city, permit = permitted
    fetch(city, at=DINAS, of=PUSAT)
    fetch(city, at=SU1, of=DINAS)
    tear(city, permit, at=SU1)
    city.post(SU1, "cetak", "runs", cards=1)
    for _ in range(5):
        city.offices.clock.move(timedelta(seconds=20))
        city.printer.tick(city.offices.clock.at)
        with city.offices.at(SU1):
            step_printer("p1", port=city.printer, render=render)
    assert not city.printer.machine.jobs
    assert "enrolment.packet" in str(city.get(SU1, "cetak", "printers"))
