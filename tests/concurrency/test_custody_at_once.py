"""An office goes into custody while a lot is granted to it: no permit of that lot stays open."""

from __future__ import annotations

from ampera.journal.actions import Command
from ampera.journal.rebuild import compare_with_rebuild
from ampera.printing.actions import seize_office
from ampera.readiness.actions import InCustody, permits, seizures
from ampera.readiness.models import Permit, SeizedOffice
from ampera.readiness.queries import PermitState
from ampera.words import OfficeCode, Refusal
from tests.concurrency.racing import Meeting, acting_as, race
from tests.concurrency.test_one_live_card import DINAS, FIRST, grant, mandated


def seize(command: str = "cmd_seize", *, witness: str = "off_b"):
    def run():
        seen = InCustody(
            office=OfficeCode(FIRST),
            server="SRV-02",
            printers=(),
            place="Gudang arsip",
            document=f"BA/{command}",
            boxes=(),
            serials=(),
        )
        return seize_office(Command(command, officer="off_a"), seen=seen, witness=witness)

    return run


def both_at_once(monkeypatch) -> list[object]:
    mandated(("req_1", FIRST))
    meeting = Meeting()
    monkeypatch.setattr(permits, "is_seized", meeting.after(permits.is_seized))
    monkeypatch.setattr(seizures, "_unsettled", meeting.after(seizures._unsettled))
    return race(grant(FIRST), seize())


def open_ones() -> int:
    return Permit.objects.filter(state=PermitState.OPEN).count()


def test_no_permit_stays_open_at_an_office_in_custody(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        granted, seized = both_at_once(monkeypatch)
        assert isinstance(seized, dict), seized
        if isinstance(granted, Refusal):
            assert granted.code == "readiness.office_seized"
            assert seized["forfeited"] == []
        else:
            assert seized["forfeited"] == granted["granted"]
        assert open_ones() == 0
        assert compare_with_rebuild() == []


def test_control_without_the_lane_one_does(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        hold = permits.hold
        monkeypatch.setattr(
            permits, "hold", lambda key: None if key.startswith("custody/") else hold(key)
        )
        granted, seized = both_at_once(monkeypatch)
        assert isinstance(granted, dict), granted
        assert isinstance(seized, dict), seized
        assert open_ones() == 1


def test_of_two_who_take_one_office_into_custody_one_does(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        meeting = Meeting()
        monkeypatch.setattr(seizures, "is_seized", meeting.after(seizures.is_seized))
        said = race(seize("cmd_one"), seize("cmd_two"))
        (no,) = [each for each in said if isinstance(each, Refusal)]
        assert no.code == "readiness.office_seized"
        assert SeizedOffice.objects.count() == 1
