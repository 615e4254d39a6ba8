"""The intake beside the real register: what a counter sees of a resident becomes a request and a
card."""

from __future__ import annotations

import pytest

from ampera.enrolment.ports.simulated import open_simulated_rooms
from ampera.enrolment.queries import printed_fields
from ampera.intake import queries
from ampera.intake.actions import complete_request, take_request
from ampera.journal.actions import Command
from ampera.journal.models import EntryRow
from ampera.register.actions import describe_palembang, import_residents, load_wilayah
from ampera.register.queries import OfficerSeen, Purpose, Role, local_day, resident_for
from ampera.words import Nik, OfficeCode, Reason, Refusal, WilayahCode
from tests.recordings import NEW_PAPERS
from tests.rules.test_register_export import a_line, an_export

K, D, OTHER_K = "16.71.02", "16.71", "16.71.06"
NIK = "9901010709909001"


def officer(office: str, *, name: str) -> OfficerSeen:
    return OfficerSeen(
        id=f"off_{name}",
        login=name,
        name=name,
        office=OfficeCode(office),
        roles=frozenset({Role.LOKET}),
        until=local_day(),
    )


@pytest.fixture
def seen(offices):
    """A resident of Seberang Ulu I, seen at the door of the dinas's own counter."""
    with offices.at(D):
        load_wilayah(within=WilayahCode("16.71"))
        describe_palembang()
        imported = import_residents(an_export(a_line(NIK=NIK, Nama="Warga Contoh")))
        assert imported.taken == 1, imported.examples
        found = resident_for(officer(D, name="budi"), Nik(NIK), purpose=Purpose.COUNTER)
        assert not isinstance(found, Refusal)
        return found


def take(seen, command_id: str = "cmd_1") -> str:
    facts = queries.resident_facts(seen)
    said = {"resident_facts": facts, "reason": Reason.NEW, "papers": NEW_PAPERS}
    answer = take_request(Command(command_id, "off_budi"), **said)
    assert isinstance(answer, dict), answer
    return answer["request"]


def test_what_the_door_showed_is_complete_enough_to_report(offices, seen):
    with offices.at(D):
        facts = queries.resident_facts(seen)
        assert (facts.home, facts.host) == (OfficeCode(K), OfficeCode(K))
        request = take(seen)
        assert complete_request(Command("cmd_2"), request=request) == {"request": request}


def test_the_register_confirms_the_nik_by_itself(offices, seen):
    with offices.at(D):
        request = take(seen)
        complete_request(Command("cmd_2"), request=request)
    offices.post()
    with offices.at(D):
        assert queries.request_seen(request).confirmed_by == "register"
        assert queries.desk_items() == []


def test_the_card_says_what_the_register_says(offices, seen):
    open_simulated_rooms((D,))
    with offices.at(D):
        card = printed_fields(seen)
    assert (card.nik, card.nama) == (NIK, seen.name)
    assert card.kecamatan == seen.kecamatan_name.upper()  # as cards are printed
    assert card.jenis_kelamin in ("LAKI-LAKI", "PEREMPUAN")
    assert card.tanggal_lahir == seen.born.isoformat()
    assert card.berlaku_hingga == "SEUMUR HIDUP"


def looks() -> list[tuple[str, str]]:
    rows = EntryRow.objects.filter(kind="look.recorded/1").order_by("id")
    return [(row.officer, row.subject) for row in rows]


def test_a_look_at_a_request_is_recorded(offices, seen):
    with offices.at(D):
        request = take(seen)
        before = looks()
        found = queries.request_for(
            officer(D, name="budi"), request=request, purpose=Purpose.VERIFICATION
        )
        assert found.nama == seen.name
        assert looks()[len(before) :] == [("off_budi", request)]
        assert len(queries.requests_for(officer(D, name="budi"), purpose=Purpose.COUNTER)) == 1
        assert len(looks()) == len(before) + 2


def test_not_there_and_not_yours_get_the_same_answer_and_no_look(offices, seen):
    with offices.at(D):
        request = take(seen)
        before = looks()
        citra = officer("16.72", name="citra")
        no = Refusal("intake.no_such_request")
        assert queries.request_for(citra, request=request, purpose=Purpose.COUNTER) == no
        assert queries.request_for(citra, request="req_0", purpose=Purpose.COUNTER) == no
        assert queries.requests_for(citra, purpose=Purpose.COUNTER) == []
        assert looks() == before
        host = officer(K, name="sari")
        assert queries.request_for(host, request=request, purpose=Purpose.COUNTER).id == request
        neighbour = officer(OTHER_K, name="tuti")
        assert queries.request_for(neighbour, request=request, purpose=Purpose.COUNTER) == no


def test_a_log_of_what_was_seen_names_nobody(offices, seen):
    with offices.at(D):
        found = queries.request_seen(take(seen))
    assert seen.name not in repr(found)
    assert NIK not in repr(found)
    assert seen.name not in repr(queries.DeskItem(found, found.taken_at))
