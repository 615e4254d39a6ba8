"""A kecamatan put back from a backup joins anew, with and without its second log."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from ampera.journal.house import house
from ampera.journal.keys import ServerKey
from ampera.journal.models import Chain, CommandRow, EntryRow, Incarnation, Mark
from ampera.journal.quarantine import is_quarantined
from ampera.journal.queries import chains
from ampera.journal.second_log import MemorySecondLog, secure
from ampera.sync.answering import handle, refused_from
from ampera.sync.joining import answer_join, make_join_code
from ampera.sync.link import LocalLink, Rejected
from ampera.sync.protocol.messages import No
from ampera.sync.restoring import Rejoined, rejoin
from ampera.words import Refusal
from tests.sync.province import carry, write_many

KECAMATAN = "16.71.02"
UP = f"{KECAMATAN}/up@1"


@pytest.fixture
def worn(offices):
    """Eight entries: five are above, all eight on the second log; the backup holds three."""
    with offices.at(KECAMATAN):
        write_many("a", count=5)
        secure()
    carry(offices, KECAMATAN)
    with offices.at(KECAMATAN):
        write_many("b", count=3)
        secure()
        lost = EntryRow.objects.filter(chain=UP, seq__gt=3)
        CommandRow.objects.filter(pk__in=lost.values_list("command_id", flat=True)).delete()
        for subject in lost.values_list("subject", flat=True):
            Mark.objects.filter(pk=f"noted.{subject}").delete()
        lost.delete()
        kept = EntryRow.objects.get(chain=UP, seq=3)
        Chain.objects.filter(name=UP).update(seq=3, hash=kept.hash, above_seq=0, top_seq=0)
    return offices


def join_link(offices) -> LocalLink:
    """What `POST /post/join` does: the only message that nobody has to sign."""

    def serve(question):
        with offices.at("16.71"):
            answer = answer_join(question)
            return No(refused_from(answer)) if isinstance(answer, Refusal) else answer

    return LocalLink(serve)


def reconnect_to(offices):
    def connect(speaker, key):
        def serve(question):
            with offices.at("16.71"):
                return handle(question, speaker=speaker)

        return LocalLink(serve)

    return connect


def join_anew(offices, *, has_old_key: bool = False, code: str = "") -> Rejoined | Refusal:
    with offices.at("16.71"):
        code = code or make_join_code(offices._houses[KECAMATAN].code)
    with offices.at(KECAMATAN):
        return rejoin(
            join_link(offices),
            code=code,
            key=ServerKey.make(),
            reconnect=reconnect_to(offices),
            old_key=house().key if has_old_key else None,
        )


def up_chain(offices, code: str) -> list[tuple[int, str]]:
    with offices.at(code):
        rows = EntryRow.objects.filter(chain=UP).order_by("seq")
        return list(rows.values_list("seq", "hash"))


def test_with_its_second_log_nothing_is_lost_and_work_goes_on(worn) -> None:
    done = join_anew(worn)
    assert (done.from_second_log, done.is_whole) == (5, True)
    with worn.at(KECAMATAN):
        assert not is_quarantined()
        assert house().incarnation == 2
        assert Mark.objects.get(pk="noted.b2").value == "1"
        write_many("c", count=2)
    carry(worn, KECAMATAN)
    carry(worn, "16.71")
    for code in ("16.71", "00"):
        assert up_chain(worn, code) == up_chain(worn, KECAMATAN)
        assert len(up_chain(worn, code)) == 8
        with worn.at(code):
            assert {
                each.name.incarnation for each in chains() if str(each.name.origin) == KECAMATAN
            } == {1, 2}
            assert Mark.objects.get(pk="noted.b2").value == "1"
            assert Mark.objects.get(pk="noted.c1").value == "1"


def test_without_it_the_tier_above_gives_back_its_part_and_the_server_is_quarantined(worn) -> None:
    worn._houses[KECAMATAN].second_log = MemorySecondLog()
    done = join_anew(worn)
    assert (done.from_second_log, done.from_above, done.is_whole) == (0, 2, False)
    with worn.at(KECAMATAN):
        assert is_quarantined()
        assert len(up_chain(worn, KECAMATAN)) == 5
    with worn.at("16.71"):
        assert Incarnation.objects.get(pk=f"{KECAMATAN}@1").is_closed


def test_what_comes_late_from_the_closed_life_is_evidence(worn) -> None:
    worn._houses[KECAMATAN].second_log, stick = (
        MemorySecondLog(),
        worn._houses[KECAMATAN].second_log,
    )
    join_anew(worn)
    # The lost machine turns up again and sends what it had.
    from ampera.journal.entry import ChainName
    from ampera.journal.queries import part_after
    from ampera.journal.receiving import receive_part
    from ampera.journal.restoring import recover_from_second_log

    with worn.at(KECAMATAN):
        house().second_log = stick
        recover_from_second_log()
        part = part_after(ChainName.read(UP), 5, most=50)
    assert part is not None
    with worn.at("16.71"):
        receive_part(part)
        assert EntryRow.objects.get(chain=UP, seq=8).state == "closed"
        assert not Mark.objects.filter(pk="noted.b2").exists()


def test_the_machine_s_own_key_still_vouches_for_what_never_left_it(worn) -> None:
    """The stick is lost, the disk was put back, but the tail of the backup was never sent."""
    worn._houses[KECAMATAN].second_log = MemorySecondLog()
    with worn.at(KECAMATAN):
        EntryRow.objects.filter(chain=UP).update(signature=None)
    done = join_anew(worn, has_old_key=True)
    assert not done.is_whole
    with worn.at(KECAMATAN):
        assert EntryRow.objects.get(chain=UP, seq=3).signature


def test_a_used_code_admits_nobody(worn) -> None:
    with worn.at("16.71"):
        code = make_join_code(worn._houses[KECAMATAN].code)
    assert isinstance(join_anew(worn, code=code), Rejoined)
    with pytest.raises(Rejected, match="bad_code"):
        join_anew(worn, code=code)


def test_guards_are_made_anew_although_the_first_try_broke_off(worn) -> None:
    """World 39: the entries were back, and the process ended before the guards were. Tried again
    nothing came back any more, so nobody made them, and an attempt could not be settled."""
    made = []

    def refresh() -> None:
        made.append("begun")
        if len(made) == 1:
            raise OperationalError("database or disk is full")
        made.append("done")

    worn.registry.refreshers.append(refresh)
    with pytest.raises(OperationalError):
        join_anew(worn)
    assert join_anew(worn).is_whole
    assert made[-1] == "done"


def put_back(offices) -> None:
    """The disk dies again, and the same old backup of the first life is all there is."""
    with offices.at(KECAMATAN):
        later = EntryRow.objects.filter(chain__startswith=f"{KECAMATAN}/").exclude(chain=UP)
        lost = later | EntryRow.objects.filter(chain=UP, seq__gt=3)
        CommandRow.objects.filter(pk__in=lost.values_list("command_id", flat=True)).delete()
        for subject in lost.values_list("subject", flat=True):
            Mark.objects.filter(pk=f"noted.{subject}").delete()
        lost.delete()
        kept = EntryRow.objects.get(chain=UP, seq=3)
        Chain.objects.filter(name__startswith=f"{KECAMATAN}/").exclude(name=UP).delete()
        Chain.objects.filter(name=UP).update(seq=3, hash=kept.hash, above_seq=0, top_seq=0)
        Incarnation.objects.filter(office=KECAMATAN, number__gt=1).delete()


def test_two_lives_that_a_backup_never_knew_come_back_from_the_second_log(worn) -> None:
    """World 3003: thrice put back from a backup of the first life. The key of the second life was
    known to nobody below any more, so its entries were left on the stick, and a card that it had
    printed was printed into the books again. The tier above knows that key and tells it.
    """
    for prefix in ("c", "d"):
        join_anew(worn, has_old_key=True)
        with worn.at(KECAMATAN):
            write_many(prefix, count=2)
            secure()
        put_back(worn)
    done = join_anew(worn, has_old_key=True)
    assert done.is_whole
    with worn.at(KECAMATAN):
        assert not is_quarantined()
        assert Mark.objects.get(pk="noted.c1").value == "1"
        assert Mark.objects.get(pk="noted.d1").value == "1"
    carry(worn, KECAMATAN)
    with worn.at("16.71"):
        assert Mark.objects.get(pk="noted.c1").value == "1"
        assert Mark.objects.get(pk="noted.d1").value == "1"
