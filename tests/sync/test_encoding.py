"""Messages as bytes: what goes in comes out, and whatever else arrives raises one error."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ampera.journal.entry import FIRST_PREV, ChainName, SignedHead, seal
from ampera.sync.encoding import (
    GarbledError,
    decode_answer,
    decode_question,
    encode,
    pack,
    unpack,
)
from ampera.sync.fields import ROWS_MAX
from ampera.sync.protocol.messages import (
    Join,
    JoinAnswer,
    KeySeen,
    No,
    Part,
    Place,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    Refused,
    Speaker,
    Vouch,
)
from ampera.words import OfficeCode

AT = datetime(2017, 9, 7, 1, 0, 0, 123456, tzinfo=UTC)
chain_names = st.sampled_from(
    [ChainName.read(each) for each in ("99.71.02/up@1", "99.71/to/99.71.02@3", "00/audit@2")]
)
numbers = st.integers(0, 2**53 - 1)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
signatures = st.binary(min_size=64, max_size=64).map(bytes.hex)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc_", max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
facts = st.dictionaries(st.text("abc_", min_size=1, max_size=5), jsons, max_size=3)
places = st.builds(Place, numbers, hashes)
speakers = st.builds(Speaker, st.just(OfficeCode("99.71")), st.integers(0, 999_999))
refusals = st.builds(Refused, texts, st.dictionaries(texts, st.integers(0, 9) | texts, max_size=2))


@st.composite
def entries(draw, chain):
    body = draw(st.none() | facts)
    return seal(
        after=(draw(st.integers(0, 10**6)), draw(hashes)),
        chain=chain,
        about=("request.taken/1", "req_1"),
        by=("off_1", "cmd_1"),
        at=AT,
        content=(draw(facts), draw(st.binary(min_size=16, max_size=16)).hex(), body),
    )


@st.composite
def parts(draw):
    chain = draw(chain_names)
    heads = st.builds(SignedHead, st.just(chain), numbers, hashes, signatures)
    found = draw(st.lists(entries(chain), max_size=3))
    return Part(chain, tuple(found), tuple(draw(st.lists(heads, max_size=2))))


heads = st.builds(SignedHead, chain_names, numbers, hashes, signatures)
vouches = st.builds(
    Vouch,
    speaker=speakers,
    public_key=hashes,
    is_closed=st.booleans(),
    ends=st.dictionaries(chain_names, numbers).map(lambda each: tuple(each.items())),
    by=speakers,
    signature=signatures,
)
by_chain = st.dictionaries(chain_names, places)
pairs = by_chain.map(lambda each: tuple(each.items()))
questions = st.one_of(
    st.builds(
        Push,
        at=st.just(AT),
        life=numbers,
        parts=st.lists(parts(), max_size=2).map(tuple),
        claims=st.lists(heads, max_size=2).map(tuple),
        offers=pairs,
        asks_all=st.booleans(),
        keys=st.lists(vouches, max_size=2).map(tuple),
        keys_digest=texts,
        path_digest=texts,
    ),
    st.builds(Pull, chain_names, places, numbers),
    st.builds(Join, st.just(OfficeCode("99.71")), texts, hashes, pairs),
)
answers = st.one_of(
    st.builds(
        PushAnswer,
        life=numbers,
        at=st.just(AT),
        places=by_chain,
        top=st.dictionaries(chain_names, numbers),
        waiting=by_chain,
        refused=st.dictionaries(chain_names, refusals),
        wants_keys=st.booleans(),
        heard_above=st.none() | st.just(AT),
        keys=st.lists(vouches, max_size=2).map(tuple),
    ),
    st.builds(PullAnswer, numbers, st.just(AT), places, st.none() | parts(), st.none() | refusals),
    st.builds(
        JoinAnswer,
        speakers,
        st.lists(st.builds(KeySeen, speakers, hashes, st.booleans()), max_size=2).map(tuple),
        st.lists(vouches, max_size=2).map(tuple),
        by_chain,
    ),
    st.builds(No, refusals),
)
QUICK = settings(max_examples=60, deadline=None)


@QUICK
@given(questions)
def test_every_question_comes_out_as_it_went_in(question):
    assert decode_question(unpack(pack(encode(question)))) == question


@QUICK
@given(answers)
def test_every_answer_comes_out_as_it_went_in(answer):
    assert decode_answer(unpack(pack(encode(answer)))) == answer


@QUICK
@given(questions, st.data())
def test_a_question_with_a_byte_changed_is_another_question_or_garbled(question, data):
    raw = bytearray(encode(question))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    only_garbled(bytes(raw))


@QUICK
@given(questions, st.data())
def test_a_torn_question_is_garbled(question, data):
    raw = encode(question)
    with pytest.raises(GarbledError):
        decode_question(raw[: data.draw(st.integers(0, len(raw) - 1))])


@QUICK
@given(st.binary(max_size=200))
def test_any_bytes_are_garbled(data):
    only_garbled(data)
    only_garbled(b"\x1f\x8b" + data)


@QUICK
@given(jsons, st.sampled_from(["push", "pull", "join", "push.answer", "pull.answer", "no", "?"]))
def test_any_json_is_garbled(value, kind):
    row = value if isinstance(value, dict) else {"parts": value, "after": value, "chain": value}
    only_garbled(json.dumps({"post": 1, "says": kind, **row}).encode())


def only_garbled(data: bytes) -> None:
    for decode in (decode_question, decode_answer):
        with suppress(GarbledError):
            decode(unpack(data))


def changed(**fields) -> bytes:
    row = json.loads(encode(Pull(ChainName.read("99.71/up@1"), Place(1, "a" * 64), 5)))
    return json.dumps({**row, **fields}).encode()


def with_entry(**fields) -> bytes:
    chain = ChainName.read("99.71/up@1")
    entry = seal(
        after=(0, FIRST_PREV),
        chain=chain,
        about=("request.taken/1", "req_1"),
        by=("", "cmd_1"),
        at=AT,
        content=({"n": 1}, "", None),
    )
    row = json.loads(encode(Push(at=AT, parts=(Part(chain, (entry,), ()),))))
    row["parts"][0]["entries"][0].update(fields)
    return json.dumps(row).encode()


def as_we_write(raw: bytes) -> bytes:
    """The same message without a space too many: what our own encoder would have written."""
    return json.dumps(json.loads(raw), ensure_ascii=False, separators=(",", ":")).encode()


def test_the_message_used_for_the_following_cases_is_whole():
    assert isinstance(decode_question(as_we_write(changed())), Pull)
    assert decode_question(as_we_write(with_entry())) == decode_question(with_entry())
    assert isinstance(decode_question(changed()), Pull)
    assert isinstance(decode_question(with_entry()), Push)


NO_MESSAGES = (
    changed(post=2),
    changed(says="pull.answer"),
    changed(more=1),
    changed(rows_max=1.0),
    changed(rows_max=-1),
    changed(rows_max=True),
    changed(rows_max=2**53),
    changed(chain="99.71/sideways@1"),
    changed(after=[1, "A" * 64]),
    changed(after=[1, "a" * 63]),
    changed().replace(b'"rows_max": 5', b'"rows_max": 5, "rows_max": 6'),
    with_entry(facts={"n": 1.5}),
    with_entry(facts={"n": 2**53}),
    with_entry(more=1),
    with_entry(seq="1"),
    with_entry(seq=True),
    with_entry(subject="s" * 41),
    with_entry(kind="request\x00/1"),
    with_entry(hash="z" * 64),
    with_entry(at="2017-09-07"),
    with_entry(prev="a " * 32),
    with_entry(prev="A" * 64),
    with_entry(body_hash="a" * 63),
    with_entry(body={"n": 1}, salt="zz"),
    with_entry(subject="a\ttab"),
    with_entry(officer="Ø"),
    with_entry(facts=[1]),
    with_entry(facts={"é": 1}),
    with_entry(body=[]),
    with_entry(chain="99.71/up@01"),
    with_entry(seq=-1),
    with_entry(seq=2**53),
    with_entry(seq=1.0),
    b"[" * 100_000,
)


@pytest.mark.parametrize("raw", NO_MESSAGES)
def test_what_is_not_quite_a_message_is_garbled(raw):
    with pytest.raises(GarbledError):
        decode_question(raw)


@pytest.mark.parametrize("raw", [each for each in NO_MESSAGES if each[:1] == b"{"])
def test_nor_is_it_one_when_it_is_spelled_as_we_spell(raw):
    twice = b'"rows_max":5,"rows_max":6'
    with pytest.raises(GarbledError):
        decode_question(as_we_write(raw).replace(b'"rows_max":6', twice))


def test_a_refusal_with_a_number_that_has_no_single_spelling_is_garbled():
    row = encode(No(Refused("post.gap", {"seq": 7})))
    assert decode_answer(row) == No(Refused("post.gap", {"seq": 7}))
    for number in (b"9007199254740993", b"18446744073709551617", b"7.0"):
        with pytest.raises(GarbledError):
            decode_answer(row.replace(b"7", number))


def test_an_entry_of_another_chain_is_read_and_left_to_the_receiver():
    question = decode_question(with_entry(chain="99.71/audit@1"))
    assert isinstance(question, Push)
    assert str(question.parts[0].entries[0].chain) == "99.71/audit@1"


def test_more_rows_than_any_honest_batch_are_garbled():
    row = json.loads(with_entry())
    row["parts"][0]["entries"] *= ROWS_MAX + 1
    with pytest.raises(GarbledError):
        decode_question(json.dumps(row).encode())


def test_a_small_lump_that_unpacks_to_a_huge_one_is_garbled():
    bomb = pack(b"0" * 5_000_000)
    assert len(bomb) < 50_000
    with pytest.raises(GarbledError):
        unpack(bomb, bytes_max=1_000_000)


def test_long_messages_travel_gzipped_and_short_ones_do_not():
    assert pack(b"short") == b"short"
    assert len(pack(b"long" * 1000)) < 200


def test_bytes_behind_a_gzipped_message_are_garbled():
    with pytest.raises(GarbledError):
        unpack(pack(b"long" * 1000) + b"more")
    with pytest.raises(GarbledError):
        unpack(zlib.compress(b"x", wbits=31)[:-3])
