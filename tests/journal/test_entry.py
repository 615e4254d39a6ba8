"""The form of an entry: one spelling, one hash."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ampera.journal.entry import (
    FIRST_PREV,
    INTEGER_MAX,
    ChainName,
    Entry,
    canonical,
    hash_of_header,
    seal,
    texts_of,
    what_is_wrong,
)
from ampera.journal.keys import ServerKey, is_signed_by
from ampera.journal.second_log import as_json, from_json
from ampera.words import OfficeCode

KEYS = st.text(st.characters(codec="ascii"), max_size=8)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-INTEGER_MAX, INTEGER_MAX)
    | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def an_entry(**changes: object) -> Entry:
    made = seal(
        after=(0, FIRST_PREV),
        chain=ChainName(OfficeCode("16.71.02"), "up", 1),
        about=("request.taken/1", "req_1"),
        by=("off_1", "cmd_1"),
        at=datetime(2017, 9, 7, 1, 19, tzinfo=UTC),
        content=({"reason": "NEW"}, "00" * 16, {"nik": "9901014108859001"}),
    )
    return replace(made, **changes)


@given(VALUES)
def test_our_spelling_is_that_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, INTEGER_MAX + 1, {"é": 1}, {1: 2}, {"a": {1, 2}}, b"x"])
def test_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"entry|ASCII"):
        canonical(value)


def test_the_header_is_hashed_as_rfc_8785_writes_it() -> None:
    entry = an_entry(officer='off "\\ é \x01', subject="req_\u2028")
    header = {
        "at": "2017-09-07T01:19:00.000000Z", "body_hash": entry.body_hash,
        "chain": str(entry.chain), "command_id": entry.command_id, "facts": entry.facts,
        "kind": entry.kind, "officer": entry.officer, "prev": entry.prev, "seq": entry.seq,
        "subject": entry.subject,
    }  # fmt: skip
    assert hash_of_header(entry) == hashlib.sha256(rfc8785.dumps(header)).hexdigest()


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.dictionaries(KEYS, VALUES, max_size=4))
def test_what_is_stored_is_what_was_hashed(facts: dict[str, Any], body: dict[str, Any]) -> None:
    texts = texts_of(an_entry(facts=facts, body=body))
    assert texts.facts.encode() == rfc8785.dumps(facts)
    assert texts.body is not None
    assert texts.body.encode() == rfc8785.dumps(body)
    assert texts.body_hash == hashlib.sha256(bytes(16) + rfc8785.dumps(body)).hexdigest()


def test_facts_are_found_in_a_header_that_speaks_of_facts_and_kinds() -> None:
    lure = ',"facts":{"kind":1},"kind":"'
    facts = {"kind": lure, "facts": {"kind": 1}, ',"kind":': ',"facts":'}
    entry = an_entry(facts=facts, command_id=lure, officer=lure, subject=lure)
    assert texts_of(entry).facts.encode() == rfc8785.dumps(facts)


def test_a_changed_copy_is_hashed_anew() -> None:
    entry = an_entry()
    assert what_is_wrong(entry, prev=FIRST_PREV) is None
    changed = replace(entry, facts={"reason": "LOST"})
    assert texts_of(changed).facts == '{"reason":"LOST"}'
    assert what_is_wrong(changed, prev=FIRST_PREV) == "its header was changed"


def test_a_sealed_entry_is_right_where_it_stands() -> None:
    assert what_is_wrong(an_entry(), prev=FIRST_PREV) is None


@pytest.mark.parametrize(
    "change",
    [
        {"officer": "off_2"},
        {"at": datetime(2017, 9, 7, 1, 20, tzinfo=UTC)},
        {"kind": "request.taken/2"},
        {"subject": "req_2"},
        {"facts": {"reason": "LOST"}},
        {"body": {"nik": "9901014108859002"}},
        {"salt": "01" * 16},
        {"seq": 2},
        {"command_id": "cmd_2"},
        {"body_hash": "0" * 64},
        {"hash": "0" * 64},
        {"prev": "1" * 64},
        {"chain": ChainName(OfficeCode("16.71.02"), "up", 2)},
    ],
)
def test_a_change_of_anything_is_seen(change: dict[str, object]) -> None:
    assert what_is_wrong(an_entry(**change), prev=FIRST_PREV) is not None


def test_without_salt_and_body_the_chain_still_verifies() -> None:
    assert what_is_wrong(an_entry(salt="", body=None), prev=FIRST_PREV) is None


def test_two_salts_hide_that_two_bodies_are_the_same() -> None:
    one = an_entry()
    other = seal(
        after=(0, FIRST_PREV),
        chain=one.chain,
        about=(one.kind, one.subject),
        by=(one.officer, one.command_id),
        at=one.at,
        content=(one.facts, "11" * 16, one.body),
    )
    assert one.body_hash != other.body_hash


def test_an_entry_survives_its_journey() -> None:
    entry = an_entry()
    assert from_json(as_json(entry)) == entry
    assert hash_of_header(from_json(as_json(entry))) == entry.hash


@pytest.mark.parametrize("text", ["16.71.02/up@1", "16.71/to/16.71.02@3", "00/audit@12"])
def test_a_chain_is_read_as_it_is_written(text: str) -> None:
    assert str(ChainName.read(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "16.71.02/up", "16.71.02@1", "x/up@1", "16.71/side@1", "16.71/to/x@1", "16.71/up@-1"],
)
def test_what_is_no_chain_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"chain|office"):
        ChainName.read(text)


def test_a_head_is_vouched_for_by_its_key_only() -> None:
    key, other = ServerKey.from_seed(b"1" * 32), ServerKey.from_seed(b"2" * 32)
    head = key.sign_head(ChainName(OfficeCode("16.71.02"), "up", 1), 7, "a" * 64)
    assert is_signed_by(key.public_hex, head)
    assert not is_signed_by(other.public_hex, head)
    assert not is_signed_by(key.public_hex, replace(head, seq=8))
    assert not is_signed_by(key.public_hex, replace(head, signature="zz"))


def test_a_key_file_is_private_and_never_overwritten(tmp_path) -> None:
    key, file = ServerKey.make(), tmp_path / "keys" / "server.pem"
    key.save(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert ServerKey.load(file).public_hex == key.public_hex
    with pytest.raises(FileExistsError):
        key.save(file)
