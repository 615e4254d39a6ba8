"""Custody told by machines: a bundle goes out, doors are told once, what is left comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.delivery.queries import card_held, handed_over, residents_of, signature_of
from ampera.journal.alarms import open_alarms
from ampera.journal.models import EntryRow
from ampera.journal.queries import entries_about
from ampera.register.actions import make_token
from tests.api.city import DINAS, PASSWORD, SU1, key
from tests.screens.carriers import appoint_lurah, finish_cards

TOLD = "2017-09-07T09:00:00+07:00"
LURAH = {"login": "lurah", "password": PASSWORD}
KEPALA = {"login": "kepala", "password": PASSWORD}


@pytest.fixture
def made(fresh_city):
    """A city with finished cards of one kelurahan, and a lurah with a token of their own."""
    city = fresh_city
    officer = appoint_lurah(city)
    with city.offices.at(SU1):
        city.tokens[SU1, "lurah"] = make_token(officer)
    kelurahan, cards = finish_cards(city, 3)[0]
    return city, kelurahan, cards


def seal(city, kelurahan, cards, **more):
    return city.post(SU1, "loket", "bundles", kelurahan=kelurahan, cards=cards, **more)


def send(city, bundle, **more):
    return city.post(SU1, "loket", f"bundles/{bundle}/send", **{"carrier": LURAH, **more})


def out(city, kelurahan, cards):
    bundle = seal(city, kelurahan, cards)["bundle"]
    assert send(city, bundle) == {"bundle": bundle, "count": len(cards)}
    return bundle


def tell(city, bundle, card, *, act="given", who="lurah", key_="", **more):
    path = f"bundles/{bundle}/cards/{card}/{act}"
    return city.post(SU1, who, path, key_=key_, **{"told_at": TOLD, **more})


def place_of(city, card):
    with city.offices.at(SU1):
        return card_held(card).place


def test_what_may_be_sealed_together_is_listed_by_kelurahan(made):
    city, kelurahan, cards = made
    groups = city.get(SU1, "loket", "bundles/ready")
    assert {"kelurahan": kelurahan, "cards": cards} in groups
    again = key()
    sealed = seal(city, kelurahan, cards, key_=again)
    assert sealed["count"] == len(cards)
    assert seal(city, kelurahan, cards, key_=again) == sealed, "told twice, sealed once"
    (seen,) = city.get(SU1, "loket", "bundles")
    assert (seen["bundle"], seen["place"]) == (sealed["bundle"], "BUNDLE")
    assert {each["card"] for each in seen["cards"]} == set(cards)
    assert seal(city, kelurahan, cards)["code"] == "delivery.not_at_the_counter"
    no = city.post(SU1, "loket", f"cards/{cards[0]}/hand-over")
    assert no["code"] == "delivery.in_a_bundle"


def test_a_bundle_goes_to_a_lurah_who_proves_to_be_there(made):
    city, kelurahan, cards = made
    bundle = seal(city, kelurahan, cards)["bundle"]
    wrong = {"login": "lurah", "password": "salah"}
    assert send(city, bundle, carrier=wrong)["code"] == "officer.unknown"
    assert send(city, bundle, carrier=KEPALA)["code"] == "officer.may_not"
    assert send(city, bundle)["count"] == len(cards)
    assert send(city, bundle)["code"] == "delivery.bundle_is_out"
    assert place_of(city, cards[0]) == "LURAH"


def test_a_courier_without_an_account_needs_an_officer_who_saw_both(made):
    city, kelurahan, cards = made
    bundle = seal(city, kelurahan, cards)["bundle"]
    named = {"carrier": None, "to": "COURIER", "name": "KURIR CONTOH", "paper": "KTP CONTOH 1"}
    assert send(city, bundle, **{**named, "name": ""})["code"] == "delivery.carrier_unknown"
    assert send(city, bundle, **named)["code"] == "delivery.second_needed"
    cetak = {"login": "cetak", "password": PASSWORD}
    assert send(city, bundle, **named, witness=cetak)["code"] == "officer.unknown"
    assert send(city, bundle, **named, witness=KEPALA)["count"] == len(cards)
    assert city.get(SU1, "loket", f"bundles/{bundle}")["place"] == "COURIER"


def test_the_run_sheet_is_for_the_counter_and_for_its_carrier_and_each_look_is_noted(made):
    city, kelurahan, cards = made
    bundle = seal(city, kelurahan, cards)["bundle"]
    path = f"bundles/{bundle}/run-sheet"
    assert city.raw(SU1, "lurah", "GET", path).json()["code"] == "delivery.no_such_bundle"
    sheet = city.get(SU1, "loket", path)
    assert {each["card"] for each in sheet["doors"]} == set(cards)
    assert all(each["name"] and each["address"] and each["rt"] for each in sheet["doors"])
    assert send(city, bundle)["count"] == len(cards)
    assert city.get(SU1, "lurah", path) == sheet
    (mine,) = city.get(SU1, "lurah", "bundles/carried")
    assert mine["bundle"] == bundle
    assert city.raw(SU1, "cetak", "GET", path).status_code == 403
    with city.offices.at(SU1):
        carrier = city.officer(SU1, "lurah")
        (resident,) = residents_of([card_held(cards[0])]).values()
        looks = EntryRow.objects.filter(kind="look.recorded/1", officer=carrier)
        told = [f"{each.subject} {each.facts}" for each in looks]
    assert any(resident in each for each in told)


def test_a_door_is_told_once_however_often_the_phone_sends_it(made):
    city, kelurahan, cards = made
    bundle, again = out(city, kelurahan, cards), key()
    told = {"key_": again, "signature": "M0 0L1 1"}
    for _ in range(3):
        assert tell(city, bundle, cards[0], **told)["card"] == cards[0]
    with city.offices.at(SU1):
        assert handed_over(cards[0]).bundle == bundle
        assert signature_of(cards[0]) == "M0 0L1 1"
        kinds = [each.kind for each in entries_about([cards[0]])]
        assert kinds.count("card.handed_over/1") == 1
        assert not open_alarms()
    assert city.get(SU1, "loket", "bundles/conflicts") == []
    other = tell(city, bundle, cards[0], told_at="2017-09-07T10:00:00+07:00")
    assert other["code"] == "delivery.already_handed_over"


def test_only_the_carrier_tells_of_a_bundle(made):
    city, kelurahan, cards = made
    bundle = seal(city, kelurahan, cards)["bundle"]
    assert tell(city, bundle, cards[0])["code"] == "delivery.no_such_bundle"
    assert tell(city, bundle, cards[0], who="loket")["code"] == "officer.may_not"
    assert place_of(city, cards[0]) == "BUNDLE"


def test_what_was_not_given_comes_back_with_its_reason(made):
    city, kelurahan, cards = made
    bundle = out(city, kelurahan, cards)
    no = tell(city, bundle, cards[0], act="not-given", why="TIRED")
    assert (no["status"], no["code"]) == (422, "delivery.reason_needed")
    assert tell(city, bundle, cards[0], act="not-given", why="NOT_HOME")["card"] == cards[0]
    (seen,) = city.get(SU1, "loket", "bundles")
    said = {each["card"]: each["undelivered_why"] for each in seen["cards"]}
    assert said[cards[0]] == "NOT_HOME"
    assert place_of(city, cards[0]) == "LURAH", "it is in that hand until it is taken back"

    path = f"bundles/{bundle}/take-back"
    assert city.post(SU1, "loket", path, cards=[])["code"] == "delivery.bundle_empty"
    bare = city.post(SU1, "loket", path, cards=[{"card": cards[0]}])
    assert bare["code"] == "delivery.reason_needed"
    back = city.post(SU1, "loket", path, cards=[{"card": cards[0], "why": "NOT_HOME"}])
    assert back == {"bundle": bundle, "count": 1}
    assert place_of(city, cards[0]) == "COUNTER"


def test_what_the_books_cannot_take_waits_for_somebody_who_looks(made):
    city, kelurahan, cards = made
    bundle = out(city, kelurahan, cards)
    path = f"bundles/{bundle}/take-back"
    city.post(SU1, "loket", path, cards=[{"card": cards[0], "why": "NOT_HOME"}])
    assert tell(city, bundle, cards[0])["code"] == "delivery.not_in_your_hand"
    (conflict,) = city.get(SU1, "loket", "bundles/conflicts")
    assert (conflict["card"], conflict["code"]) == (cards[0], "delivery.not_in_your_hand")
    settling, again = f"bundles/conflicts/{conflict['conflict']}/settle", key()
    done = {"conflict": conflict["conflict"]}
    assert city.post(SU1, "lurah", settling)["code"] == "officer.may_not"
    assert city.post(SU1, "loket", settling, key_=again) == done
    assert city.post(SU1, "loket", settling, key_=again) == done, "told twice, settled once"
    no = city.post(SU1, "loket", settling)
    assert (no["status"], no["code"]) == (404, "delivery.no_such_conflict")
    assert city.get(SU1, "loket", "bundles/conflicts") == []


def test_a_bundle_of_another_office_is_none_here(made):
    city, kelurahan, cards = made
    bundle = seal(city, kelurahan, cards)["bundle"]
    city.turn(1)
    for path in (f"bundles/{bundle}", f"bundles/{bundle}/run-sheet", "bundles/bnd_x"):
        reply = city.raw(DINAS, "kepala", "GET", path)
        assert (reply.status_code, reply.json()["code"]) == (404, "delivery.no_such_bundle")
    other = city.post(SU1, "loket", "bundles", kelurahan="16.71.2", cards=cards)
    assert other["code"] == "api.body_invalid"


def test_cards_that_nobody_fetches_are_listed_with_what_to_do(made):
    city, _, cards = made
    assert city.get(SU1, "loket", "cards/uncollected") == []
    for more, days, what in ((4, 4, "REMIND"), (11, 15, "BRING")):
        city.offices.clock.move(timedelta(days=more))
        rows = city.get(SU1, "loket", "cards/uncollected")
        assert set(cards) <= {each["card"] for each in rows}
        assert {(each["days"], each["next"]) for each in rows} == {(days, what)}
