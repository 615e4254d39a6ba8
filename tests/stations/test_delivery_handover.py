"""Finished cards at real servers: from the tray into the right hand, once."""

from __future__ import annotations

import itertools
import threading
from datetime import date, timedelta

import pytest

from ampera.delivery.actions import delete_print_packets, hand_over
from ampera.delivery.models import FinishedCard
from ampera.delivery.projection import PROJECTIONS
from ampera.delivery.queries import (
    card_held,
    handed_over,
    handed_over_count,
    handed_over_unchecked,
    packets_to_delete,
    ready_cards,
    ready_count,
    receipt_of,
    uncollected,
)
from ampera.delivery.rules import Custody
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.alarms import open_alarms
from ampera.journal.house import house
from ampera.journal.models import EntryRow
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import entries_about
from ampera.journal.rebuild import compare_with_rebuild, dump_projections
from ampera.papers.heads import Letterhead
from ampera.papers.receipts import handover_receipt
from ampera.printing.actions import check_card, end_attempt, open_attempt
from ampera.readiness.models import Permit
from ampera.words import OfficeCode, Refusal
from tests.stations.printing_desk import (
    BUDI,
    DINAS,
    KEC,
    PRINTER,
    SARI,
    Desk,
    by,
    code,
    grant,
    lone_dinas,
    serial,
)


@pytest.fixture
def desk(offices):
    return Desk(offices)


def ready(number=1, *, result="READY"):
    """A card printed and checked at the office that acts."""
    opened = open_attempt(by(), permit=f"prm_{number}", printer=PRINTER)
    assert not isinstance(opened, Refusal), opened
    end_attempt(by(""), attempt=opened["attempt"], outcome="PRINTED", cause="completed")
    said = check_card(by(), card=f"crd_{number}", result=result, witness=BUDI)
    assert not isinstance(said, Refusal), said
    return f"crd_{number}"


def void(offices, card, *, resident="res_1", why="LOST", to=KEC):
    """The dinas voids a card; the post carries it."""

    def work(pen: Pen):
        facts = {"card": card, "resident": resident, "why": why}
        pen.write("card.voided/1", subject=card, facts=facts, to=OfficeCode(to))
        return {}

    with offices.at(DINAS):
        assert perform(by(BUDI), work, content={"card": card}) == {}
    offices.post()


def test_a_whole_card_from_permit_to_hand(desk):
    with desk.at():
        desk.start(1)
        desk.work()
        check_card(by(), card="crd_1", result="READY")
        assert [card.card for card in ready_cards()] == ["crd_1"]
        assert ready_count() == 1
        given = hand_over(by(), card="crd_1")
        assert given == {"card": "crd_1", "voids": None}
        assert ready_cards() == []
        seen = handed_over("crd_1")
        assert (seen.serial, seen.officer, seen.to) == (serial(1), SARI, "HOLDER")
        assert (seen.resident, seen.request) == ("res_1", "req_1")
        assert card_held("crd_1").custody is Custody.HANDED_OVER
        assert handed_over_count(since=desk.offices.clock.at - timedelta(days=1)) == 1
        assert handed_over_unchecked() == []
        assert compare_with_rebuild() == []
    desk.offices.post()
    for office in (DINAS, "00"):
        with desk.offices.at(office):
            assert handed_over("crd_1").request == "req_1"
            assert compare_with_rebuild() == []


def test_a_proxy_stands_in_the_body_that_can_be_erased(desk):
    with desk.at():
        card = ready()
        hand_over(by(), card=card, to="PROXY", proxy_name="CONTOH WAKIL", proxy_basis="anak")
        seen = handed_over(card)
        assert (seen.to, seen.proxy_name, seen.proxy_basis) == ("PROXY", "CONTOH WAKIL", "anak")
        (entry,) = entries_about([card])[-1:]
        assert "CONTOH" not in str(dict(entry.facts))
        assert entry.body["proxy_name"] == "CONTOH WAKIL"


def test_a_proxy_without_name_or_right_is_refused(desk):
    with desk.at():
        card = ready()
        assert code(hand_over(by(), card=card, to="PROXY")) == "delivery.receiver_unknown"
        assert code(hand_over(by(""), card=card)) == "delivery.by_nobody"
        assert handed_over(card) is None


