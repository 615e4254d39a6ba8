"""No room on the second medium: nothing is said to lie there that does not, and nothing leaves."""

from __future__ import annotations

import errno
import json

import pytest

from ampera.delivery.models import FinishedCard
from ampera.journal.actions import record_look
from ampera.journal.models import EntryRow
from ampera.journal.second_log import FileSecondLog, secure
from ampera.journal.verify import verify_server
from tests.api.city import SU1, key
from tests.bad_input.rooms import files_up_to


def room_for(bytes_more: int, *, file):
    """The medium of that file takes so many bytes more."""
    return files_up_to(file.stat().st_size + bytes_more)


@pytest.fixture
def stick(tmp_path):
    return tmp_path / "stick" / "second.log"


def look() -> None:
    record_look(officer="off_sari", subjects=["res_1"], purpose="counter")


@pytest.mark.parametrize("bytes_more", [0, 100, 900])
def test_what_found_no_room_is_written_once_there_is_some(offices, stick, bytes_more):
    with offices.at(SU1) as here:
        here.second_log = FileSecondLog(stick)
        look()
        assert secure() == 1
        for _ in range(4):
            look()
        with room_for(bytes_more, file=stick), pytest.raises(OSError, match="large") as caught:
            secure()
        assert caught.value.errno == errno.EFBIG
        for log in (here.second_log, FileSecondLog(stick)):
            assert log.last_seqs() == {f"{SU1}/audit@1": len(list(log.read()))}
        secure()
        kept = [json.loads(line)["seq"] for line in here.second_log.read()]
        assert kept == [1, 2, 3, 4, 5]
        assert [str(each) for each in verify_server()] == []


def test_an_empty_stick_in_place_of_the_full_one_gets_everything(offices, stick):
    with offices.at(SU1) as here:
        here.second_log = FileSecondLog(stick)
        look()
        secure()
        stick.write_bytes(b"")
        look()
        secure()
        kept = [json.loads(line)["seq"] for line in FileSecondLog(stick).read()]
        assert kept == [1, 2]


def test_a_medium_that_takes_nothing_keeps_nobody_from_working(offices, tmp_path):
    """/dev/full answers every write as a full disk does (ENOSPC)."""
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    with offices.at(SU1) as here:
        here.second_log = FileSecondLog(full)
        look()
        with pytest.raises(OSError, match="No space left"):
            secure()
        look()
        assert here.second_log.last_seqs() == {}


def test_a_card_stays_in_the_officers_hand_until_the_second_medium_has_it(fresh_city, stick):
    city = fresh_city
    city.ready_record(city.person())
    city.print_on(20)
    city.post(SU1, "cetak", "runs", cards=1)
    city.print_on(900)
    (card,) = (each["card"] for each in city.get(SU1, "cetak", "cards/to-check"))
    city.post(SU1, "cetak", f"cards/{card}/check", result="READY")
    path, same = f"cards/{card}/hand-over", key()
    with city.offices.at(SU1) as here:
        here.second_log = FileSecondLog(stick)
        secure()
    with room_for(0, file=stick):
        no = city.post(SU1, "loket", path, key_=same)
    assert no["code"] == "delivery.second_log_missing"
    assert "Jangan berikan kartunya" in no["detail"]
    assert "kosongkan ruangnya" in no["next"]
    given = city.post(SU1, "loket", path, key_=same)
    assert given == {"card": card, "voids": None}
    with city.offices.at(SU1) as here:
        kinds = [json.loads(line)["kind"] for line in here.second_log.read()]
        assert kinds.count("card.handed_over/1") == 1
        assert FinishedCard.objects.filter(card=card, handed_at__isnull=False).count() == 1


def test_no_blanko_is_fed_while_the_second_medium_is_full(fresh_city, stick):
    city = fresh_city
    city.ready_record(city.person())
    city.print_on(20)
    with city.offices.at(SU1) as here:
        here.second_log = FileSecondLog(stick)
        secure()
    with room_for(0, file=stick):
        city.post(SU1, "cetak", "runs", cards=1)
        city.print_on(120)
    assert not city.printer.machine.jobs
    with city.offices.at(SU1):
        opened = EntryRow.objects.filter(kind="attempt.opened/1").count()
    assert opened <= 1, "who cannot write down an attempt must not try it again and again"
    assert "printing.second_log_missing" in json.dumps(city.get(SU1, "cetak", "printers"))
    city.print_on(900)
    assert len(city.get(SU1, "cetak", "cards/to-check")) == 1
