"""Lumps of bytes over real HTTP: sealed packets up, print packets and snapshots down."""

from __future__ import annotations

import hashlib
from random import Random

import pytest

from ampera.sync.link import Rejected, Snapshot
from ampera.sync.packets import PacketStore, carry_packets
from ampera.sync.ports import PostPorts
from ampera.words import OfficeCode
from tests.contracts.conftest import KEC, Pair, make_receiver
from tests.contracts.post_server import served
from tests.sync.province import Province
from tests.sync.test_packets import Waiting

DATA = Random(1).randbytes(700_000)
DIGEST = hashlib.sha256(DATA).hexdigest()
PRINT = b"sealed: face of one card"
PRINT_DIGEST = hashlib.sha256(PRINT).hexdigest()
WILAYAH = Snapshot(hashlib.sha256(b"wilayah").hexdigest(), b"wilayah")


def print_packet_for(office: OfficeCode, digest: str) -> bytes | None:
    return PRINT if (str(office), digest) == (KEC, PRINT_DIGEST) else None


def snapshot_for(office: OfficeCode) -> Snapshot | None:
    return WILAYAH if str(office) == KEC else None


@pytest.fixture
def above(tmp_path):
    return tmp_path / "above"


@pytest.fixture
def link(sqlite_database, above):
    """A link to a dinas whose wiring gave it a folder, a snapshot and one print packet."""
    with Province(KEC) as offices:
        receiver = make_receiver(offices)
        given = PostPorts(
            packets_folder=above, snapshot=snapshot_for, print_packet=print_packet_for
        )
        with served(receiver, ports=given) as address:
            from ampera.sync.http import HttpLink

            pair = Pair(offices, receiver, link=None)
            link = HttpLink(address, addressee=receiver.code, speaker=pair.speaker, key=pair.key)
            yield link
            link.close()


def test_a_packet_goes_up_in_chunks_and_on_where_it_stopped(link, above, tmp_path):
    assert link.packet_size(DIGEST) == 0
    have = link.put_packet(DIGEST, offset=0, size=len(DATA), chunk=DATA[:300_000])
    assert have == link.packet_size(DIGEST) == 300_000
    office = PacketStore(tmp_path / "below")
    office.put(DATA)
    source = Waiting(office)
    assert carry_packets(link, source=source) == 400_000
    assert source.sent == [DIGEST]
    assert PacketStore(above).read(DIGEST, offset=0, most=len(DATA)) == DATA


def test_a_hole_and_a_wrong_hash_come_back_as_refusals(link):
    with pytest.raises(Rejected) as caught:
        link.put_packet(DIGEST, offset=5, size=10, chunk=b"x")
    assert (caught.value.code, caught.value.facts["have"]) == ("post.packet_gap", 0)
    with pytest.raises(Rejected) as caught:
        link.put_packet(DIGEST, offset=0, size=1, chunk=b"x")
    assert caught.value.code == "post.packet_wrong_hash"


def test_a_print_packet_is_given_to_its_office_only(link):
    assert link.get_print_packet(PRINT_DIGEST) == PRINT
    with pytest.raises(Rejected) as caught:
        link.get_print_packet(DIGEST)
    assert caught.value.code == "post.nothing_here"


def test_a_snapshot_comes_once(link):
    found = link.get_snapshot("")
    assert found == WILAYAH
    assert link.get_snapshot(found.hash) is None


def test_bulk_bytes_are_for_servers_that_may_speak(link):
    link._key = type(link._key).from_seed(b"s" * 32)
    for ask in (
        lambda: link.packet_size(DIGEST),
        lambda: link.put_packet(DIGEST, offset=0, size=1, chunk=b"x"),
        lambda: link.get_print_packet(PRINT_DIGEST),
        lambda: link.get_snapshot(""),
    ):
        with pytest.raises(Rejected) as caught:
            ask()
        assert caught.value.code in ("post.not_signed", "http.401")


def test_offset_and_size_are_part_of_what_is_signed_and_must_be_numbers(link):
    with pytest.raises(Rejected) as caught:
        link._request("PUT", f"/post/{KEC}/packets/{DIGEST}?offset=-1&size=1", is_signed=True)
    assert caught.value.code == "post.garbled"