def test_a_second_handover_is_refused(desk):
    with desk.at():
        card = ready()
        command = by()
        first = hand_over(command, card=card)
        assert hand_over(command, card=card) == first, "the same command has the same answer"
        assert code(hand_over(by(BUDI), card=card)) == "delivery.already_handed_over"


def test_a_card_that_is_not_ready_stays(desk):
    with desk.at():
        opened = open_attempt(by(), permit="prm_1", printer=PRINTER)
        assert code(hand_over(by(), card="crd_1")) == "delivery.no_such_card"
        end_attempt(by(""), attempt=opened["attempt"], outcome="PRINTED", cause="completed")
        assert code(hand_over(by(), card="crd_1")) == "delivery.no_such_card"
        rejected = ready(2, result="REJECTED")
        assert code(hand_over(by(), card=rejected)) == "delivery.not_ready"


def test_a_voided_card_is_not_given_out_whenever_the_news_comes(desk):
    with desk.at():
        card = ready()
    void(desk.offices, card)
    void(desk.offices, "crd_2", resident="res_2")
    with desk.at():
        assert code(hand_over(by(), card=card)) == "delivery.voided"
        assert ready_cards() == []
        assert code(hand_over(by(), card="crd_2")) == "delivery.voided"


def test_a_card_of_another_office_is_handed_over_there(desk):
    with desk.at():
        card = ready()
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert [each.card for each in ready_cards(OfficeCode(KEC))] == [card]
        assert ready_cards() == []
        no = hand_over(by(BUDI), card=card)
        assert no == Refusal("delivery.held_elsewhere", office=KEC)
    with desk.offices.at("16.71.06"):
        assert code(hand_over(by(BUDI), card=card)) == "delivery.no_such_card"


def test_the_handover_of_a_new_card_voids_the_old_one_in_the_same_entry(desk):
    with desk.at():
        hand_over(by(), card=ready(1))
    grant(desk.offices, 9, resident="res_1", replaces="crd_1", reason="LOST")
    desk.offices.post()
    with desk.at():
        assert hand_over(by(), card=ready(9)) == {"card": "crd_9", "voids": "crd_1"}
        assert card_held("crd_1").custody is Custody.VOID
        assert card_held("crd_9").custody is Custody.HANDED_OVER
        assert handed_over("crd_9").replaces == "crd_1"


def test_a_restored_server_hands_nothing_over_until_it_is_counted(desk):
    with desk.at():
        card = ready()
        quarantine("restored")
        assert code(hand_over(by(), card=card)) == "server.quarantined"


def test_the_card_leaves_the_hand_after_its_entry_lies_on_a_second_medium(desk, monkeypatch):
    with desk.at():
        card = ready()
        command = by()

        def broken(_):
            raise OSError("the stick is gone")

        monkeypatch.setattr(house().second_log, "append", broken)
        assert code(hand_over(command, card=card)) == "delivery.second_log_missing"
        monkeypatch.undo()
        assert hand_over(command, card=card)["card"] == card
        assert any(card in line for line in house().second_log.read())
        handovers = [e for e in entries_about([card]) if e.kind == "card.handed_over/1"]
        assert len(handovers) == 1


def test_cards_that_nobody_fetches_are_listed_for_the_lurah(desk):
    with desk.at():
        first = ready(1)
        desk.offices.clock.move(timedelta(days=10))
        ready(2)
        desk.offices.clock.move(timedelta(days=5))
        assert [card.card for card in uncollected(days=14)] == [first]
        assert len(uncollected(OfficeCode(KEC), days=4)) == 2
        hand_over(by(), card=first)
        assert uncollected(days=14) == []


LETTERHEAD = Letterhead(government="PEMERINTAH KOTA CONTOH", office="KECAMATAN CONTOH")


def receipt(card):
    return receipt_of(card, officer=SARI, letterhead=LETTERHEAD, place="Palembang")


