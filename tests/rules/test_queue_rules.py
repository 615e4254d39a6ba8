"""The queue decided without a database: a strict order, quotas that starve nobody, two persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.readiness.rules import policy as policies
from ampera.readiness.rules.policy import (
    NOT_URGENT,
    Moved,
    QuotaClass,
    policy,
    read_policy,
)
from ampera.readiness.rules.queue import (
    MoveFacts,
    SortKey,
    Standing,
    check_note,
    check_two,
    day_of_turn,
    decide_move,
    decide_undo,
    decider,
    key_of_facts,
    picked,
    quota_classes,
    why_before,
)
from ampera.readiness.rules.states import RequestState
from ampera.words import OfficeCode, Reason, Refusal

TODAY = date(2017, 9, 7)
ORDER = policy().order_on(TODAY)
ANY, FIRST, GUEST = QuotaClass.ANY, QuotaClass.FIRST, QuotaClass.GUEST
REPLACEMENT = QuotaClass.REPLACEMENT
WAITING = MoveFacts(state=RequestState.WAITING, is_at_dinas=True, is_moved_so=False, moved_today=0)

keys = st.builds(
    SortKey,
    request=st.text("abc", min_size=1, max_size=3),
    waiting_since=st.sampled_from([f"2017-09-0{day}T01:00:00.000000Z" for day in (1, 2, 3)]),
    is_first=st.booleans(),
    is_jump=st.booleans(),
    urgency=st.sampled_from([1, 2, 5, NOT_URGENT]),
)
queues = st.lists(keys, max_size=12, unique_by=lambda key: key.request)


def place(key):
    return key.parts(ORDER)


def a_key(request="req_1", **changes):
    made = SortKey(request=request, waiting_since="2017-09-01T01:00:00.000000Z", is_first=True)
    return replace(made, **changes)


# ---- the order ----


@given(keys, keys, keys)
def test_the_order_is_strict_and_total(a, b, c):
    assert not place(a) < place(a)
    if a.request != b.request:
        assert (place(a) < place(b)) != (place(b) < place(a))
    if place(a) < place(b) < place(c):
        assert place(a) < place(c)


@given(queues, st.randoms())
def test_the_order_does_not_depend_on_which_entry_came_first(queue, chance):
    shuffled = list(queue)
    chance.shuffle(shuffled)
    assert sorted(shuffled, key=place) == sorted(queue, key=place)


@given(queues, st.data())
def test_moving_one_forward_changes_nobody_elses_place_among_the_others(queue, data):
    if not queue:
        return
    moved = data.draw(st.sampled_from(queue))
    raised = replace(moved, is_jump=data.draw(st.booleans()), urgency=data.draw(st.integers(1, 9)))
    before = sorted(queue, key=place)
    after = sorted([raised if each is moved else each for each in queue], key=place)
    others = [each.request for each in before if each is not moved]
    assert [each.request for each in after if each is not raised] == others
    is_forward = (not raised.is_jump, raised.urgency) <= (not moved.is_jump, moved.urgency)
    if is_forward:
        assert after.index(raised) <= before.index(moved)


@given(keys, keys)
def test_what_decides_is_the_first_part_in_which_two_differ(a, b):
    if a.request == b.request:
        return
    name = decider(a, b, order=ORDER)
    at = ORDER.index(name)
    assert a.parts(ORDER)[:at] == b.parts(ORDER)[:at]
    assert a.parts(ORDER)[at] != b.parts(ORDER)[at]


@given(keys)
def test_a_key_stands_in_the_entry_as_it_was(key):
    assert key_of_facts(key.request, key.facts()) == key


def test_without_any_movement_the_order_is_the_one_of_2014():
    queue = [
        a_key("req_b", waiting_since="2017-09-02"),
        a_key("req_a", waiting_since="2017-09-02"),
        a_key("req_c", waiting_since="2017-09-01", is_first=False),
        a_key("req_d", waiting_since="2017-09-03"),
    ]
    old = policy().order_on(date(2015, 1, 1))
    assert sorted(queue, key=lambda key: key.parts(old)) == sorted(queue, key=place)
    assert [each.request for each in sorted(queue, key=place)] == [
        "req_a",
        "req_b",
        "req_d",
        "req_c",
    ]


# ---- quotas ----


def test_the_policy_of_today_limits_nothing():
    assert policy().limits_on(TODAY, office=OfficeCode("16.71")) == {}
    waiting = [(number, frozenset({ANY})) for number in range(5)]
    assert list(picked(waiting, most=3, left={})) == [(1, 0), (2, 1), (3, 2)]


def test_a_quota_is_of_an_office_or_of_a_tier_and_the_smaller_one_holds():
    row = (
        'limits = [{ office = "dinas", of = "guest", per_day = 15 },'
        ' { office = "16.71", of = "guest", per_day = 5 }]'
    )
    by = read_policy(policies.policy_text().replace("limits = []", row))
    assert by.limits_on(TODAY, office=OfficeCode("16.71")) == {GUEST: 5}
    assert by.limits_on(TODAY, office=OfficeCode("31.71")) == {GUEST: 15}
    assert by.limits_on(TODAY, office=OfficeCode("16.71.02")) == {}
    assert by.limits_on(date(2014, 11, 30), office=OfficeCode("16.71")) == {}


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("limits = []", 'limits = [{ office = "dinas", of = "any", per_day = 0 }]', "at least one"),
        ("limits = []", 'limits = [{ office = "dinas", of = "rich", per_day = 9 }]', "rich"),
        ('evidence = ["hospital_letter"]', 'evidence = ["envelope"]', "nobody has described"),
        ('evidence = ["hospital_letter"]', "evidence = []", "nobody has described"),
        ("rank = 1\n", "rank = 99\n", "rank"),
    ],
)
def test_quotas_and_urgencies_that_nobody_understands_are_defects(old, new, match):
    with pytest.raises(ValueError, match=match):
        read_policy(policies.policy_text().replace(old, new, 1))


def test_a_guest_is_who_lives_in_another_kabkota():
    dinas = OfficeCode("16.71")
    at_home = quota_classes(reason=Reason.NEW, home="16.71.02", office=dinas)
    guest = quota_classes(reason=Reason.LOST, home="31.74.01", office=dinas)
    assert (at_home, guest) == ({ANY, FIRST}, {ANY, REPLACEMENT, GUEST})


def test_who_is_held_back_keeps_the_place_and_others_go_on():
    waiting = [("guest 1", {GUEST, ANY}), ("guest 2", {GUEST, ANY}), ("own", {ANY})]
    rows = [(name, frozenset(of)) for name, of in waiting]
    assert list(picked(rows, most=9, left={GUEST: 1})) == [(1, "guest 1"), (3, "own")]
    assert list(picked(rows, most=9, left={ANY: 0})) == []
    assert list(picked(rows, most=0, left={})) == []


classed = st.lists(
    st.sampled_from([frozenset({ANY, FIRST}), frozenset({ANY, FIRST, GUEST}),
                     frozenset({ANY, REPLACEMENT}), frozenset({ANY, REPLACEMENT, GUEST})]),
    max_size=25,
)  # fmt: skip
limits = st.dictionaries(st.sampled_from(list(QuotaClass)), st.integers(1, 4), max_size=3)


@given(classed, limits, st.integers(1, 6))
def test_a_quota_is_kept_and_who_comes_first_in_a_class_goes_first(waiting, left, most):
    rows = list(enumerate(waiting))
    went = [one for _, one in picked(rows, most=most, left=left)]
    assert len(went) <= most
    for of, per_day in left.items():
        assert sum(of in waiting[one] for one in went) <= per_day
    for kind in set(waiting):
        alike = [one for one, classes in rows if classes == kind]
        gone = [one for one in went if waiting[one] == kind]
        assert gone == alike[: len(gone)], "of those alike the first ones went"


@given(classed, limits, st.integers(1, 6))
def test_no_quota_starves_anybody(waiting, left, most):
    """Day after day with nobody new: all go, and the head of the queue goes every day."""
    rest, days = list(enumerate(waiting)), 0
    while rest:
        went = [one for _, one in picked(rest, most=most, left=left)]
        assert rest[0][0] in went
        rest = [(one, classes) for one, classes in rest if one not in went]
        days += 1
        assert days <= len(waiting)


@given(st.integers(0, 30), st.integers(1, 5), st.integers(0, 5))
def test_the_expected_day_is_the_day_on_which_the_turn_comes(before, per_day, used):
    used = min(used, per_day)
    left, ahead, day = per_day - used, before, TODAY
    while ahead >= left:
        ahead, left, day = ahead - left, per_day, day + timedelta(days=1)
    assert day_of_turn(TODAY, used=used, before=before, per_day=per_day) == day


# ---- being moved forward ----


def decide(what=Moved.URGENT, reason="HOSPITAL", evidence="hospital_letter", **facts):
    return decide_move(
        what,
        reason=reason,
        evidence=evidence,
        facts=replace(WAITING, **facts),
        by=policy(),
        day=TODAY,
    )


def test_a_reason_of_the_list_with_its_paper_puts_a_request_forward():
    code = decide()
    assert code.rank == policy().urgencies["HOSPITAL"].rank
    assert decide(what=Moved.JUMPED) == code


def test_other_reasons_and_other_papers_put_nobody_forward():
    assert decide(reason="PAID") == Refusal("readiness.urgency_unknown")
    no = decide(what=Moved.JUMPED, reason="DISASTER", evidence="disaster_letter")
    assert no == Refusal("readiness.urgency_unknown"), "a disaster makes urgent, it is no jump"
    assert decide(evidence="ticket_or_visa") == Refusal("readiness.evidence_unknown")


def test_who_does_not_wait_is_not_put_forward():
    no = decide(state=RequestState.ON_ITS_WAY)
    assert no == Refusal("readiness.granted_already")
    for state in (RequestState.DELIVERED, RequestState.REJECTED, RequestState.NOT_READY):
        assert decide(state=state) == Refusal("readiness.not_in_queue")
    assert decide(state=None) == Refusal("readiness.not_here")
    assert decide(state=RequestState.NOT_READY, is_at_dinas=False).code == "HOSPITAL"


def test_nobody_is_put_forward_twice_or_beyond_the_number_of_the_day():
    assert decide(is_moved_so=True) == Refusal("readiness.moved_already")
    most = policy().queue_on(TODAY).per_day[Moved.JUMPED]
    assert decide(what=Moved.JUMPED, moved_today=most - 1).code == "HOSPITAL"
    no = decide(what=Moved.JUMPED, moved_today=most)
    assert no == Refusal("readiness.moves_used_up", most=most)


def test_before_the_policy_knew_urgency_there_was_none():
    no = decide_move(
        Moved.URGENT,
        reason="HOSPITAL",
        evidence="hospital_letter",
        facts=WAITING,
        by=policy(),
        day=date(2015, 1, 1),
    )
    assert no == Refusal("readiness.not_in_policy", day="2014-12-01")


def test_a_movement_is_taken_back_once_and_while_the_request_waits():
    waiting = RequestState.WAITING
    assert decide_undo(state=waiting, is_undone=False, is_at_dinas=True) is None
    no = decide_undo(state=waiting, is_undone=True, is_at_dinas=True)
    assert no == Refusal("readiness.move_undone")
    assert decide_undo(state=None, is_undone=False, is_at_dinas=True) == Refusal(
        "readiness.move_unknown"
    )
    granted = decide_undo(state=RequestState.ON_ITS_WAY, is_undone=False, is_at_dinas=True)
    assert granted == Refusal("readiness.granted_already")


def test_two_different_persons_are_in_the_act():
    assert check_two("off_a", "off_b") is None
    for officer, witness in (("off_a", "off_a"), ("off_a", ""), ("", "off_b")):
        assert check_two(officer, witness) == Refusal("officer.same_person")


@pytest.mark.parametrize(
    "note", ["1671020101909001", "telp 0812-3456-7890", "1671 0201 0190", "x" * 121, "dua\nbaris"]
)
def test_a_note_holds_nobodys_number(note):
    assert check_note(note) == Refusal("readiness.note_form", most=120)


def test_a_note_says_what_the_paper_was():
    assert check_note("Surat RS Contoh, 3-9-2017, nomor 445/12") is None


# ---- why ----


def test_one_reason_is_given_for_each_pair():
    early, late = a_key("req_1"), a_key("req_2", waiting_since="2017-09-03")
    here = Standing(key=early, office="16.71.02", is_waiting=True)
    there = Standing(key=late, office="16.71.02", is_waiting=True)
    assert why_before(here, there, order=ORDER) == "waiting_since"
    assert why_before(there, replace(here, office="16.71"), order=ORDER) == "other_queue"
    assert why_before(there, replace(here, is_waiting=False), order=ORDER) == "not_waiting_then"
    assert why_before(there, replace(here, is_held_back=True), order=ORDER) == "quota"
    assert why_before(there, here, order=ORDER) == "unexplained"
    jumped = replace(there, key=replace(late, is_jump=True))
    assert why_before(jumped, here, order=ORDER) == "jump"
