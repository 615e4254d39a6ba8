"""Two windows at one moment, and a card on another blank than the books say: one truth is left."""

from __future__ import annotations

import itertools
import json

import pytest
from django.db.models import F

from ampera.blanko import queries as blanko
from ampera.blanko.actions import exchange as exchanging_places
from ampera.blanko.models import Item
from ampera.journal.models import EntryRow
from ampera.journal.rebuild import compare_with_rebuild
from ampera.printing.actions import (
    cards,
    check_card,
    end_attempt,
    exchange_blanko,
    open_attempt,
    settle_attempt,
)
from ampera.printing.actions import exchange as exchanging
from ampera.printing.queries import attempt_seen, printed_card
from ampera.printing.rules.exchange import Side
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race
from tests.stations.printing_desk import BUDI, DINAS, SARI, by, count_in, grant_here, serial

S1, S2, S3 = serial(1), serial(2), serial(3)


@pytest.fixture
def office(postgres_database):
    with acting_as(DINAS):
        for number in (1, 2, 3):
            grant_here(number, office=DINAS)
        count_in(5)
        yield


def made(number: int, blank: str, outcome: str = "PRINTED") -> str:
    opened = open_attempt(by(SARI), permit=f"prm_{number}", printer=f"p{number}", serial=blank)
    cause = "completed" if outcome == "PRINTED" else ""
    ended = end_attempt(by(), attempt=opened["attempt"], outcome=outcome, cause=cause)
    assert ended["outcome"] == outcome
    return opened["attempt"]


def swap(attempt: str, blank: str):
    command = by(SARI)
    return lambda: exchange_blanko(command, attempt=attempt, serial=blank, witness=BUDI)


def checked(card: str) -> str:
    """The serial that the check of this card told."""
    told = [json.loads(row.facts) for row in EntryRow.objects.filter(kind="card.checked/1")]
    return next((each["serial"] for each in told if each["card"] == card), "")


def is_whole() -> bool:
    return [each for check in blanko.CHECKS for each in check()] == [] == compare_with_rebuild()


def codes(said: list[object]) -> list[str]:
    return [each.code for each in said if isinstance(each, Refusal)]


def check_and_exchange(monkeypatch) -> tuple[list[object], str]:
    """The second card is found good while its blank turns out to be the first card's."""
    first, second = made(1, S1), made(2, S2)
    meeting = Meeting()
    monkeypatch.setattr(exchanging, "exchange_facts", meeting.after(exchanging.exchange_facts))
    monkeypatch.setattr(cards, "printed_card", meeting.after(printed_card))
    said = race(
        swap(first, S2), lambda: check_card(by(SARI), card="crd_2", result="READY", witness="")
    )
    return said, second


def test_a_check_and_an_exchange_of_one_card_agree_which_blank_it_is(office, monkeypatch):
    said, second = check_and_exchange(monkeypatch)
    assert checked("crd_2") == attempt_seen(second).serial
    # Who came second decided anew: the check took the other serial, or the exchange was refused.
    assert codes(said) in ([], ["printing.exchange_checked"])
    assert is_whole()


def test_control_without_its_turn_the_check_tells_a_blank_that_is_another_card(office, monkeypatch):
    turns = itertools.count()
    monkeypatch.setattr(Side, "turn", property(lambda _: f"nobody's {next(turns)}"))
    said, second = check_and_exchange(monkeypatch)
    assert codes(said) == []
    assert (checked("crd_2"), attempt_seen(second).serial) == (S2, S1)


def claim_by_reading(meeting: Meeting):
    """What one would write without compare-and-set: look, then set."""

    def claim(items, *, target):
        for each in items:
            if not Item.objects.filter(item=each.item, n=each.n, place=each.place).exists():
                return False
        meeting.wait()
        Item.objects.filter(item__in=[each.item for each in items]).update(
            n=F("n") + 1, place=target
        )
        return True

    return claim


def test_of_two_cards_that_claim_one_blank_one_has_it(office, monkeypatch):
    first, second = made(1, S1), made(2, S2)
    meeting = Meeting()
    monkeypatch.setattr(exchanging, "exchange_facts", meeting.after(exchanging.exchange_facts))
    said = race(swap(first, S3), swap(second, S3))
    assert codes(said) == ["blanko.moved_meanwhile"]
    assert sorted(attempt_seen(each).serial for each in (first, second)) in ([S1, S3], [S2, S3])
    assert is_whole()


def test_control_read_then_write_gives_it_to_both(office, monkeypatch):
    first, second = made(1, S1), made(2, S2)
    monkeypatch.setattr(exchanging_places, "claim", claim_by_reading(Meeting()))
    said = race(swap(first, S3), swap(second, S3))
    assert codes(said) == []
    assert blanko.in_two_places() == [S3]


def test_two_officers_who_say_the_same_exchange_from_both_cards_make_it_once(office, monkeypatch):
    first, second = made(1, S1), made(2, S2)
    meeting = Meeting()
    monkeypatch.setattr(exchanging, "exchange_facts", meeting.after(exchanging.exchange_facts))
    said = race(swap(first, S2), swap(second, S1))
    assert codes(said) == ["printing.exchange_same"]
    assert (attempt_seen(first).serial, attempt_seen(second).serial) == (S2, S1)
    assert is_whole()


def test_a_settlement_and_an_exchange_of_one_attempt_agree(office, monkeypatch):
    attempt = made(1, S1, "UNKNOWN")
    monkeypatch.setattr(exchanging, "exchange_facts", Meeting().after(exchanging.exchange_facts))
    said = race(
        swap(attempt, S2),
        lambda: settle_attempt(by(SARI), attempt=attempt, outcome="PRINTED", witness=BUDI),
    )
    assert codes(said) == []
    seen = attempt_seen(attempt)
    assert (seen.serial, seen.state) == (S2, "PRINTED")
    places = {blanko.whereis(each).place for each in (S1, S2)}
    assert places == {f"{DINAS}/shelf", f"{DINAS}/issued"}
    assert blanko.whereis(S2).place == f"{DINAS}/issued"
    assert is_whole()