def test_the_receipt_says_who_took_which_card_and_why_the_old_one_ended(desk):
    grant(desk.offices, 9, replaces="crd_old", reason="LOST")
    desk.offices.post()
    with desk.at():
        card = ready(9)
        assert code(receipt(card)) == "delivery.no_such_card"
        hand_over(by(), card=card, to="PROXY", proxy_name="CONTOH WAKIL", proxy_basis="kuasa")
        seen = receipt(card)
        assert (seen.nama, seen.card_serial) == ("CONTOH 9", serial(1))
        assert seen.proxy.nama == "CONTOH WAKIL"
        assert seen.old_card
        assert seen.on == date(2017, 9, 7)
        assert handover_receipt(seen).startswith(b"%PDF")
        looked = EntryRow.objects.filter(kind="look.recorded/1").last()
        assert (looked.officer, "res_9" in looked.facts) == (SARI, True)


def test_a_receipt_whose_names_were_erased_is_not_made_up(desk):
    with desk.at():
        card = ready()
        hand_over(by(), card=card)
        assert receipt(card).proxy is None
        Permit.objects.update(nik="", nama="")
        assert code(receipt(card)) == "delivery.receipt_gone"


def test_a_card_printed_under_a_permit_that_had_come_back_is_void_at_birth(desk):
    with desk.at():
        card = ready()

        def come_back(pen: Pen):
            pen.write("permit.returned/1", subject="prm_1", facts={"permit": "prm_1"})
            return {}

        assert perform(by(""), come_back, content={}) == {}
        assert code(hand_over(by(), card=card)) == "delivery.voided"


class Packets:
    """Print packets in a list; one of them sits on a medium that fails."""

    def __init__(self, *permits: str, broken: str = "") -> None:
        self.permits, self.broken = list(permits), broken

    def delete(self, permit: str) -> None:
        if permit == self.broken:
            raise OSError("read only")
        if permit in self.permits:
            self.permits.remove(permit)


def test_the_print_packet_goes_with_the_card(desk):
    with desk.at():
        packets = Packets("prm_1", "prm_2", "prm_3", broken="prm_1")
        assert delete_print_packets(packets) == 0
        for number in (1, 2):
            hand_over(by(), card=ready(number))
        assert delete_print_packets(packets) == 1
        assert packets.permits == ["prm_1", "prm_3"]
        packets.broken = ""
        assert delete_print_packets(packets) == 1
        assert packets.permits == ["prm_3"]
        assert packets_to_delete() == []


def test_checks_voids_and_handovers_give_the_same_table_in_any_order(desk):
    with desk.at():
        hand_over(by(), card=ready(1))
    grant(desk.offices, 9, resident="res_1", replaces="crd_1", reason="LOST")
    desk.offices.post()
    with desk.at():
        hand_over(by(), card=ready(9), to="PROXY", proxy_name="CONTOH", proxy_basis="anak")
    void(desk.offices, "crd_1")
    desk.offices.post()
    with desk.offices.at(DINAS):
        kinds = ("card.checked/1", "card.handed_over/1", "card.voided/1")
        entries = [e for e in entries_about(["crd_1", "crd_9"]) if e.kind in kinds]
        assert len(entries) == 5
        dumps = []
        for order in itertools.permutations(entries):
            FinishedCard.objects.all().delete()
            for entry in order:
                PROJECTIONS[entry.kind](entry)
            dumps.append(
                {
                    cell: value
                    for cell, value in dump_projections().items()
                    if cell[0] == "delivery_finishedcard"
                }
            )
        assert dumps[0]
        assert all(dump == dumps[0] for dump in dumps)
        assert open_alarms() == []


@pytest.mark.postgres
def test_of_two_counters_one_hands_the_card_over(postgres_database):
    """Judged on PostgreSQL: SQLite lets writers queue before they read."""
    from django.db import connection

    lone_dinas(permits=1, blanks=1)
    card = ready(1)
    barrier = threading.Barrier(2)
    answers = {}

    def counter(number):
        try:
            barrier.wait(timeout=30)
            answers[number] = hand_over(Command(id=f"cmd_{number}", officer=SARI), card=card)
        finally:
            connection.close()

    threads = [threading.Thread(target=counter, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    codes = sorted(code(each) or "handed" for each in answers.values())
    assert codes == ["delivery.already_handed_over", "handed"]
