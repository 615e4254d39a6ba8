"""Real servers exchanging: chains arrive whole and once, whatever the link or the process does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from ampera.journal.actions import record_look
from ampera.journal.alarms import open_alarms
from ampera.journal.marks import chains_behind, child_contacts, is_child_heard, read_mark, shown_by
from ampera.journal.models import Chain, EntryRow
from ampera.journal.queries import Reach, chain_seen, journey_of, part_after
from ampera.sync import courier
from ampera.sync.answering import handle
from ampera.sync.courier import courier_step
from ampera.sync.health import link_status, try_link
from ampera.sync.link import LocalLink, Rejected, Unreachable
from ampera.sync.protocol.messages import Part, Push, Speaker
from ampera.sync.protocol.state import Limits
from ampera.words import OfficeCode
from tests.houses import START
from tests.sync.province import (
    SMALL,
    Flaky,
    carry,
    carry_all,
    chain,
    ends,
    hashes,
    link_from,
    times_noted,
    write,
    write_batch,
    write_many,
)

KEC, DINAS, PUSAT = "16.71.02", "16.71", "00"


def test_entries_go_up_to_the_pusat_and_down_to_the_office(offices):
    with offices.at(KEC):
        write_many("req_k", count=8)
        record_look(officer="off_1", subjects=["res_1"], purpose="counter")
    with offices.at(DINAS):
        write_many("req_d", count=7, to=KEC)
    with offices.at(PUSAT):
        write_many("req_p", count=5, to=DINAS)
    carry_all(offices)
    everything = {
        "16.71.02/up@1": 8,
        "16.71.02/audit@1": 1,
        "16.71/to/16.71.02@1": 7,
        "00/to/16.71@1": 5,
    }
    assert ends(offices, DINAS) == everything
    assert ends(offices, PUSAT) == everything
    assert ends(offices, KEC) == {
        name: seq for name, seq in everything.items() if not name.startswith("00/")
    }
    assert times_noted(offices, DINAS) == times_noted(offices, PUSAT) == {"1"}
    assert times_noted(offices, KEC) == {"1"}


def test_each_record_shows_how_far_it_has_got(offices):
    def reach():
        with offices.at(KEC):
            return journey_of(["req_a"]).reach

    with offices.at(KEC):
        write("req_a")
    assert reach() is Reach.LOCAL
    carry(offices, KEC, rounds=2)
    assert reach() is Reach.CITY
    carry(offices, DINAS, rounds=2)
    carry(offices, KEC, rounds=2)
    assert reach() is Reach.CENTRE


@pytest.mark.parametrize("seed", range(4))
def test_a_bad_link_delays_and_changes_nothing(offices, seed):
    chance = Random(seed)
    fates = ["question lost", "answer lost", "doubled", "whole"]
    bad = {
        code: Flaky(link_from(offices, code), plan=lambda: chance.choice(fates))
        for code in (KEC, DINAS)
    }
    for number in range(6):
        with offices.at(KEC):
            write_many(f"req_k{number}", count=chance.randrange(4))
        with offices.at(DINAS):
            write_many(f"req_d{number}", count=chance.randrange(4), to=KEC)
        for code, link in bad.items():
            carry(offices, code, link=link, rounds=3)
    carry_all(offices)
    for name in ("16.71.02/up@1", "16.71/to/16.71.02@1"):
        everywhere = [hashes(offices, code, name) for code in (KEC, DINAS, PUSAT)]
        assert everywhere[0]
        assert everywhere[0] == everywhere[1] == everywhere[2]
    assert times_noted(offices, DINAS) <= {"1"}
    assert times_noted(offices, KEC) <= {"1"}


class Killed(Exception):
    """The process is gone."""


STEPS = ["load_state", "step", "part_after", "_claims", "take_part", "note_reach", "save_state"]


@pytest.mark.parametrize("dying", STEPS)
@pytest.mark.parametrize("is_after", [False, True])
def test_a_process_that_dies_between_two_steps_loses_nothing(offices, monkeypatch, dying, is_after):
    """Each second call of the step kills the process, before or after it was done."""
    with offices.at(KEC):
        write_many("req_k", count=7)
    with offices.at(DINAS):
        write_many("req_d", count=7, to=KEC)
    honest = getattr(courier, dying)
    calls = [0]

    def deadly(*args, **kwargs):
        calls[0] += 1
        if calls[0] % 2 == 0 and not is_after:
            raise Killed
        done = honest(*args, **kwargs)
        if calls[0] % 2 == 0:
            raise Killed
        return done

    monkeypatch.setattr(courier, dying, deadly)
    link, deaths = link_from(offices, KEC), 0
    for number in range(24):
        now = offices.wall + timedelta(seconds=61 * number)
        try:
            with offices.at(KEC):
                courier_step(link, now=now, limits=SMALL)
        except Killed:
            deaths += 1
    assert deaths
    monkeypatch.undo()
    offices.wall += timedelta(hours=2)
    carry(offices, KEC)
    for name in ("16.71.02/up@1", "16.71/to/16.71.02@1"):
        assert len(hashes(offices, KEC, name)) == 7
        assert hashes(offices, KEC, name) == hashes(offices, DINAS, name)
    assert times_noted(offices, DINAS) == times_noted(offices, KEC) == {"1"}


def test_an_own_entry_lies_on_the_second_medium_before_it_leaves(offices):
    with offices.at(KEC) as here:
        write_many("req_k", count=4)
        seen = []

        def serve(question):
            seen.append((len(question.parts), list(here.second_log.read())))
            raise Unreachable

        courier_step(LocalLink(serve), now=offices.wall)
        offices.wall += timedelta(minutes=2)
        whole = link_from(offices, KEC)
    with offices.at(DINAS) as here:
        write_many("req_d", count=4, to=KEC)
        assert not list(here.second_log.read())
    carry(offices, KEC, link=whole)
    assert seen
    assert len(seen[0][1]) == 4
    with offices.at(DINAS) as here:
        assert len(list(here.second_log.read())) == 4


def test_each_push_carries_the_heads_of_up_and_audit(offices):
    with offices.at(KEC):
        write("req_a")
        record_look(officer="off_1", subjects=["res_1"], purpose="counter")
    carry(offices, KEC)
    asked = []

    def serve(question):
        asked.append(question)
        raise Unreachable

    with offices.at(KEC):
        courier_step(LocalLink(serve), now=offices.wall + timedelta(hours=1))
    (push,) = asked
    assert isinstance(push, Push)
    assert [str(head.chain) for head in push.claims] == ["16.71.02/up@1", "16.71.02/audit@1"]


def test_a_shortened_chain_shows_by_its_claimed_head(offices):
    """The head travels ahead of the audit's entries: above it is known how long the chain is."""
    with offices.at(KEC):
        write("req_a")
        for number in range(3):
            record_look(officer="off_1", subjects=[f"res_{number}"], purpose="counter")
    carry(offices, KEC, rounds=1)
    with offices.at(DINAS):
        row = Chain.objects.get(name="16.71.02/audit@1")
        assert row.claimed_seq == 3


