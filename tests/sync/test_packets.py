"""Sealed packets go up in chunks, go on where they stopped, and are whole when their hash says
so."""

from __future__ import annotations

import hashlib
from random import Random

import pytest

from ampera.sync import packets
from ampera.sync.link import Rejected, Unreachable
from ampera.sync.packets import PACKET_BYTES_MAX, PacketStore, carry_packets, is_digest
from ampera.words import Refusal

DATA = Random(1).randbytes(10_000)
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path) -> PacketStore:
    return PacketStore(tmp_path / "packets")


def test_a_packet_comes_in_chunks_and_is_whole_at_its_end(store):
    have = 0
    while have < len(DATA):
        assert not store.has(DIGEST)
        chunk = DATA[have : have + 3_000]
        have = store.add(DIGEST, offset=have, size=len(DATA), chunk=chunk)
        assert store.size(DIGEST) == have
    assert store.has(DIGEST)
    assert store.read(DIGEST, offset=9_000, most=5_000) == DATA[9_000:]
    assert store.all() == [DIGEST]


def test_bytes_that_lie_there_already_are_passed_over(store):
    store.add(DIGEST, offset=0, size=len(DATA), chunk=DATA[:6_000])
    assert store.add(DIGEST, offset=0, size=len(DATA), chunk=DATA[:6_000]) == 6_000
    assert store.add(DIGEST, offset=4_000, size=len(DATA), chunk=DATA[4_000:]) == len(DATA)
    assert store.add(DIGEST, offset=0, size=len(DATA), chunk=DATA) == len(DATA)
    assert store.has(DIGEST)


def test_a_hole_is_refused_with_the_place_to_go_on_from(store):
    store.add(DIGEST, offset=0, size=len(DATA), chunk=DATA[:2_000])
    answer = store.add(DIGEST, offset=5_000, size=len(DATA), chunk=DATA[5_000:])
    assert answer == Refusal("post.packet_gap", packet=DIGEST, have=2_000)


def test_other_bytes_than_the_hash_says_are_thrown_away(store):
    answer = store.add(DIGEST, offset=0, size=5, chunk=b"wrong")
    assert answer == Refusal("post.packet_wrong_hash", packet=DIGEST)
    assert store.size(DIGEST) == 0
    assert store.all() == []


def test_a_packet_that_is_too_large_or_longer_than_said_is_refused(store):
    no = Refusal("post.too_large", limit=PACKET_BYTES_MAX)
    assert store.add(DIGEST, offset=0, size=PACKET_BYTES_MAX + 1, chunk=b"x") == no
    assert store.add(DIGEST, offset=0, size=3, chunk=b"long") == no


def test_a_dropped_packet_is_gone(store):
    digest = store.put(DATA)
    store.drop(digest)
    assert not store.has(digest)


@pytest.mark.parametrize("name", ["", "../x", DIGEST.upper(), DIGEST[:-1], DIGEST + "0"])
def test_only_a_hash_becomes_a_file_name(store, name):
    assert not is_digest(name)
    with pytest.raises(AssertionError):
        store.size(name)


class Waiting:
    """Packets of an enrolment station that the tier above does not hold yet."""

    def __init__(self, store: PacketStore) -> None:
        self._store = store
        self.sent: list[str] = []

    def waiting(self):
        return [digest for digest in self._store.all() if digest not in self.sent]

    def size(self, digest):
        return self._store.size(digest)

    def read(self, digest, *, offset, most):
        return self._store.read(digest, offset=offset, most=most)

    def note_sent(self, digest):
        self.sent.append(digest)


class Wire:
    """A bulk link into a store; breaks after so many chunks, refuses some packets."""

    def __init__(self, store: PacketStore, *, breaks_after: int = 99, refuses: str = "") -> None:
        self._store, self._left, self._refuses = store, breaks_after, refuses

    def packet_size(self, digest):
        return self._store.size(digest)

    def put_packet(self, digest, *, offset, size, chunk):
        if digest == self._refuses:
            raise Rejected("post.too_large")
        have = self._store.add(digest, offset=offset, size=size, chunk=chunk)
        self._left -= 1
        if self._left == 0:
            raise Unreachable  # the answer is lost, the bytes are there
        assert isinstance(have, int)
        return have


@pytest.fixture
def office(tmp_path, monkeypatch) -> Waiting:
    monkeypatch.setattr(packets, "CHUNK_BYTES", 1_000)
    below = PacketStore(tmp_path / "below")
    for seed in range(3):
        below.put(Random(seed).randbytes(2_500))
    return Waiting(below)


def test_waiting_packets_go_up_over_a_link_that_breaks(office, store):
    breaks = 0
    for _ in range(20):
        try:
            carry_packets(Wire(store, breaks_after=2), source=office, bytes_most=10_000)
        except Unreachable:
            breaks += 1
    assert breaks >= 2
    assert not office.waiting()
    assert store.all() == sorted(office.sent)


def test_one_step_sends_a_bounded_lot(office, store):
    assert carry_packets(Wire(store), source=office, bytes_most=1_500) == 2_000
    assert len(store.all()) == 0
    assert carry_packets(Wire(store), source=office, bytes_most=99_999) == 5_500
    assert len(store.all()) == 3


def test_a_packet_that_is_refused_does_not_hold_up_the_others(office, store):
    refused = office.waiting()[0]
    carry_packets(Wire(store, refuses=refused), source=office, bytes_most=99_999)
    assert office.waiting() == [refused]
