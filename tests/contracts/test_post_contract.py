"""What the post promises, on SQLite and PostgreSQL, in one process and over real HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ampera.journal.alarms import open_alarms
from ampera.journal.entry import FIRST_PREV, ChainName, Entry, SignedHead, seal
from ampera.journal.incarnations import close_incarnation
from ampera.journal.models import Chain, EntryRow, EntryState, Incarnation, Mark
from ampera.journal.queries import part_after
from ampera.sync.courier import run_courier
from ampera.sync.link import Rejected
from ampera.sync.protocol.messages import NOWHERE, Part, Place, Pull, Push, PushAnswer
from ampera.sync.protocol.state import Limits
from ampera.words import OfficeCode
from tests.contracts.conftest import DINAS, KEC, KEY_OF_DINAS
from tests.houses import START
from tests.sync.province import carry, write, write_batch, write_many

UP = ChainName(OfficeCode(KEC), "up", 1)
DOWN = ChainName(OfficeCode(DINAS), f"to/{KEC}", 1)


def written(pair, count: int) -> tuple[Entry, ...]:
    with pair.sending():
        write_many("req_k", count=count)
        part = part_after(UP, 0, most=count)
    assert part is not None
    return part.entries


def part_of(pair, entries, *, chain: ChainName = UP, key=None) -> Part:
    last = entries[-1]
    head = (key or pair.key).sign_head(chain, last.seq, last.hash)
    return Part(chain, tuple(entries), (head,))


def push(pair, *parts: Part, **fields) -> PushAnswer:
    with pair.sending():
        answer = pair.link.ask(Push(at=START, parts=parts, **fields))
    assert isinstance(answer, PushAnswer)
    return answer


def states(pair, chain: ChainName = UP) -> list[str]:
    with pair.receiving():
        rows = EntryRow.objects.filter(chain=str(chain)).order_by("seq")
        return list(rows.values_list("state", flat=True))


def noted(pair) -> dict[str, str]:
    with pair.receiving():
        rows = Mark.objects.filter(key__startswith="noted.").values_list("key", "value")
        return dict(rows)


def entry_after(entries, kind: str, *, facts=None) -> Entry:
    last = entries[-1] if entries else None
    return seal(
        after=(last.seq, last.hash) if last else (0, FIRST_PREV),
        chain=UP,
        about=(kind, "req_other"),
        by=("", "cmd_other"),
        at=START,
        content=(facts or {"n": 1}, "", None),
    )


def test_entries_arrive_once_with_the_mark_in_the_answer(pair):
    entries = written(pair, 5)
    answer = push(pair, part_of(pair, entries))
    assert answer.places == {UP: Place(5, entries[-1].hash)}
    assert not answer.refused
    assert states(pair) == [EntryState.PROJECTED] * 5
    assert set(noted(pair).values()) == {"1"}


def test_duplicates_and_overlaps_are_harmless(pair):
    entries = written(pair, 6)
    for first, last in ((0, 4), (0, 4), (2, 6), (0, 6)):
        answer = push(pair, part_of(pair, entries[first:last]))
        assert not answer.refused
    assert answer.places[UP].seq == 6
    assert len(states(pair)) == 6
    assert set(noted(pair).values()) == {"1"}


def test_a_gap_is_refused_with_the_mark(pair):
    entries = written(pair, 6)
    push(pair, part_of(pair, entries[:2]))
    answer = push(pair, part_of(pair, entries[3:]))
    assert answer.refused[UP].code == "post.gap"
    assert answer.places[UP] == Place(2, entries[1].hash)
    assert len(states(pair)) == 2


def test_a_fork_is_found_by_hash_and_stored_nowhere(pair):
    entries = written(pair, 3)
    push(pair, part_of(pair, entries))
    other = entry_after(entries[:2], "test.noted/1")
    for forked in ([*entries[:2], other], [other]):
        answer = push(pair, part_of(pair, forked))
        assert answer.refused[UP].code == "post.fork"
        assert answer.places[UP] == Place(3, entries[2].hash)
    with pair.receiving():
        assert [key for key, _ in open_alarms()] == [f"fork:{UP}"]
        assert not EntryRow.objects.filter(hash=other.hash).exists()


def test_a_restored_sender_with_more_entries_than_the_mark_is_a_fork_not_a_silence(pair):
    """A receiver that drops what it knows by number alone loses 'printed' and 'spoiled'
    silently."""
    entries = written(pair, 3)
    push(pair, part_of(pair, entries))
    rewritten = [entries[0]]
    for _ in range(4):
        rewritten.append(entry_after(rewritten, "test.noted/1", facts={"n": len(rewritten)}))
    assert push(pair, part_of(pair, rewritten)).refused[UP].code == "post.fork"
    assert push(pair, part_of(pair, rewritten[3:])).refused[UP].code == "post.fork"
    assert len(states(pair)) == 3


def test_an_unknown_kind_is_stored_relayed_and_not_projected(pair):
    entries = [entry_after((), "future.thing/9")]
    answer = push(pair, part_of(pair, entries))
    assert answer.places[UP].seq == 1
    assert states(pair) == [EntryState.NOT_MINE]
    with pair.receiving():
        assert [key for key, _ in open_alarms()] == [f"not_mine:{UP}:1"]
        relayed = part_after(UP, 0, most=10)
    assert relayed is not None
    assert relayed.entries == tuple(entries)


def test_a_kind_that_its_origin_may_not_write_is_stored_and_not_projected(pair):
    entries = [entry_after((), "dedup.decided/1")]
    push(pair, part_of(pair, entries))
    assert states(pair) == [EntryState.NOT_MINE]
    assert not noted(pair)


def test_a_failing_projection_parks_its_entry_and_the_post_goes_on(pair):
    first = entry_after((), "test.broken/1")
    answer = push(pair, part_of(pair, [first, entry_after([first], "test.noted/1")]))
    assert answer.places[UP].seq == 2
    assert states(pair) == [EntryState.PARKED, EntryState.HELD]


def test_a_bad_signature_is_refused(pair):
    entries = written(pair, 2)
    answer = push(pair, part_of(pair, entries, key=KEY_OF_DINAS))
    assert answer.refused[UP].code == "post.bad_signature"
    unsigned = replace(part_of(pair, entries), signatures=())
    assert push(pair, unsigned).refused[UP].code == "post.bad_signature"
    assert states(pair) == []


def test_a_part_cut_short_is_refused_because_its_end_is_not_signed(pair):
    entries = written(pair, 4)
    whole = part_of(pair, entries)
    answer = push(pair, replace(whole, entries=whole.entries[:3]))
    assert answer.refused[UP].code == "post.bad_signature"
    assert states(pair) == []


def test_a_changed_body_is_refused_and_nothing_of_its_part_is_kept(pair):
    entries = list(written(pair, 3))
    entries[1] = replace(entries[1], body={"nama": "BUKAN DIA"})
    assert push(pair, part_of(pair, entries)).refused[UP].code == "post.bad_hash"
    assert states(pair) == []


def test_one_bad_chain_does_not_hold_up_the_others(pair):
    audit = ChainName(OfficeCode(KEC), "audit", 1)
    good = written(pair, 2)
    look = seal(
        after=(5, "a" * 64),
        chain=audit,
        about=("look.recorded/1", "res_1"),
        by=("off_1", "lok_1"),
        at=START,
        content=({"subjects": [], "purpose": "counter"}, "", None),
    )
    answer = push(pair, part_of(pair, [look], chain=audit), part_of(pair, good))
    assert answer.refused[audit].code == "post.gap"
    assert answer.places[UP].seq == 2


def test_a_chain_of_somebody_else_is_refused(pair):
    other = ChainName(OfficeCode("16.71.06"), "up", 1)
    entry = replace(entry_after((), "test.noted/1"), chain=other)
    answer = push(pair, part_of(pair, [entry], chain=other))
    assert answer.refused[other].code == "post.not_yours"
    with pair.sending(), pytest.raises(Rejected) as caught:
        pair.link.ask(Pull(ChainName.read("16.71/to/16.71.06@1"), NOWHERE, 10))
    assert caught.value.code == "post.not_yours"


def test_a_claimed_head_is_kept_ahead_of_its_entries(pair):
    entries = written(pair, 4)
    claim = pair.key.sign_head(UP, 4, entries[3].hash)
    push(pair, part_of(pair, entries[:2]), claims=(claim,))
    with pair.receiving():
        row = Chain.objects.get(name=str(UP))
        assert (row.seq, row.claimed_seq) == (2, 4)
    forged = SignedHead(UP, 9, "ab" * 32, claim.signature)
    assert push(pair, claims=(forged,)).refused[UP].code == "post.bad_signature"


def test_the_chain_for_the_office_comes_by_pulling_in_parts(pair):
    with pair.receiving():
        write_many("req_d", count=5, to=KEC)
    with pair.sending():
        answer = pair.link.ask(Push(at=START, asks_all=True))
        assert answer.waiting[DOWN].seq == 5
        first = pair.link.ask(Pull(DOWN, NOWHERE, 2))
        assert [entry.seq for entry in first.part.entries] == [1, 2]
        assert first.place.seq == 5
        wrong = pair.link.ask(Pull(DOWN, Place(2, "ab" * 32), 2))
        assert wrong.refused.code == "post.fork"
        assert wrong.part is None
        beyond = pair.link.ask(Pull(DOWN, Place(9, "ab" * 32), 2))
        assert (beyond.part, beyond.place.seq) == (None, 5)


def test_an_own_chain_is_given_back_to_its_owner(pair):
    entries = written(pair, 3)
    push(pair, part_of(pair, entries))
    with pair.sending():
        answer = pair.link.ask(Pull(UP, NOWHERE, 10))
    assert answer.part.entries == entries


def test_the_courier_brings_both_sides_together(pair):
    with pair.sending():
        write_many("req_k", count=7)
    with pair.receiving():
        write_many("req_d", count=5, to=KEC)
    carry(pair.offices, KEC, link=pair.link, rounds=3)
    with pair.sending():
        rows = EntryRow.objects.order_by("chain", "seq").values_list("chain", "seq", "hash")
        below = list(rows)
    with pair.receiving():
        rows = EntryRow.objects.order_by("chain", "seq").values_list("chain", "seq", "hash")
        assert list(rows) == below
    assert len(below) == 12
    assert set(noted(pair).values()) == {"1"}


def test_hundreds_of_entries_go_in_a_few_messages(pair):
    with pair.sending():
        write_batch("req_k", count=300)
        progress = run_courier(pair.link, now=START, limits=Limits(rows=100))
    assert progress.sent == 300
    assert len(states(pair)) == 300


def test_two_senders_at_once_store_each_entry_once(wired):
    """The same push twice at the same time, as after a lost answer."""
    entries = written(wired, 40)
    message = Push(at=START, parts=(part_of(wired, entries),))

    def ask(_: int) -> PushAnswer:
        link = wired.another_link()
        answer = link.ask(message)
        link.close()
        return answer

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(8)))
    assert {answer.places[UP].seq for answer in answers} == {40}
    assert not any(answer.refused for answer in answers)
    assert len(states(wired)) == 40
    assert set(noted(wired).values()) == {"1"}


def test_a_server_that_is_not_known_here_is_refused(pair):
    with pair.receiving():
        Incarnation.objects.filter(office=KEC).delete()
    with pair.sending(), pytest.raises(Rejected) as caught:
        pair.link.ask(Push(at=START))
    assert caught.value.code == "post.unknown_server"
    assert states(pair) == []


def test_a_closed_life_is_refused(pair):
    with pair.receiving():
        close_incarnation(OfficeCode(KEC), number=1)
    with pair.sending():
        write("req_a")
        with pytest.raises(Rejected) as caught:
            pair.link.ask(Push(at=START))
    assert caught.value.code == "post.closed"
