"""Sukets at a real dinas: from the queue that is too long to the card that ends them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from ampera.dedup.queries import Verdict
from ampera.journal.house import house
from ampera.journal.models import EntryRow
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import entries_about
from ampera.journal.rebuild import compare_with_rebuild
from ampera.readiness.actions import import_cards, void_card
from ampera.readiness.rules.holds import hold_reasons
from ampera.register.actions import Holder as NewHolder
from ampera.register.actions import grant_officer
from ampera.register.queries import local_day, officer_in_force
from ampera.suket import actions, queries
from ampera.suket.models import NewestOf, Series, Suket
from ampera.suket.ports import MemoryKeys, open_letter_keys
from ampera.suket.queries import Finding, Holder, Worth
from ampera.words import OfficeCode, Reason, Refusal
from tests.interleavings import assert_order_free
from tests.stations.readiness_line import DINAS, KEC, OTHER, PUSAT, by, write

HOLDER = Holder(
    nik="9999014107900001",
    nama="SITI CONTOH",
    tempat_lahir="PALEMBANG",
    tanggal_lahir="1990-07-01",
    jenis_kelamin="PEREMPUAN",
    alamat="JL. CONTOH 1, RT 001 RW 001",
)


@pytest.fixture
def city(line):
    """The line of readiness with a head of office who signs at the dinas."""
    with line.at(PUSAT):
        answer = grant_officer(
            by(""),
            office=OfficeCode(DINAS),
            login="kepala",
            holder=NewHolder("Kepala Dinas (CONTOH)"),
            roles=["kepala"],
            until=local_day() + timedelta(days=80),
        )
    assert not isinstance(answer, Refusal), answer
    line.post()
    line.kepala = answer["officer"]
    with line.at(DINAS):
        line.officer = officer_in_force(line.kepala)
    open_letter_keys(OfficeCode(DINAS), keys=MemoryKeys())
    return line


def recorded(city, resident="res_1", **more):
    """Somebody asked, was recorded, and is print ready; their card waits."""
    request = city.ask(resident, **more)
    city.capture(resident, request, f"enr_{request}")
    city.confirm(request)
    city.ready(resident, request=request)
    city.post()
    return request


def issue(city, request, **changes):
    with city.at(DINAS):
        return actions.issue(by(), request=request, holder=replace(HOLDER, **changes))


def given(city, request):
    answer = issue(city, request)
    assert isinstance(answer, dict), answer
    return answer["suket"]


def code(answer):
    return answer.code if isinstance(answer, Refusal) else answer


def seen(city, suket):
    with city.at(DINAS):
        return queries.suket_for(city.officer, suket=suket)


def whole(city):
    with city.at(DINAS):
        assert [each for check in queries.CHECKS for each in check()] == []
        assert compare_with_rebuild() == []
    assert_order_free(city.offices, DINAS, tries=6)


def test_a_recorded_resident_without_a_card_gets_a_suket(city):
    request = recorded(city)
    answer = issue(city, request)
    assert answer["number"] == "471.13/00001/16.71/2017"
    suket = seen(city, answer["suket"])
    assert (suket.worth, suket.valid_until.isoformat()) == (Worth.VALID, "2018-03-06")
    assert "10231" in suket.by_letter
    assert (suket.nama, suket.copies) == ("SITI CONTOH", 0)
    whole(city)


def test_personal_data_stand_in_the_body_alone(city):
    suket = given(city, recorded(city))
    with city.at(DINAS):
        (entry,) = [each for each in entries_about([suket]) if each.kind == "suket.issued/1"]
    told = json.dumps(dict(entry.facts))
    for secret in HOLDER.as_body().values():
        assert secret not in told
    assert entry.body["nama"] == "SITI CONTOH"
    assert entry.facts["policy"] == "2016-10-01"


def test_the_pusat_holds_the_entry_and_no_table_of_it(city):
    given(city, recorded(city))
    city.post()
    with city.at(PUSAT):
        assert EntryRow.objects.filter(kind="suket.issued/1").exists()
        assert not Suket.objects.exists()


def test_a_kecamatan_issues_none(city):
    request = recorded(city)
    with city.at(KEC):
        assert code(actions.issue(by(), request=request, holder=HOLDER)) == "suket.not_the_dinas"


def test_whoever_was_not_recorded_gets_none(city):
    request = city.ask("res_1")
    city.confirm(request)
    city.post()
    assert code(issue(city, request)) == "suket.not_recorded"
    city.capture("res_1", request, "enr_1")
    city.post()
    # Captured, and the centre has not said that it holds the recording.
    assert code(issue(city, request)) == "suket.not_recorded"
    with city.at(PUSAT):
        facts = {"enrolment": "enr_1", "packet": "a" * 64, "office": KEC, "arrival": 1}
        write("enrolment.received/1", subject="enr_1", facts=facts, to=DINAS)
    city.post()
    assert isinstance(issue(city, request), dict)


def decided(city, request, verdict, *, order=1):
    with city.at(PUSAT):
        facts = {
            "enrolment": "enr_1",
            "request": request,
            "resident": "res_1",
            "verdict": verdict,
            "of": None,
            "order": order,
            "office": KEC,
            "arrival": order,
        }
        write("dedup.decided/1", subject="enr_1", facts=facts, to=DINAS)
    city.post()


@pytest.mark.parametrize("verdict", [Verdict.DUPLICATE_RECORD, Verdict.ADJUDICATE_RECORD])
def test_a_record_that_the_centre_holds_back_is_not_certified(city, verdict):
    request = city.ask("res_1")
    city.capture("res_1", request, "enr_1")
    city.post()
    decided(city, request, verdict.value)
    no = issue(city, request)
    assert no == Refusal("suket.record_blocked", verdict=verdict.value)


def test_the_corner_says_what_the_record_is_worth(city):
    request = city.ask("res_1")
    city.capture("res_1", request, "enr_1")
    city.confirm(request)
    city.post()
    decided(city, request, Verdict.PRINT_READY_RECORD.value)
    assert seen(city, given(city, request)).status == "PRINT_READY_RECORD"


def test_a_card_that_lies_ready_needs_no_suket(city):
    request = recorded(city)
    (permit,) = city.grant()
    city.post()
    assert isinstance(issue(city, request), dict)  # a permit is not a card yet
    city.print_card(permit)
    city.post()
    assert code(issue(city, request)) == "suket.card_is_ready"
    city.check(permit, "READY")
    city.post()
    assert code(issue(city, request)) == "suket.card_is_ready"
    city.hand_over(permit)
    city.post()
    assert code(issue(city, request)) == "suket.card_handed_over"


def test_a_request_that_was_turned_down_gets_none(city):
    request = recorded(city)
    with city.at(DINAS):
        facts = {"request": request, "why": "not_the_person"}
        write("request.rejected/1", subject=request, facts=facts, to=KEC)
    assert code(issue(city, request)) == "suket.request_closed"


@pytest.mark.parametrize("why", ["DIED", "ANNULLED", "BLOCKED"])
def test_a_blocked_or_annulled_record_gets_none(city, why):
    request = recorded(city)
    (permit,) = city.grant()
    city.post()
    with city.at(DINAS):
        card = queries.asking.cards_of("res_1")[0].card
        assert isinstance(void_card(by(), card=card, why=why), dict)
    assert permit
    assert code(issue(city, request)) == "suket.record_ended"


def test_a_hold_on_the_card_holds_the_letter_in_its_place_too(city):
    request = recorded(city)
    with city.at(DINAS):
        until = (local_day() + timedelta(days=5)).isoformat()
        facts = {
            "hold": "hld_1",
            "resident": "res_1",
            "reason": next(iter(hold_reasons())),
            "since": local_day().isoformat(),
            "until": until,
            "by": "off_a",
        }
        body = {"owner": "CONTOH", "basis": "CONTOH"}
        write("hold.placed/1", subject="hld_1", facts=facts, body=body)
    assert issue(city, request) == Refusal("suket.held", day=until)
    city.offices.clock.move(timedelta(days=6))
    assert isinstance(issue(city, request), dict)


def test_the_dead_and_other_people_get_none(city):
    request = recorded(city)
    assert code(issue(city, request, is_alive=False)) == "suket.holder_died"
    assert code(issue(city, request, nik="9999014107900002")) == "suket.other_person"
    assert code(issue(city, "req_none")) == "intake.no_such_request"


def test_a_second_one_waits_until_the_first_ran_out(city):
    request = recorded(city)
    first = issue(city, request)
    no = issue(city, request)
    assert no == Refusal("suket.one_is_valid", number=first["number"], day="2018-03-06")
    city.offices.clock.move(timedelta(days=181))
    renew_kepala(city)
    second = issue(city, request)
    assert second["number"] == "471.13/00001/16.71/2018"
    assert seen(city, first["suket"]).worth is Worth.EXPIRED
    whole(city)


def renew_kepala(city):
    from ampera.register.actions import renew_officer

    with city.at(PUSAT):
        until = local_day() + timedelta(days=80)
        done = renew_officer(by(""), officer=city.kepala, until=until)
        assert not isinstance(done, Refusal), done
    city.post()


def test_without_a_head_of_office_nobody_signs(city):
    request = recorded(city)
    city.offices.clock.move(timedelta(days=90))
    assert code(issue(city, request)) == "suket.nobody_signs"


def test_on_a_day_without_a_letter_none_is_given(city):
    request = recorded(city)
    city.offices.clock.move(timedelta(days=365 * 5 + 90))
    no = issue(city, request)
    assert (no.code, no.facts["day"]) == ("suket.not_allowed", "2022-11-01")


def test_a_replacement_of_a_card_from_before_may_have_one(city):
    with city.at(DINAS):
        import_cards(by(), residents=["res_9"])
    request = recorded(city, "res_9", reason=Reason.DAMAGED)
    assert isinstance(issue(city, request), dict)


def test_nothing_is_given_while_the_server_is_quarantined(city):
    request = recorded(city)
    suket = given(city, recorded(city, "res_2"))
    with city.at(DINAS):
        quarantine("test")
        assert code(actions.issue(by(), request=request, holder=HOLDER)) == "server.quarantined"
        assert code(actions.print_letter(by(), suket=suket)) == "server.quarantined"
        back = actions.withdraw(by(), suket=suket, why="MISUSED")
        assert back == {"suket": suket}


def test_the_same_command_gives_the_same_number_and_none_is_left_out(city):
    request = recorded(city)
    refused = issue(city, "req_none")
    assert isinstance(refused, Refusal)
    with city.at(DINAS):
        command = by()
        first = actions.issue(command, request=request, holder=HOLDER)
        assert actions.issue(command, request=request, holder=HOLDER) == first
    second = issue(city, recorded(city, "res_2"))
    assert (first["number"][7:12], second["number"][7:12]) == ("00001", "00002")
    whole(city)


def test_a_suket_is_made_longer_while_its_holder_still_waits(city):
    suket = given(city, recorded(city))
    with city.at(DINAS):
        assert code(actions.extend(by(), suket=suket)) == "suket.too_early"
        assert code(actions.extend(by(), suket="skt_none")) == "suket.unknown"
        city.offices.clock.move(timedelta(days=170))
        died = actions.extend(by(), suket=suket, is_alive=False)
        assert code(died) == "suket.holder_died"
        assert actions.extend(by(), suket=suket)["valid_until"] == "2018-08-23"
    longer = seen(city, suket)
    assert (longer.extensions, longer.valid_until.isoformat()) == (1, "2018-08-23")
    assert longer.worth is Worth.VALID
    whole(city)


def test_a_suket_that_was_taken_back_is_worth_nothing_and_another_may_follow(city):
    request = recorded(city)
    suket = given(city, request)
    with city.at(DINAS):
        assert code(actions.withdraw(by(), suket=suket, why="x")) == "suket.no_reason"
        assert code(actions.withdraw(by(), suket="skt_none", why="LOST")) == "suket.unknown"
        assert isinstance(actions.withdraw(by(), suket=suket, why="WRONG_DATA"), dict)
        assert code(actions.withdraw(by(), suket=suket, why="LOST")) == "suket.ended"
        assert code(actions.print_letter(by(), suket=suket)) == "suket.ended"
    assert seen(city, suket).worth is Worth.WITHDRAWN
    assert issue(city, request)["number"] == "471.13/00002/16.71/2017"
    whole(city)


def test_the_handover_of_the_card_ends_the_suket_once(city):
    request = recorded(city)
    suket = given(city, request)
    (permit,) = city.grant()
    city.post()
    card = city.deliver(permit)
    city.post()
    ended = seen(city, suket)
    assert (ended.worth, ended.card) == (Worth.CONVERTED, card)
    with city.at(DINAS):
        kinds = [each.kind for each in entries_about([suket])]
        assert kinds.count("suket.converted/1") == 1
        assert queries.count_sukets("valid") == 0
        assert queries.count_sukets("ended") == 1
    whole(city)


@pytest.mark.parametrize(
    ("why", "worth"),
    [
        ("DIED", Worth.WITHDRAWN),
        ("ANNULLED", Worth.WITHDRAWN),
        ("BLOCKED", Worth.WITHDRAWN),
        ("LOST", Worth.VALID),
    ],
)
def test_what_ends_the_record_ends_the_suket_and_a_loss_does_not(city, why, worth):
    with city.at(DINAS):
        import_cards(by(), residents=["res_1"])
        (old,) = queries.asking.cards_of("res_1")
    suket = given(city, recorded(city, reason=Reason.DATA_CHANGED))
    with city.at(DINAS):
        assert isinstance(void_card(by(), card=old.card, why=why), dict)
    city.post()
    assert seen(city, suket).worth is worth
    whole(city)


def test_papers_are_counted_and_their_code_is_genuine_and_ends_with_the_suket(city):
    suket = given(city, recorded(city))
    with city.at(DINAS):
        assert queries.public_keys() == []
        copies = [actions.print_letter(by(), suket=suket)["copy"] for _ in range(3)]
        assert copies == [1, 2, 3]
        assert code(actions.print_letter(by(), suket="skt_none")) == "suket.unknown"
        (key,) = queries.public_keys()
    text = queries_at(city, suket)
    with city.at(DINAS):
        checked = queries.check_code(text)
        assert (checked.finding, checked.name) == (Finding.VALID, "SITI CONTOH")
        assert checked.valid_until.isoformat() == "2018-03-06T17:00:00+00:00"
        assert queries.ended_marks() == []
        actions.withdraw(by(), suket=suket, why="MISUSED")
        assert queries.check_code(text).finding is Finding.ENDED
        assert len(queries.ended_marks()) == 1
        city.offices.clock.move(timedelta(days=181))
        assert queries.ended_marks() == []  # the calendar says it now
        assert code(actions.print_letter(by(), suket=suket)) == "suket.ended"
    assert len(key.public) == 64
    whole(city)


def queries_at(city, suket):
    found = seen(city, suket)
    with city.at(DINAS):
        return queries.code_of(found)


def test_an_expired_suket_is_not_printed(city):
    suket = given(city, recorded(city))
    city.offices.clock.move(timedelta(days=181))
    with city.at(DINAS):
        no = actions.print_letter(by(), suket=suket)
    assert no == Refusal("suket.expired", day="2018-03-06")


def test_papers_of_an_old_key_stay_genuine_after_the_key_was_renewed(city):
    suket = given(city, recorded(city))
    with city.at(DINAS):
        actions.print_letter(by(), suket=suket)
    old = queries_at(city, suket)
    city.offices.clock.move(timedelta(seconds=1))
    with city.at(DINAS):
        renewed = actions.renew_key(by())
        assert renewed["key"] == queries.public_keys()[-1].key
        assert len(queries.public_keys()) == 2
    new = queries_at(city, suket)
    assert new != old
    with city.at(DINAS):
        assert {queries.check_code(each).finding for each in (old, new)} == {Finding.VALID}
    with city.at(KEC):
        open_letter_keys(house().code, keys=MemoryKeys())
        assert code(actions.renew_key(by())) == "suket.not_the_dinas"
    whole(city)


def test_a_paper_does_not_leave_before_its_entry_is_on_the_second_medium(city, monkeypatch):
    suket = given(city, recorded(city))

    def no_medium():
        raise OSError

    with city.at(DINAS):
        monkeypatch.setattr(actions, "secure", no_medium)
        command = by()
        assert code(actions.print_letter(command, suket=suket)) == "suket.second_log_missing"
        monkeypatch.undo()
        assert actions.print_letter(command, suket=suket) == {"suket": suket, "copy": 1}


def test_sukets_to_convert_stand_in_the_order_of_the_queue(city):
    requests = [recorded(city, f"res_{number}") for number in (3, 1, 2)]
    for request in (requests[1], requests[2]):
        given(city, request)
    with city.at(DINAS):
        officer = city.officer
        found = queries.to_convert(officer)
        waiting = [each.request for each in queries.listed.queue_for(OfficeCode(KEC))]
    assert [each.seen.request for each in found] == [
        each for each in waiting if each in requests[1:]
    ]
    assert [each.place for each in found] == [
        waiting.index(each.seen.request) + 1 for each in found
    ]
    assert {each.office.text for each in found} == {KEC}
    with city.at(OTHER):
        assert Suket.objects.count() == 0


def test_lists_and_looks(city):
    suket = given(city, recorded(city))
    with city.at(DINAS):
        officer = city.officer
        assert [each.suket for each in queries.sukets_for(officer)] == [suket]
        assert queries.count_sukets("expiring") == 0
        city.offices.clock.move(timedelta(days=160))
        assert queries.count_sukets("expiring") == 1
        city.offices.clock.move(timedelta(days=30))
        assert [queries.count_sukets(each) for each in ("valid", "expired")] == [0, 1]
        looks = EntryRow.objects.filter(kind="look.recorded/1", officer=city.kepala)
        assert any(suket in row.facts for row in looks)
        assert code(queries.suket_for(officer, suket="skt_none")) == "suket.unknown"


def test_after_the_retention_nothing_can_be_printed(city):
    suket = given(city, recorded(city))
    with city.at(DINAS):
        Suket.objects.filter(pk=suket).update(nama="", nik="")  # as a rebuild without the body
        assert code(actions.print_letter(by(), suket=suket)) == "suket.data_gone"


def test_the_guards_are_made_again_from_the_table(city):
    for number in (1, 2):
        given(city, recorded(city, f"res_{number}"))
    with city.at(DINAS):
        Series.objects.all().delete()
        NewestOf.objects.all().delete()
        actions.refresh_guards()
        assert Series.objects.get().last == 2
        assert NewestOf.objects.count() == 2
    assert issue(city, recorded(city, "res_3"))["number"] == "471.13/00003/16.71/2017"
    whole(city)


def test_verify_names_what_must_not_be(city):
    request = recorded(city)
    given(city, request)
    with city.at(DINAS):
        row = Suket.objects.get()
        row.suket, row.n = "skt_planted", 3
        row.save(force_insert=True)
        assert queries.numbers_have_no_gap() == ["the sukets of 2017 are not numbered 1 to 2"]
        assert queries.nobody_has_two_sukets() == ["res_1 has two sukets valid on one day"]
