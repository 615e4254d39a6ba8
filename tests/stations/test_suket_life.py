"""From the paper of a suket to the card that ends it, at a real dinas."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.journal.house import house
from ampera.journal.models import EntryRow
from ampera.journal.queries import entries_about
from ampera.readiness.actions import import_cards, void_card
from ampera.suket import actions, queries
from ampera.suket.models import NewestOf, Series, Suket
from ampera.suket.ports import MemoryKeys, open_letter_keys
from ampera.suket.queries import Finding, Worth
from ampera.words import OfficeCode, Reason, Refusal
from tests.stations.readiness_line import DINAS, KEC, OTHER, by
from tests.stations.suket_desk import code, given, issue, recorded, seen, whole, with_kepala


@pytest.fixture
def city(line):
    return with_kepala(line)


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
        assert isinstance(void_card(by(), card=old.card, why=why, witness="off_b"), dict)
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