def test_a_silent_upper_server_is_asked_less_and_less_and_shown(offices):
    def silence(_):
        raise Unreachable

    with offices.at(KEC):
        write("req_a")
        tries = []
        for second in range(180):
            now = offices.wall + timedelta(seconds=second)
            if courier_step(LocalLink(silence), now=now).was_asked:
                tries.append(second)
        status = link_status()
    assert tries == [0, 5, 15, 35, 75, 135]
    assert not status.is_up
    assert status.error == "link.unreachable"
    assert status.unsent == 1
    assert status.oldest_unsent is not None


def test_health_shows_contact_and_the_difference_of_the_clocks(offices):
    link = link_from(offices, KEC)
    with offices.at(DINAS) as here:
        here.clock = type(offices.clock)(offices.clock.at + timedelta(seconds=90))
    carry(offices, KEC, link=link, rounds=1)
    with offices.at(KEC):
        assert link_status().clock_seconds == 90
        assert link_status().is_up
    with offices.at(DINAS):
        _, seconds = child_contacts()[OfficeCode(KEC)]
        assert seconds == -90


def test_both_hops_are_shown_and_can_be_tried(offices):
    carry(offices, DINAS, rounds=1)
    carry(offices, KEC, rounds=2)
    with offices.at(KEC):
        assert link_status().heard_above == START
        tried = try_link(link_from(offices, KEC))
        assert tried.is_answered
        assert tried.heard_above == START

        def silence(_):
            raise Unreachable

        assert try_link(LocalLink(silence)).error == "link.unreachable"


def test_a_long_chain_travels_in_short_parts_of_one_transaction_each(offices):
    with offices.at(KEC):
        write_batch("req_k", count=120)
        asked = []

        def serve(question):
            asked.append(question)
            raise Unreachable

        courier_step(link_from(offices, KEC), now=offices.wall)
        courier_step(LocalLink(serve), now=offices.wall)
    assert [len(part.entries) for part in asked[0].parts] == [50, 50, 20]


def test_a_push_grows_no_longer_than_its_limit(offices, monkeypatch):
    monkeypatch.setattr(courier, "PUSH_BYTES", 20_000)
    with offices.at(KEC):
        write_batch("req_k", count=120)
    sent = [progress.sent for progress in carry(offices, KEC, rounds=2, limits=Limits())]
    assert sent == [120, 0]
    with offices.at(KEC):
        write_batch("req_l", count=120)
        progress = courier_step(
            link_from(offices, KEC), now=offices.wall + timedelta(days=1), limits=Limits()
        )
    assert 0 < progress.sent < 120
    assert progress.has_more


