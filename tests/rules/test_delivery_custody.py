"""One holder per finished card, and how a receiver must be known: without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.delivery.rules import (
    BUNDLE_CARDS_MAX,
    BundleWish,
    CardHeld,
    Claim,
    Handover,
    decide_hand_over,
    decide_seal,
    decide_take_back,
    policy,
    read_policy,
    standing_of,
)
from ampera.words.reason import Reason

NOON = datetime(2017, 9, 7, 5, 0, tzinfo=UTC)
HERE, KELURAHAN = "16.71.02", "16.71.02.1001"
READY = CardHeld(
    card="crd_1",
    permit="prm_1",
    serial="B0001",
    office=HERE,
    result="READY",
    ready_at=NOON,
    handed_at=None,
    voided_at=None,
    voided_why="",
    replaced_by="",
)
WITH_LURAH = replace(READY, place="LURAH", bundle="bnd_1", moves=2)
GIVE = Handover(office=HERE, officer="off_sari", to="HOLDER", proxy_name="", proxy_basis="")
AT_DOOR = replace(
    GIVE, bundle="bnd_1", verified="EXCEPTION", exception="AT_THE_DOOR", is_exception_known=True,
    is_bundle_vouched=True,
)  # fmt: skip


def code(no):
    return getattr(no, "code", None)


def claim(n, place, *, bundle="bnd_1", at="a", hash="h"):
    return Claim(n=n, place=place, bundle=bundle, at=at, hash=hash)


claims = st.lists(
    st.builds(
        Claim,
        n=st.integers(1, 4),
        place=st.sampled_from(["COUNTER", "BUNDLE", "LURAH", "HOLDER"]),
        bundle=st.sampled_from(["bnd_1", "bnd_2"]),
        at=st.sampled_from("abc"),
        hash=st.sampled_from("xyz"),
    ),
    max_size=8,
    unique_by=lambda each: (each.n, each.place, each.bundle),
)


@given(claims, st.randoms())
def test_where_a_card_is_does_not_depend_on_the_order_of_the_claims(told, chance):
    shuffled = list(told)
    chance.shuffle(shuffled)
    # Two claims told at one time under one hash are one entry, which tells one place.
    told = list({(each.n, each.at, each.hash): each for each in sorted(told, key=str)}.values())
    shuffled = [each for each in shuffled if each in told]
    assert standing_of(told) == standing_of(shuffled)


def test_the_highest_move_says_where_a_card_is():
    found = standing_of([claim(2, "LURAH"), claim(1, "BUNDLE")])
    assert (found.n, found.place, found.clashes) == (2, "LURAH", ())
    assert standing_of([]).place == "COUNTER"


def test_two_moves_with_one_number_are_seen_and_the_earlier_stands():
    found = standing_of([claim(1, "LURAH", at="b"), claim(1, "HOLDER", at="a")])
    assert (found.place, found.clashes) == ("HOLDER", (1,))


@pytest.mark.parametrize(
    ("held", "handover", "expected"),
    [
        (replace(READY, place="BUNDLE", bundle="bnd_1"), GIVE, "delivery.in_a_bundle"),
        (WITH_LURAH, GIVE, "delivery.in_a_bundle"),
        (WITH_LURAH, AT_DOOR, None),
        (WITH_LURAH, replace(AT_DOOR, bundle="bnd_2"), "delivery.not_in_your_hand"),
        (READY, AT_DOOR, "delivery.not_in_your_hand"),
        (replace(WITH_LURAH, place="BUNDLE"), AT_DOOR, "delivery.not_in_your_hand"),
        (replace(WITH_LURAH, voided_at=NOON), AT_DOOR, "delivery.voided"),
        (WITH_LURAH, replace(AT_DOOR, is_bundle_vouched=False), "delivery.second_needed"),
    ],
)
def test_only_whoever_has_the_card_gives_it_away(held, handover, expected):
    assert code(decide_hand_over(held, handover=handover)) == expected


def test_a_card_on_hold_is_not_handed_over():
    assert code(decide_hand_over(READY, handover=replace(GIVE, is_on_hold=True))) == (
        "delivery.on_hold"
    )


@pytest.mark.parametrize(
    ("reason", "more", "expected"),
    [
        (Reason.NEW, {}, None),
        (Reason.LOST, {"old_card": "LOST"}, None),
        (Reason.DAMAGED, {}, "delivery.old_card_unsaid"),
        (Reason.DAMAGED, {"old_card": "NONE"}, "delivery.old_card_unsaid"),
        (Reason.DAMAGED, {"old_card": "EATEN"}, "delivery.old_card_unsaid"),
        (Reason.DATA_CHANGED, {"old_card": "TAKEN_IN"}, None),
        (Reason.MOVED, {"old_card": "NOT_SHOWN"}, "delivery.old_card_not_taken"),
        (Reason.MOVED, {"old_card": "NOT_SHOWN", "second": "off_budi"}, None),
        (Reason.DAMAGED, {"old_card": "LOST", "second": "off_budi"}, None),
    ],
)
def test_the_old_card_is_taken_in_or_a_second_officer_says_why_not(reason, more, expected):
    handover = replace(GIVE, reason=reason, **more)
    assert code(decide_hand_over(READY, handover=handover)) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"verified": "DOCUMENT"}, None),
        ({"verified": "DOCUMENT", "may_alone": False}, "delivery.exception_needed"),
        ({"verified": "FINGER", "may_alone": False}, "delivery.not_matched"),
        ({"verified": "FINGER", "may_alone": False, "is_matched": True}, None),
        ({"verified": "EXCEPTION"}, "delivery.exception_unknown"),
        ({"verified": "EXCEPTION", "is_exception_known": True}, "delivery.second_needed"),
        ({"verified": "EXCEPTION", "is_exception_known": True, "second": "off_budi"}, None),
    ],
)
def test_without_a_match_a_second_officer_vouches_for_the_exception(more, expected):
    assert code(decide_hand_over(READY, handover=replace(GIVE, **more))) == expected


def wish(*held, kelurahan=None, **more):
    known = tuple(KELURAHAN for _ in held) if kelurahan is None else kelurahan
    return BundleWish(
        office=HERE, kelurahan=KELURAHAN, cards=tuple(held), kelurahan_of=known, **more
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (wish(READY), None),
        (wish(), "delivery.bundle_empty"),
        (wish(*[READY] * (BUNDLE_CARDS_MAX + 1)), "delivery.bundle_too_large"),
        (wish(READY, kelurahan=("",)), "delivery.other_kelurahan"),
        (wish(READY, kelurahan=("16.71.02.1002",)), "delivery.other_kelurahan"),
        (wish(WITH_LURAH), "delivery.not_at_the_counter"),
        (wish(replace(READY, voided_at=NOON)), "delivery.bundle_has_void"),
        (wish(READY, voided={"crd_1"}), "delivery.bundle_has_void"),
        (wish(replace(READY, handed_at=NOON)), "delivery.already_handed_over"),
        (wish(replace(READY, office="16.71.06")), "delivery.held_elsewhere"),
        (wish(replace(READY, result="REJECTED")), "delivery.not_ready"),
    ],
)
def test_what_may_be_sealed_into_a_bundle(asked, expected):
    assert code(decide_seal(asked)) == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (WITH_LURAH, None),
        (replace(WITH_LURAH, voided_at=NOON), None),
        (READY, "delivery.not_in_this_bundle"),
        (replace(WITH_LURAH, bundle="bnd_2"), "delivery.not_in_this_bundle"),
        (replace(WITH_LURAH, handed_at=NOON), "delivery.already_handed_over"),
        (replace(WITH_LURAH, office="16.71.06"), "delivery.no_such_card"),
        (None, "delivery.no_such_card"),
    ],
)
def test_what_the_counter_may_take_back(held, expected):
    assert code(decide_take_back(held, bundle="bnd_1", office=HERE)) == expected


def test_from_a_dated_day_on_no_officer_hands_over_alone_without_a_match():
    rows = policy()
    assert rows.may_record_alone("DOCUMENT", day=date(2017, 9, 7))
    assert not rows.may_record_alone("DOCUMENT", day=date(2026, 11, 22))
    assert not rows.may_record_alone("FINGER", day=date(2017, 9, 7))
    assert not rows.may_record_alone("EXCEPTION", day=date(2017, 9, 7))
    assert not rows.may_record_alone("DOCUMENT", day=date(2000, 1, 1))
    assert rows.uncollected_on(date(2000, 1, 1)) == rows.uncollected_on(date(2017, 9, 7))


TEXT = """
[[verification]]
from = 2014-12-01
alone = [{alone}]
[[uncollected]]
from = 2014-12-01
remind_days = {remind}
lurah_days = 14
report_days = 90
[[exception]]
code = "A"
id = "a"
en = "a"
[[undelivered]]
code = "B"
id = "b"
en = "b"
[old_card]
serial = "[A-Z]{{2}}[0-9]{{5}}"
"""


def test_policy_that_nobody_understands_is_not_read():
    assert read_policy(TEXT.format(alone='"DOCUMENT"', remind=3)).exceptions["A"].door is False
    dated = read_policy(TEXT.format(alone="", remind=3))
    told = [dated.is_old_serial(each) for each in ("AB12345", "AB1234", "A1")]
    assert told == [True, False, False]
    with pytest.raises(ValueError, match="alone"):
        read_policy(TEXT.format(alone='"FINGER"', remind=3))
    with pytest.raises(ValueError, match="reminded"):
        read_policy(TEXT.format(alone="", remind=30))
    twice = '[[exception]]\ncode = "A"\nid = "a"\nen = "a"\n'
    with pytest.raises(ValueError, match="twice"):
        read_policy(TEXT.format(alone="", remind=3) + twice)
