"""Taking a request: at the counter, at the dinas, and on its way between them."""

from __future__ import annotations

import pytest

from ampera.intake import actions, queries
from ampera.intake.actions import (
    call_next,
    complete_request,
    confirm_by_officer,
    confirm_nik,
    hand_on,
    refresh_guards,
    reject_request,
    take_number,
    take_request,
)
from ampera.intake.models import CardRequest, OpenRequest
from ampera.intake.rules.tickets import hash_of_ticket
from ampera.journal.actions import Command
from ampera.journal.models import EntryRow
from ampera.journal.queries import entries_about
from ampera.words import OfficeCode, Reason, Refusal
from tests.interleavings import assert_order_free
from tests.recordings import A_POLICE_LETTER, NEW_PAPERS, a_resident, taken

LOST_PAPERS = ("form", "kk_copy", "police_letter")
K, D, P, OTHER_K = "16.71.02", "16.71", "00", "16.71.06"


@pytest.fixture(autouse=True)
def register_says(monkeypatch):
    """The dinas's register knows everybody whose name it was told."""
    known: dict[str, bool | None] = {}

    def agrees(nik: str, *, nama: str, tanggal_lahir: str) -> bool | None:
        assert len(nik) == 16
        assert nama.startswith("CONTOH")
        return known.get(nik)

    monkeypatch.setattr(actions, "agrees_with_register", agrees)
    return known


def take(command_id: str = "cmd_1", **changes):
    said = {"resident_facts": a_resident(), "reason": Reason.NEW, "papers": NEW_PAPERS, **changes}
    return take_request(Command(command_id, officer="off_sari"), **said)


def test_a_request_taken_at_a_counter_is_known_at_all_three_tiers(offices):
    with offices.at(K):
        request = take()["request"]
    offices.post()
    for code in (K, D, P):
        with offices.at(code):
            seen = queries.request_seen(request)
            assert seen.facts.office == OfficeCode(K)
            assert seen.nama == "CONTOH WARGA 1"
            assert seen.status().word == "REQUEST_TAKEN"


def test_the_journal_knows_the_ticket_by_its_hash_only(offices):
    with offices.at(K):
        answer = take()
        rows = list(EntryRow.objects.values_list("facts", "body"))
        assert all(answer["ticket"] not in facts + (body or "") for facts, body in rows)
        assert hash_of_ticket(answer["ticket"]) in rows[0][0]


def test_facts_name_nobody(offices):
    with offices.at(K):
        take(resident_facts=a_resident(rt=""))
        [facts] = EntryRow.objects.values_list("facts", flat=True)
    for personal in (a_resident().nik.digits, "CONTOH", "1999", a_resident().no_kk.digits):
        assert personal not in facts


def test_a_request_is_found_by_its_ticket_however_it_is_typed(offices):
    with offices.at(K):
        answer = take()
        typed = f" {answer['ticket'][:6].lower()} {answer['ticket'][6:]}"
        assert queries.by_ticket(typed).id == answer["request"]
    offices.post()
    with offices.at(D):
        assert queries.by_ticket(answer["ticket"]).id == answer["request"]


def test_an_unknown_ticket_and_a_wrong_shape_get_the_same_answer(offices):
    with offices.at(K):
        take()
        no = Refusal("intake.no_such_ticket")
        assert queries.by_ticket("K7M29QXA4TRP") == no
        assert queries.by_ticket("") == no


def test_the_counter_clicks_twice_and_one_request_is_taken(offices):
    with offices.at(K):
        first = take("cmd_1")
        assert take("cmd_1") == first
        assert CardRequest.objects.count() == 1
        other = a_resident(2)
        assert take("cmd_1", resident_facts=other) == Refusal("command.id_reused")


def test_a_second_first_card_is_refused_while_one_is_open(offices):
    with offices.at(K):
        first = take("cmd_1")["request"]
        assert take("cmd_2") == Refusal("intake.already_open", request=first)
        lost = {"reason": Reason.LOST, "papers": LOST_PAPERS, "letter": A_POLICE_LETTER}
        assert isinstance(take("cmd_3", **lost), dict), "a replacement is of another class"


def test_the_dinas_counter_knows_what_is_open_at_a_kecamatan(offices):
    with offices.at(K):
        first = take("cmd_1")["request"]
    offices.post()
    with offices.at(D):
        assert take("cmd_2") == Refusal("intake.already_open", request=first)


