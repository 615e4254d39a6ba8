"""Admitting a server: one code, one key, the next life; keys known as far as they are needed."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest

from ampera.journal.house import House, acting_in
from ampera.journal.incarnations import (
    close_incarnation,
    known_key,
    known_keys,
    register_incarnation,
)
from ampera.journal.keys import ServerKey
from ampera.journal.models import EntryRow, EntryState, Incarnation
from ampera.journal.queries import chains
from ampera.sync.answering import handle
from ampera.sync.joining import (
    CODE_HOURS,
    Joined,
    answer_join,
    join,
    make_join_code,
    register_pusat,
    write_joined,
)
from ampera.sync.link import LocalLink, Rejected, Unreachable
from ampera.sync.protocol.messages import Join, No, Place, Push, Speaker
from ampera.sync.vouching import vouch_for
from ampera.words import OfficeCode, Refusal
from tests.houses import START, as_default, new_database
from tests.sync.province import Province, carry, chain, ends, hashes, link_from, write, write_many

KEC, DINAS, PUSAT = "16.71.02", "16.71", "00"


@pytest.fixture
def offices(django_db_blocker):
    """Servers that nobody has admitted yet: each knows nothing but the pusat itself."""
    with django_db_blocker.unblock(), Province(PUSAT, DINAS, KEC) as made:
        for code in made._houses:
            with made.at(code):
                Incarnation.objects.all().delete()
        with made.at(PUSAT) as here:
            register_pusat(here.key)
        yield made


def doors(offices, upper: str) -> LocalLink:
    """The join endpoint of the server above."""

    def serve(question):
        with offices.at(upper):
            answer = answer_join(question, now=START)
        return No(refused(answer)) if isinstance(answer, Refusal) else answer

    return LocalLink(serve)


def refused(no: Refusal):
    from ampera.sync.answering import refused_from

    return refused_from(no)


def code_for(offices, office: str) -> str:
    with offices.at(str(OfficeCode(office).upper)):
        code = make_join_code(OfficeCode(office), now=START)
    assert isinstance(code, str)
    return code


def admit(offices, office: str, *, code: str | None = None, previous=None) -> Joined:
    code = code or code_for(offices, office)
    with offices.at(office) as here:
        joined = join(
            doors(offices, str(here.upper)),
            office=here.code,
            code=code,
            key=here.key,
            previous=previous,
        )
        assert isinstance(joined, Joined)
        here.incarnation = joined.speaker.incarnation
        write_joined(joined)
    return joined


@contextmanager
def another_machine(offices, office: str):
    """The same office on a new disk with a new key: what a restore begins with."""
    old_house, old_database = offices._houses[office], offices._databases[office]
    fresh = House(
        code=old_house.code,
        incarnation=0,
        key=ServerKey.from_seed(b"another machine of this office.."),
        clock=old_house.clock,
        ids=old_house.ids,
        registry=old_house.registry,
        second_log=old_house.second_log,
        is_demo=True,
    )
    offices._houses[office], offices._databases[office] = fresh, new_database()
    yield old_house, old_database


def test_a_province_is_admitted_from_the_top_and_all_of_it_verifies(offices):
    assert admit(offices, DINAS).speaker == Speaker(OfficeCode(DINAS), 1)
    assert admit(offices, KEC).speaker == Speaker(OfficeCode(KEC), 1)
    with offices.at(KEC):
        write("req_a")
        assert [str(key.office) for key in known_keys(map(OfficeCode, (PUSAT, DINAS, KEC)))] == [
            PUSAT,
            DINAS,
            KEC,
        ]
    with offices.at(PUSAT):
        assert known_key(OfficeCode(KEC), number=1) is None
    for _ in range(2):
        carry(offices, KEC)
        carry(offices, DINAS)
    # The pusat learnt the kecamatan's key from the dinas, with the push.
    assert ends(offices, PUSAT) == {"16.71.02/up@1": 2, "16.71/up@1": 1}
    with offices.at(PUSAT):
        row = EntryRow.objects.get(chain="16.71.02/up@1", seq=1)
        assert (row.kind, row.state) == ("server.joined/1", EntryState.PROJECTED)


def test_a_code_admits_one_key_once_and_the_same_key_again(offices):
    admit(offices, DINAS)
    code = code_for(offices, KEC)
    first = admit(offices, KEC, code=code)
    # The answer was lost: the same key asks again, typing the code as people do.
    again = admit(offices, KEC, code=code.lower().replace("-", " "))
    assert again.speaker == first.speaker
    other = ServerKey.from_seed(b"another key" + b"." * 21).public_hex
    with offices.at(DINAS):
        assert answer_join(Join(OfficeCode(KEC), code, other), now=START) == Refusal(
            "post.bad_code"
        )


@pytest.mark.parametrize("case", ["unknown", "another office", "too late", "replaced"])
def test_a_wrong_code_is_refused_and_the_answer_does_not_say_why(offices, case):
    admit(offices, DINAS)
    code, office, now = code_for(offices, KEC), OfficeCode(KEC), START
    if case == "unknown":
        code = "AAAA-BBBB-CCCC-DDDD"
    if case == "another office":
        office = OfficeCode("16.71.06")
    if case == "too late":
        now += timedelta(hours=CODE_HOURS)
    if case == "replaced":
        code_for(offices, KEC)
    key = ServerKey.from_seed(b"k" * 32).public_hex
    with offices.at(DINAS):
        assert answer_join(Join(office, code, key), now=now) == Refusal("post.bad_code")
        assert known_keys([office]) == []
        if case == "too late":
            in_time = answer_join(Join(office, code, key), now=now - timedelta(seconds=1))
            assert not isinstance(in_time, Refusal)


def test_codes_are_made_for_direct_children_only(offices):
    with offices.at(PUSAT):
        assert make_join_code(OfficeCode(KEC)) == Refusal("post.not_a_child", office=KEC)


def test_a_lost_question_or_answer_is_an_error_of_the_link(offices):
    def silence(_):
        raise Unreachable

    with offices.at(KEC) as here, pytest.raises(Unreachable):
        join(LocalLink(silence), office=here.code, code="x", key=here.key)
    admit(offices, DINAS)
    with offices.at(KEC) as here, pytest.raises(Rejected) as caught:
        join(doors(offices, DINAS), office=here.code, code="x", key=here.key)
    assert caught.value.code == "post.bad_code"


def test_a_second_join_closes_the_earlier_life_where_it_stood(offices):
    admit(offices, DINAS)
    admit(offices, KEC)
    with offices.at(KEC):
        write_many("req_k", count=4)
    carry(offices, KEC)
    with offices.at(KEC):
        write("req_lost")
    with another_machine(offices, KEC) as (old_house, old_database):
        joined = admit(offices, KEC)
        assert joined.is_restored
        assert joined.speaker.incarnation == 2
        assert joined.places[chain("16.71.02/up@1")].seq == 5
        with offices.at(DINAS):
            old, new = known_keys([OfficeCode(KEC)])
            assert old.is_closed
            assert not new.is_closed
        carry(offices, KEC)
        # It took back what the tier above held of its earlier life.
        assert ends(offices, KEC) == {"16.71.02/up@1": 5, "16.71.02/up@2": 1}
        # The old machine comes back: nobody listens, and its late entry is evidence at most.
        with as_default(old_database), acting_in(old_house):
            late = hashes_here("16.71.02/up@1")
            assert len(late) == 6
        with offices.at(DINAS):
            speaker = Speaker(OfficeCode(KEC), 1)
            answer = handle(Push(at=START), speaker=speaker)
            assert isinstance(answer, No)
            assert answer.refused.code == "post.closed"
    assert ends(offices, DINAS)["16.71.02/up@1"] == 5


def hashes_here(name: str) -> list[str]:
    return list(EntryRow.objects.filter(chain=name).values_list("hash", flat=True))


def test_what_the_joiner_proves_of_its_earlier_life_still_counts(offices):
    """Its second log reaches further than the tier above: those entries come late and are
    projected."""
    admit(offices, DINAS)
    admit(offices, KEC)
    with offices.at(KEC):
        write_many("req_k", count=2)
    carry(offices, KEC)
    with offices.at(KEC) as here:
        write_many("req_late", count=2)
        last = EntryRow.objects.get(chain="16.71.02/up@1", seq=5)
        proved = {chain("16.71.02/up@1"): Place(5, last.hash)}
        from ampera.journal.second_log import secure

        secure()  # the tail stands under the old key's signature
        here.key = ServerKey.from_seed(b"the next key of the same office.")
    admit(offices, KEC, previous=proved)
    carry(offices, KEC)
    with offices.at(DINAS):
        states = EntryRow.objects.filter(chain="16.71.02/up@1").values_list("state", flat=True)
        assert list(states) == [EntryState.PROJECTED] * 5


def test_entries_beyond_the_end_of_a_closed_life_are_evidence(offices):
    admit(offices, DINAS)
    admit(offices, KEC)
    with offices.at(KEC):
        write_many("req_k", count=2)
    carry(offices, KEC)
    with offices.at(KEC):
        write("req_late")
        from ampera.journal.second_log import secure

        secure()
    with offices.at(DINAS):
        stood = close_incarnation(OfficeCode(KEC), number=1)
        assert stood[chain("16.71.02/up@1")].seq == 3
        register_incarnation(OfficeCode(KEC), number=2, public_key="ab" * 32)
    with offices.at(KEC) as here:
        here.incarnation = 2  # its next life, which gives what it finds of the earlier one
    carry(offices, KEC)
    with offices.at(DINAS):
        row = EntryRow.objects.get(chain="16.71.02/up@1", seq=4)
        assert row.state == EntryState.CLOSED


def test_the_key_of_an_earlier_life_is_not_taken_again(offices):
    admit(offices, DINAS)
    admit(offices, KEC)
    code = code_for(offices, KEC)
    with offices.at(KEC) as here, offices.at(DINAS):
        answer = answer_join(Join(here.code, code, here.key.public_hex), now=START)
        assert answer == Refusal("post.key_conflict", server=KEC)
        # Nothing was closed, and the code is still good for a new key.
        assert not known_keys([here.code])[0].is_closed
        fresh = ServerKey.from_seed(b"f" * 32).public_hex
        assert not isinstance(answer_join(Join(here.code, code, fresh), now=START), Refusal)


def test_a_kecamatan_learns_the_next_key_of_its_dinas_by_the_pusats_word(offices):
    admit(offices, DINAS)
    admit(offices, KEC)
    with offices.at(DINAS):
        write("req_d1", to=KEC)
    carry(offices, KEC)
    carry(offices, DINAS)
    with another_machine(offices, DINAS):
        admit(offices, DINAS)
        carry(offices, DINAS)  # takes back its chains, and its children's, from above
        assert ends(offices, DINAS)["16.71.02/up@1"] == 1
        with offices.at(DINAS):
            write("req_d2", to=KEC)
        carry(offices, KEC)
        with offices.at(KEC):
            old, new = known_keys([OfficeCode(DINAS)])
            assert (old.is_closed, new.is_closed) == (True, False)
        assert ends(offices, KEC)["16.71/to/16.71.02@1"] == 1
        assert ends(offices, KEC)["16.71/to/16.71.02@2"] == 1
        name = "16.71/to/16.71.02@1"
        assert hashes(offices, DINAS, name) == hashes(offices, KEC, name)


def test_the_pusat_learns_that_a_life_was_closed_and_where(offices):
    admit(offices, DINAS)
    admit(offices, KEC)
    carry(offices, KEC)
    carry(offices, DINAS)
    with another_machine(offices, KEC):
        admit(offices, KEC)
        carry(offices, KEC)
        carry(offices, DINAS)
    with offices.at(PUSAT):
        old, new = known_keys([OfficeCode(KEC)])
        assert (old.is_closed, new.is_closed) == (True, False)


@pytest.mark.parametrize("case", ["another voucher", "changed", "another key"])
def test_a_word_that_nobody_may_give_is_not_believed(offices, case):
    from dataclasses import replace

    from ampera.journal.alarms import open_alarms
    from ampera.journal.incarnations import KnownKey
    from ampera.sync.vouching import believe

    admit(offices, DINAS)
    admit(offices, KEC)
    carry(offices, DINAS)  # the pusat knows the key of the kecamatan: a good key, and no voucher
    known = KnownKey(OfficeCode("16.71.06"), 1, "ab" * 32, False)
    with offices.at(DINAS):
        vouch = vouch_for(known)
    with offices.at(PUSAT):
        assert believe(vouch) is None, "the honest word is believed"
    if case == "another voucher":
        with offices.at(KEC):
            vouch = vouch_for(replace(known, number=2))
    if case == "changed":
        vouch = replace(vouch, speaker=Speaker(known.office, 2))
    if case == "another key":
        with offices.at(DINAS):
            vouch = vouch_for(replace(known, public_key="cd" * 32))
    with offices.at(PUSAT):
        assert isinstance(believe(vouch), Refusal)
        assert [key.public_key for key in known_keys([known.office])] == ["ab" * 32]
        assert any(name.startswith("vouch:") for name, _ in open_alarms())


def test_joining_again_writes_the_first_entry_of_a_life_once(offices):
    joined = admit(offices, DINAS)
    with offices.at(DINAS):
        write_joined(joined)
        assert [(str(each.name), each.seq) for each in chains()] == [("16.71/up@1", 1)]


def test_a_stranger_is_refused_before_anything_is_read(offices):
    admit(offices, DINAS)
    for speaker in (Speaker(OfficeCode(KEC), 1), Speaker(OfficeCode(DINAS), 1)):
        with offices.at(DINAS):
            answer = handle(Push(at=START), speaker=speaker)
        assert isinstance(answer, No)
        assert answer.refused.code in ("post.unknown_server", "post.not_a_child")
    assert link_from(offices, KEC) is not None
