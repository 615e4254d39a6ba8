"""Taking in foreign chains: refuse a bad hash, signature, fork or gap; park what fails; never
lose."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.alarms import open_alarms
from ampera.journal.entry import FIRST_PREV, ChainName, seal
from ampera.journal.models import EntryRow, EntryState, Mark
from ampera.journal.projecting import cure_parked
from ampera.journal.queries import (
    Reach,
    count_unsent,
    head_claim,
    journey_of,
    oldest_unsent,
    part_after,
    waiting_count,
)
from ampera.journal.receiving import ChainPart, Place, place_of, receive_claim, receive_part
from ampera.words import OfficeCode, Refusal
from tests.journal.conftest import FAILING
from tests.journal.test_commands import note

UP = ChainName(OfficeCode("16.71.02"), "up", 1)


@pytest.fixture
def ten(offices) -> ChainPart:
    """Ten entries of the kecamatan, signed at their end."""
    with offices.at("16.71.02"):
        for number in range(10):
            note(Command(f"cmd_{number}"), f"text {number}", subject=f"req_{number % 3}")
        part = part_after(UP, 0, most=50)
    assert part is not None
    return part


def signed(offices, entries) -> ChainPart:
    last = entries[-1]
    key = offices._houses["16.71.02"].key
    return ChainPart(UP, tuple(entries), (key.sign_head(UP, last.seq, last.hash),))


def test_a_part_is_taken_once_however_often_it_comes(offices, ten) -> None:
    with offices.at("16.71"):
        place = receive_part(ten)
        assert place == Place(10, ten.entries[-1].hash)
        assert receive_part(ten) == place
        assert EntryRow.objects.count() == 10
        assert Mark.objects.count() == 3


def test_overlapping_parts_make_one_chain(offices, ten) -> None:
    with offices.at("16.71"):
        assert receive_part(signed(offices, ten.entries[:6])) == Place(6, ten.entries[5].hash)
        assert receive_part(signed(offices, ten.entries[3:])) == Place(10, ten.entries[9].hash)
        assert EntryRow.objects.count() == 10


def test_a_gap_is_refused_and_the_mark_told(offices, ten) -> None:
    with offices.at("16.71"):
        receive_part(signed(offices, ten.entries[:4]))
        assert receive_part(signed(offices, ten.entries[5:])) == Refusal("post.gap", seq=4)
        hole = (*ten.entries[4:6], *ten.entries[7:])
        assert receive_part(signed(offices, hole)) == Refusal("post.gap", seq=4)
        assert EntryRow.objects.count() == 4


def test_a_changed_entry_is_refused_and_named(offices, ten) -> None:
    changed = replace(ten.entries[6], officer="off_9")
    entries = (*ten.entries[:6], changed, *ten.entries[7:])
    with offices.at("16.71"):
        answer = receive_part(signed(offices, entries))
        assert answer == Refusal("post.bad_hash", chain=str(UP), seq=7)
        assert EntryRow.objects.count() == 0


def test_a_signature_of_another_key_is_refused(offices, ten) -> None:
    last = ten.entries[-1]
    other = offices._houses["16.71.06"].key
    forged = replace(ten, signatures=(other.sign_head(UP, last.seq, last.hash),))
    with offices.at("16.71"):
        assert receive_part(forged) == Refusal("post.bad_signature", chain=str(UP))
        unsigned = replace(ten, signatures=())
        assert receive_part(unsigned) == Refusal("post.bad_signature", chain=str(UP))
        # A truncated batch ends where nobody signed.
        cut = replace(ten, entries=ten.entries[:8])
        assert receive_part(cut) == Refusal("post.bad_signature", chain=str(UP))


def test_a_chain_of_an_unknown_server_is_refused(offices, ten) -> None:
    stranger = ChainName(OfficeCode("16.71.09"), "up", 1)
    with offices.at("16.71"):
        answer = receive_part(ChainPart(stranger, (), ()))
        assert answer == Refusal("post.unknown_server", office="16.71.09")


def test_the_same_place_with_another_content_is_a_fork(offices, ten) -> None:
    """A restored sender rewrites places that were acknowledged: dropping what is known would lose
    them."""
    rewritten = seal(
        after=(7, ten.entries[6].hash),
        chain=UP,
        about=("test.noted/1", "req_1"),
        by=("", "cmd_new"),
        at=ten.entries[7].at,
        content=({"text": "other"}, "", None),
    )
    with offices.at("16.71"):
        receive_part(ten)
        answer = receive_part(signed(offices, (*ten.entries[:7], rewritten)))
        assert answer == Refusal("post.fork", chain=str(UP), seq=8)
        assert [key for key, _ in open_alarms()] == [f"fork:{UP}"]
        assert place_of(UP).hash == ten.entries[-1].hash


def test_a_rewritten_tail_that_is_longer_is_a_fork_too(offices, ten) -> None:
    with offices.at("16.71"):
        receive_part(signed(offices, ten.entries[:8]))
    other = []
    after = (7, ten.entries[6].hash)
    for number in range(4):
        other.append(
            seal(after=after, chain=UP, about=("test.noted/1", "req_1"), by=("", f"n{number}"),
                 at=ten.entries[7].at, content=({"text": "other"}, "", None))
        )  # fmt: skip
        after = (other[-1].seq, other[-1].hash)
    with offices.at("16.71"):
        answer = receive_part(signed(offices, other[1:]))
        assert answer == Refusal("post.fork", chain=str(UP), seq=8)


def test_what_its_origin_may_not_write_is_kept_but_not_projected(offices, ten) -> None:
    forged = seal(
        after=(10, ten.entries[-1].hash),
        chain=UP,
        about=("permit.granted/1", "prm_1"),
        by=("", "cmd_x"),
        at=ten.entries[-1].at,
        content=({"text": "mine"}, "", None),
    )
    with offices.at("16.71"):
        receive_part(ten)
        assert receive_part(signed(offices, [forged])) == Place(11, forged.hash)
        assert EntryRow.objects.get(seq=11).state == EntryState.NOT_MINE
        assert waiting_count() == {"not_mine": 1}
        assert open_alarms()[0][0] == f"not_mine:{UP}:11"
        # It is relayed all the same.
        assert part_after(UP, 10, most=5) is not None


def test_a_retelling_that_names_nothing_is_not_taken_for_one_beside_it(offices) -> None:
    """Whether a kind may come as a re-telling is looked up once a part, each way for itself."""
    chain = ChainName(OfficeCode("16.71"), "to/16.71.02", 1)
    original = {"chain": "00/to/16.71@1", "seq": 1, "hash": "0" * 64}
    entries, after = [], (0, FIRST_PREV)
    for number, retells in enumerate([original, None, original]):
        facts = {"text": "x", "retells": retells}
        entry = seal(
            after=after, chain=chain, about=("test.told/1", f"enr_{number}"), by=("", "cmd_1"),
            at=offices.clock.now(), content=(facts, "", None),
        )  # fmt: skip
        entries.append(entry)
        after = (entry.seq, entry.hash)
    key = offices._houses["16.71"].key
    signature = key.sign_head(chain, *after)
    with offices.at("16.71.02"):
        assert receive_part(ChainPart(chain, tuple(entries), (signature,))) == Place(*after)
        states = EntryRow.objects.order_by("seq").values_list("state", flat=True)
        assert list(states) == ["projected", "not_mine", "projected"]


def test_an_unknown_kind_is_kept_and_projected_once_it_is_known(offices, ten) -> None:
    from ampera.journal.registry import ChainType, Row
    from ampera.words import Tier
    from tests.journal.conftest import noted

    newer = seal(
        after=(10, ten.entries[-1].hash), chain=UP, about=("test.noted/2", "req_7"),
        by=("", "cmd_x"), at=ten.entries[-1].at, content=({"text": "new"}, "", None),
    )  # fmt: skip
    with offices.at("16.71"):
        receive_part(ten)
        receive_part(signed(offices, [newer]))
        assert not Mark.objects.filter(pk="req_7").exists()
        assert cure_parked() == 0
        offices.registry.add_rows([Row("test.noted/2", Tier.KECAMATAN, ChainType.UP, "D")])
        offices.registry.add_projections({"test.noted/2": noted})
        assert cure_parked() == 1
        assert Mark.objects.get(pk="req_7").value == "new"
        assert open_alarms() == []


def test_a_failing_projection_parks_and_holds_only_its_subject(offices, ten) -> None:
    FAILING.add("req_1")
    with offices.at("16.71"):
        receive_part(ten)
        assert waiting_count() == {"parked": 1, "held": 2}
        assert set(Mark.objects.values_list("pk", flat=True)) == {"req_0", "req_2"}
        assert cure_parked() == 0
        FAILING.clear()
        assert cure_parked() == 3
        assert Mark.objects.get(pk="req_1").value == "text 7"
        assert waiting_count() == {}


def test_a_claim_notes_how_long_a_chain_is_said_to_be(offices, ten) -> None:
    with offices.at("16.71.02"):
        claim = head_claim(UP)
    assert claim is not None
    with offices.at("16.71"):
        assert receive_claim(claim) is None
        assert receive_claim(replace(claim, seq=9)) == Refusal("post.bad_signature", chain=str(UP))
        receive_part(ten)
    other = offices._houses["16.71.02"].key.sign_head(UP, 5, "0" * 64)
    with offices.at("16.71"):
        assert receive_claim(other) == Refusal("post.fork", chain=str(UP), seq=5)


def test_a_record_shows_how_far_it_has_got(offices, ten) -> None:
    from ampera.journal.models import Chain

    with offices.at("16.71.02"):
        assert journey_of(["req_0"]).reach is Reach.LOCAL
        assert count_unsent() == 10
        assert oldest_unsent() is not None
        Chain.objects.filter(name=str(UP)).update(above_seq=10)
        assert journey_of(["req_0"]).reach is Reach.CITY
        assert oldest_unsent() is None
        Chain.objects.filter(name=str(UP)).update(top_seq=10)
        assert journey_of(["req_0"]).reach is Reach.CENTRE
    with offices.at("00"):
        assert journey_of(["nothing"]).newest_at is None


def test_relaying_keeps_to_places_that_the_origin_signed(offices, ten) -> None:
    with offices.at("16.71"):
        receive_part(signed(offices, ten.entries[:6]))
        receive_part(signed(offices, ten.entries[6:]))
        part = part_after(UP, 0, most=8)
        assert part is not None
        assert part.entries[-1].seq == 6
        # A shorter limit than the origin's batch goes on to the end of that batch.
        part = part_after(UP, 6, most=2)
        assert part is not None
        assert part.entries[-1].seq == 10
    with offices.at("00"):
        assert receive_part(replace(part, entries=part.entries)) == Refusal("post.gap", seq=0)


def test_any_order_of_whole_chains_gives_the_same_tables(offices) -> None:
    from ampera.journal.rebuild import as_default, dump_projections, empty_copy, replay
    from ampera.journal.store import all_entries

    for code in ("16.71.02", "16.71.06"):
        with offices.at(code):
            for number in range(6):
                note(Command(f"cmd_{number}"), f"{code} {number}", subject=f"req_{number % 2}")
    offices.post()
    with offices.at("00"):
        expected = dump_projections()
        entries = list(all_entries())
        for seed in range(5):
            queues = [
                [e for e in entries if str(e.origin) == code] for code in ("16.71.02", "16.71.06")
            ]
            mixed, chance = [], Random(seed)
            while any(queues):
                mixed.append(chance.choice([queue for queue in queues if queue]).pop(0))
            with empty_copy() as copy, as_default(copy):
                replay(mixed)
                assert dump_projections() == expected


def test_writing_for_a_child_begins_its_chain(offices) -> None:
    with offices.at("00"):

        def tell(pen: Pen):
            pen.write("test.told/1", subject="enr_1", facts={"text": "x"}, to=OfficeCode("16.71"))
            return {}

        perform(Command("cmd_1"), tell, content={})
        assert str(EntryRow.objects.get().chain) == "00/to/16.71@1"


def test_an_office_is_all_read_only_when_nothing_of_it_waits(offices, ten) -> None:
    from ampera.journal.queries import is_all_read

    office = OfficeCode("16.71.02")
    with offices.at("16.71.02"):
        claim = head_claim(UP)
    assert claim is not None
    with offices.at("16.71"):
        assert is_all_read(office)
        receive_claim(claim)  # ten are signed, none is here yet
        assert not is_all_read(office)
        FAILING.add("req_1")
        receive_part(ten)
        assert not is_all_read(office)
        assert is_all_read(OfficeCode("16.71.06"))
        FAILING.clear()
        cure_parked()
        assert is_all_read(office)