def test_a_rejected_request_makes_room_for_a_new_one(offices):
    with offices.at(K):
        first = take("cmd_1")["request"]
    offices.post()
    with offices.at(D):
        command = Command("cmd_9", officer="off_budi")
        assert reject_request(command, request=first, why="data_differ") == {"request": first}
    offices.post()
    with offices.at(K):
        assert queries.request_seen(first).status().word == "REQUEST_REJECTED"
        assert not OpenRequest.objects.exists()
        assert take("cmd_2")["request"] != first


@pytest.mark.parametrize("reason", [each for each in Reason if each.is_replacement])
def test_what_a_kecamatan_does_not_serve_goes_to_the_dinas_with_its_reason(offices, reason):
    request = taken(offices, a_resident(), at=K, reason=reason)
    offices.post()
    for code in (K, D):
        with offices.at(code):
            seen = queries.request_seen(request)
            assert seen.facts.serving_office == OfficeCode(D)
            assert seen.reason is reason
            handed = [each for each in entries_about([request]) if "handed" in each.kind]
            assert [each.facts["reason"] for each in handed] == [reason.value]


def test_the_receipt_says_where_the_request_went(offices):
    lost = {"reason": Reason.LOST, "papers": LOST_PAPERS, "letter": A_POLICE_LETTER}
    with offices.at(K):
        assert take("cmd_1", **lost)["goes_to"] == D
        assert take("cmd_2")["goes_to"] == K
    with offices.at(D):
        assert take("cmd_3", resident_facts=a_resident(2), **lost)["goes_to"] == D


def test_an_officer_may_hand_a_first_card_on(offices):
    with offices.at(K):
        request = take()["request"]
        assert hand_on(Command("cmd_2", officer="off_sari"), request=request)["goes_to"] == D
        again = hand_on(Command("cmd_3", officer="off_sari"), request=request)
        assert again == Refusal("intake.already_handed_on", office=D)
        unknown = hand_on(Command("cmd_4", officer="off_sari"), request="req_0")
        assert unknown == Refusal("intake.no_such_request")


def test_incomplete_data_are_taken_but_not_reported(offices):
    with offices.at(K):
        answer = take(resident_facts=a_resident(rt="", pekerjaan=""))
        assert answer["missing"] == ["rt", "pekerjaan"]
        refused = Refusal("intake.field_missing", field="rt", count=2)
        assert complete_request(Command("cmd_2"), request=answer["request"]) == refused
        assert queries.request_seen(answer["request"]).status().word == "DATA_INCOMPLETE"


def test_data_completed_since_are_reported(offices):
    with offices.at(K):
        request = take(resident_facts=a_resident(rt=""))["request"]
        other = complete_request(Command("cmd_2"), request=request, resident_facts=a_resident(2))
        assert other == Refusal("intake.other_resident")
        done = complete_request(Command("cmd_3"), request=request, resident_facts=a_resident())
        assert done == {"request": request}
        assert queries.request_seen(request).status().word == "REPORTED"
        again = complete_request(Command("cmd_4"), request=request)
        assert again == Refusal("intake.already_completed")


def test_the_nik_is_confirmed_by_itself_when_the_register_agrees(offices, register_says):
    register_says[a_resident().nik.digits] = True
    request = taken(offices, a_resident(), at=K)
    offices.post()
    for code in (K, D):
        with offices.at(code):
            seen = queries.request_seen(request)
            assert seen.confirmed_by == "register"
            assert seen.status().word == "UNREGISTERED"
            assert queries.desk_items() == []


@pytest.mark.parametrize("answer", [False, None])
def test_else_a_verifier_finds_it_on_the_desk(offices, register_says, answer):
    register_says[a_resident().nik.digits] = answer
    request = taken(offices, a_resident(), at=K)
    offices.post()
    with offices.at(D):
        [item] = queries.desk_items()
        assert item.request.id == request
        assert item.waits_since == offices.clock.now()
        confirm_by_officer(Command("cmd_9", officer="off_budi"), request=request)
        assert queries.desk_items() == []
    offices.post()
    with offices.at(K):
        assert queries.desk_items() == []
        assert queries.request_seen(request).confirmed_by == "off_budi"


def test_the_dinas_confirms_requests_of_its_own_counter_too(offices, register_says):
    register_says[a_resident().nik.digits] = True
    request = taken(offices, a_resident(), at=D)
    offices.post()
    with offices.at(D):
        assert queries.request_seen(request).confirmed_by == "register"


