"""A copy of the register is whole or it is refused, and equal registers make equal bytes."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.register.rules.snapshot import (
    LINE_BYTES_MAX,
    BrokenSnapshotError,
    hash_of,
    pack,
    unpack,
)

HEAD = {"office": "16.71.02", "offices": []}
PEOPLE = [{"nik": "9901010709909001", "name": "SARI"}, {"nik": "9901010709909002", "name": "BUDI"}]


def opened(content):
    head, lines = unpack(content)
    return dict(head), list(lines)


@given(st.lists(st.dictionaries(st.sampled_from(["nik", "name", "rt"]), st.text(max_size=30))))
def test_what_is_packed_comes_out_again(people):
    head, lines = opened(pack(HEAD, residents=people))
    assert head["office"] == "16.71.02"
    assert lines == people


def test_equal_registers_make_equal_bytes():
    assert pack(HEAD, residents=PEOPLE) == pack(dict(reversed(HEAD.items())), residents=PEOPLE)
    assert hash_of(pack(HEAD, residents=PEOPLE)) != hash_of(pack(HEAD, residents=PEOPLE[:1]))


def lines_of(content):
    return gzip.decompress(content).splitlines(keepends=True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-9],
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: b"no gzip at all",
        lambda content: gzip.compress(b"".join(lines_of(content)[:-1])),
        lambda content: gzip.compress(b"".join(lines_of(content)[:2] + lines_of(content)[3:])),
        lambda content: gzip.compress(b"".join(lines_of(content)[1:])),
        lambda content: gzip.compress(gzip.decompress(content) + b'{"nik":"1"}\n'),
        lambda content: gzip.compress(lines_of(content)[0] + b"[1]\n" + lines_of(content)[-1]),
        lambda content: gzip.compress(lines_of(content)[0] + b" " * (LINE_BYTES_MAX + 9) + b"\n"),
    ],
)
def test_a_copy_that_is_not_whole_is_found(spoil):
    with pytest.raises(BrokenSnapshotError):
        opened(spoil(pack(HEAD, residents=PEOPLE)))