def test_an_idle_contact_writes_no_entry_and_little_else(offices):
    carry_all(offices)
    with offices.at(DINAS):
        contact = read_mark("post.child.16.71.02")
    carry(offices, KEC, rounds=3)
    with offices.at(DINAS):
        assert read_mark("post.child.16.71.02") == contact
        assert not EntryRow.objects.exists()


def test_a_tier_above_that_lost_its_database_gets_everything_again(offices):
    with offices.at(KEC):
        write_many("req_k", count=5)
    with offices.at(DINAS):
        write_many("req_d", count=4, to=KEC)
    carry_all(offices)
    before = hashes(offices, DINAS, "16.71/to/16.71.02@1")
    with offices.at(DINAS) as here:
        EntryRow.objects.all().delete()
        Chain.objects.all().delete()
        here.incarnation = 2  # a restore is a new join
    with offices.at(KEC):
        # The kecamatan would learn the new key by the pusat's word; here it is only the same key.
        from ampera.journal.incarnations import register_incarnation

        register_incarnation(OfficeCode(DINAS), number=2, public_key=here.key.public_hex)
    with offices.at(DINAS):
        assert not is_child_heard(OfficeCode(KEC))
        replayed = Push(at=START, life=1, asks_all=True)
        handle(replayed, speaker=Speaker(OfficeCode(KEC), 1))
        assert not is_child_heard(OfficeCode(KEC)), "a message from before says nothing"
    carry(offices, KEC)
    assert len(hashes(offices, DINAS, "16.71.02/up@1")) == 5
    assert hashes(offices, DINAS, "16.71/to/16.71.02@1") == before
    with offices.at(DINAS):
        assert shown_by(OfficeCode(KEC))[chain("16.71/to/16.71.02@1")].seq == 4
        assert is_child_heard(OfficeCode(KEC))


def test_a_dinas_restored_unnoticed_is_told_by_the_pusat_and_by_its_child(offices):
    with offices.at(DINAS):
        write_many("req_d", count=4, to=KEC)
        write_many("req_u", count=3)
    carry_all(offices)
    with offices.at(DINAS):
        EntryRow.objects.filter(seq__gt=2).delete()
        for row in Chain.objects.filter(name__startswith="16.71/"):
            row.seq = 2
            row.hash = EntryRow.objects.get(chain=row.name, seq=2).hash
            row.save()
    carry(offices, KEC, rounds=2)
    with offices.at(DINAS):
        assert list(map(str, chains_behind())) == ["16.71/to/16.71.02@1"]
    carry(offices, DINAS, rounds=3)
    with offices.at(DINAS):
        assert sorted(map(str, chains_behind())) == ["16.71/to/16.71.02@1", "16.71/up@1"]
        assert chain_seen(chain("16.71/up@1")).seq == 2, "an own living chain is not taken back"
        assert any(key.startswith("behind:") for key, _ in open_alarms())


def test_a_fork_above_stops_the_chain_and_raises_an_alarm(offices):
    with offices.at(KEC):
        write_many("req_k", count=3)
    carry(offices, KEC)
    with offices.at(KEC):
        # Another disk was put in: the third entry is another one now.
        EntryRow.objects.filter(seq=3).delete()
        Chain.objects.filter(name="16.71.02/up@1").update(
            seq=2, hash=EntryRow.objects.get(seq=2).hash
        )
        write_many("req_x", count=2)
    carry(offices, KEC)
    with offices.at(KEC):
        assert any(key == "fork:16.71.02/up@1" for key, _ in open_alarms())
    with offices.at(DINAS):
        assert EntryRow.objects.filter(chain="16.71.02/up@1").count() == 3


def test_a_server_that_was_closed_above_is_heard_no_more(offices):
    from ampera.journal.incarnations import close_incarnation

    with offices.at(DINAS):
        close_incarnation(OfficeCode(KEC), number=1)
    with offices.at(KEC):
        write("req_a")
        progress = courier_step(link_from(offices, KEC), now=offices.wall)
    assert progress.error == "post.closed"
    assert ends(offices, DINAS) == {}


def test_text_that_has_no_spelling_is_refused_like_a_wrong_hash(offices):
    with offices.at(KEC) as here:
        write("req_a")
        part = part_after(chain("16.71.02/up@1"), 0, most=1)
        odd = replace(part.entries[0], facts={"n": "\ud800"})
        push = Push(at=START, parts=(Part(part.chain, (odd,), part.signatures),))
        speaker = Speaker(here.code, 1)
    with offices.at(DINAS):
        answer = handle(push, speaker=speaker)
    assert answer.refused[part.chain].code == "post.bad_hash"
    assert ends(offices, DINAS) == {}


def test_a_link_error_says_whether_to_try_again():
    assert Unreachable().may_retry
    assert not Rejected("post.closed").may_retry


def test_the_pusat_asks_nobody(offices):
    with offices.at(PUSAT):
        assert not courier_step(LocalLink(lambda _: None), now=offices.wall).was_asked