def test_a_kecamatan_neither_confirms_nor_rejects(offices):
    request = taken(offices, a_resident(), at=K)
    with offices.at(K):
        no = Refusal("intake.dinas_decides")
        officer = "off_sari"
        assert confirm_by_officer(Command("cmd_8", officer), request=request) == no
        assert reject_request(Command("cmd_9", officer), request=request, why="withdrawn") == no


def test_a_reaction_for_an_unknown_request_does_nothing(offices):
    request = taken(offices, a_resident(), at=K)
    with offices.at(K):
        [entry] = [each for each in entries_about([request]) if "completed" in each.kind]
    with offices.at(D):
        assert confirm_nik(entry, agrees=lambda *_, **__: True) is None
        no = Refusal("intake.no_such_request")
        assert confirm_by_officer(Command("cmd_8", "off_budi"), request=request) == no
        assert reject_request(Command("cmd_9", "off_budi"), request=request, why="withdrawn") == no
        assert complete_request(Command("cmd_7"), request=request) == no


def test_each_office_sees_its_own_requests_only(offices):
    first = taken(offices, a_resident(1), at=K)
    second = taken(offices, a_resident(2, home=OfficeCode(OTHER_K), host=OfficeCode(OTHER_K)), at=D)
    offices.post()
    with offices.at(D):
        of = [each.id for each in queries.requests_of(OfficeCode(D))]
        assert of == sorted((first, second), key=of.index)
        assert [each.id for each in queries.requests_of(OfficeCode(K))] == [first]
        assert [each.id for each in queries.requests_of(OfficeCode(OTHER_K))] == [second]
        assert queries.count_open(OfficeCode(D)) == 2
        assert queries.requests_of(OfficeCode(D), is_open=False) == []
        assert [each.id for each in queries.open_requests_of(a_resident(2).resident)] == [second]
    with offices.at(OTHER_K):
        assert queries.request_seen(first) == Refusal("intake.no_such_request")


def test_queue_numbers_begin_anew_each_day_at_each_counter(offices):
    with offices.at(K):
        assert [take_number("Loket 1") for _ in range(3)] == [1, 2, 3]
        assert take_number("Loket 2") == 1
        assert [call_next("Loket 1") for _ in range(3)] == [1, 2, 3]
        assert call_next("Loket 1") == Refusal("intake.nobody_waits", counter="Loket 1")
        assert queries.queue_seen("Loket 2").waiting == 1
    offices.clock.at = offices.clock.at.replace(hour=17, minute=1)  # 00:01 WIB of the next day
    with offices.at(K):
        assert take_number("Loket 1") == 1


def test_guards_are_made_anew_from_the_facts(offices):
    with offices.at(K):
        request = take()["request"]
        before = list(OpenRequest.objects.values())
        OpenRequest.objects.all().delete()
        refresh_guards()
        assert list(OpenRequest.objects.values()) == before
        assert before[0]["request"] == request


def test_any_order_of_the_chains_gives_the_same_requests(offices, register_says):
    register_says[a_resident(1).nik.digits] = True
    rejected = taken(offices, a_resident(2), at=K)
    taken(offices, a_resident(1), at=K)
    taken(offices, a_resident(3), at=D, reason=Reason.DAMAGED)
    handed = taken(offices, a_resident(4), at=K, reason=Reason.LOST)
    with offices.at(OTHER_K):
        take("cmd_5", resident_facts=a_resident(5, rt=""))
    offices.post()
    with offices.at(D):
        reject_request(Command("cmd_9", "off_budi"), request=rejected, why="nik_unknown")
        confirm_by_officer(Command("cmd_8", "off_budi"), request=handed)
    offices.post()
    for code in (K, D, P):
        assert_order_free(offices, code)


def test_a_request_completed_at_two_offices_keeps_the_earlier_report(offices):
    with offices.at(K):
        request = take(reason=Reason.LOST, papers=LOST_PAPERS, letter=A_POLICE_LETTER)["request"]
    offices.post()
    with offices.at(D):
        complete_request(Command("cmd_2"), request=request)
    with offices.at(K):
        complete_request(Command("cmd_3"), request=request)
    offices.post()
    assert_order_free(offices, D)
    with offices.at(D):
        row = CardRequest.objects.get(pk=request)
        hashes = [e.hash for e in entries_about([request]) if "completed" in e.kind]
        assert len(hashes) == 2
        assert row.completed_hash == min(hashes)
