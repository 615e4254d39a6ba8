"""Hypothesis chooses what happens at a dinas and two kecamatan; a simpler count is kept beside.

After any story the books hold what the count holds, at every office that is told; and whatever
order the chains arrive in, the tables are the same.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ampera.blanko import actions, queries
from ampera.blanko.rules import Box, DayCount, named
from ampera.journal.actions import Command, perform
from ampera.journal.alarms import open_alarms
from ampera.journal.rebuild import as_default, dump_projections, empty_copy, replay
from ampera.journal.store import all_entries
from ampera.words import Refusal
from tests.houses import Offices

DINAS, KECAMATAN = "16.71", ("16.71.02", "16.71.06")
SIZE = 4
offices_of = st.sampled_from(KECAMATAN)


class Shelves(RuleBasedStateMachine):
    """`self.at` is the physical truth: where each serial lies. Boxes are lists of serials under
    a seal."""

    def __init__(self) -> None:
        super().__init__()
        self.offices = Offices(DINAS, *KECAMATAN)
        self.number = 0
        self.at: dict[str, str] = {}
        self.sealed: dict[str, list[str]] = {}
        self.sent: dict[str, tuple[str, list[str]]] = {}  # shipment → (receiver, items)
        self.lent: dict[str, list[str]] = {}  # loan → what of it may still be out
        self.told: set[str] = set()  # shipments whose news has been posted
        self.closed: dict[tuple[str, str], dict] = {}  # (office, day) → what was said that day
        boxes = [Box(f"BOX-{n}", f"SPC{n * SIZE:08d}", SIZE) for n in range(4)]
        self.boxes = {box.box: box for box in boxes}
        for box in boxes:
            self.sealed[box.box] = list(box.serials())
        loose = ("SPC00009001", "SPC00009002")
        for serial in (*loose, *(each for box in boxes for each in box.serials())):
            self.at[serial] = f"{DINAS}/shelf"
        with self.offices.at(DINAS):
            actions.open_books(self.by(), boxes=boxes, serials=loose, witness="off_b")
        for office in KECAMATAN:
            with self.offices.at(office):
                actions.open_books(self.by(), boxes=[], serials=[], witness="off_b")

    def teardown(self) -> None:
        try:
            self.offices.post()
            self.told |= set(self.sent)
            self.compare(DINAS, of=(DINAS, *KECAMATAN))
            self.any_order_gives_the_same_tables()
        finally:
            self.offices.__exit__()

    def by(self) -> Command:
        self.number += 1
        return Command(id=f"cmd_{self.number}", officer="off_a")

    def inside(self, step, **facts):
        def work(pen):
            no = step(pen, **facts)
            return no if isinstance(no, Refusal) else {"done": no}

        return perform(self.by(), work, content={})

    def things_at(self, place: str) -> list[str]:
        """Boxes that are sealed and single blanko in one place."""
        boxes = [box for box, inside in self.sealed.items() if self.at[inside[0]] == place]
        within = {serial for inside in self.sealed.values() for serial in inside}
        return boxes + [s for s, at in self.at.items() if at == place and s not in within]

    def put(self, things: list[str], place: str) -> None:
        for thing in things:
            for serial in self.sealed.get(thing, [thing]):
                self.at[serial] = place

    @rule(to=offices_of, chance=st.randoms(use_true_random=False))
    def ship(self, to, chance):
        things = self.things_at(f"{DINAS}/shelf")
        chosen = [each for each in things if chance.random() < 0.5]
        with self.offices.at(DINAS):
            answer = actions.ship(self.by(), to=to, boxes=chosen, courier="off_k")
        if not chosen:
            assert answer == Refusal("blanko.nothing_given")
            return
        self.sent[answer["shipment"]] = (to, chosen)
        self.put(chosen, f"transit:{to}")

    @precondition(lambda self: self.told & set(self.sent))
    @rule(chance=st.randoms(use_true_random=False))
    def receive(self, chance):
        shipment = chance.choice(sorted(self.told & set(self.sent)))
        to, things = self.sent.pop(shipment)
        seen = [each for each in things if chance.random() < 0.8]
        with self.offices.at(to):
            answer = actions.receive_shipment(
                self.by(), shipment=shipment, seen_boxes=seen, witness="off_b"
            )
            assert sorted(answer["received"]) == sorted(seen)
            again = actions.receive_shipment(
                self.by(), shipment=shipment, seen_boxes=seen, witness="off_b"
            )
            assert again == Refusal("blanko.shipment_received", shipment=shipment)
        self.put(seen, f"{to}/shelf")
        self.put([each for each in things if each not in seen], f"{to}/dispute")

    @precondition(lambda self: self.told & set(self.sent))
    @rule(chance=st.randoms(use_true_random=False))
    def receive_more_than_was_sent(self, chance):
        shipment = chance.choice(sorted(self.told & set(self.sent)))
        to, things = self.sent[shipment]
        with self.offices.at(to):
            no = actions.receive_shipment(
                self.by(),
                shipment=shipment,
                seen_boxes=[*things, "BOX-TOO-MUCH"],
                witness="off_b",
            )
        assert no == Refusal("blanko.not_in_shipment", item="BOX-TOO-MUCH", shipment=shipment)

    @rule(chance=st.randoms(use_true_random=False))
    def lend_to_another_city(self, chance):
        things = self.things_at(f"{DINAS}/shelf")
        if not things:
            return
        chosen = [chance.choice(things)]
        with self.offices.at(DINAS):
            number = f"PJ-{len(self.lent)}"
            lent = actions.lend(self.by(), items=chosen, document=number, witness="off_b")
            assert lent["items"] == chosen
            again = actions.lend(self.by(), items=chosen, document="PJ-NEW", witness="off_b")
        assert again.code == "blanko.not_there", "never more than lies here"
        self.lent[number] = chosen
        self.put(chosen, f"{DINAS}/loaned")

    @rule(chance=st.randoms(use_true_random=False))
    def take_back_what_was_lent(self, chance):
        """All of a loan, or single blanko out of its box, which is open from then on."""
        if not any(self.lent.values()):
            return
        number = chance.choice(sorted(each for each, out in self.lent.items() if out))
        things = self.lent[number]
        if things[0] in self.sealed and chance.random() < 0.5:
            inside = self.sealed.pop(things[0])
            self.lent[number] = inside
            things = inside[: chance.randrange(1, SIZE)]
        loan = {"loan": number, "document": "BA-2", "witness": "off_b"}
        sealed = {each: self.boxes[each] for each in things if each in self.sealed}
        goods = named(things, boxes=sealed)
        with self.offices.at(DINAS):
            answer = actions.take_back(self.by(), goods=goods, **loan)
            again = actions.take_back(self.by(), goods=goods, **loan)
        assert answer["items"] == things
        assert again.code in ("blanko.loan_too_many", "blanko.not_in_loan")
        self.lent[number] = [each for each in self.lent[number] if each not in things]
        self.put(things, f"{DINAS}/shelf")

    @rule(
        office=st.sampled_from((DINAS, *KECAMATAN)), stolen=st.booleans(), later=st.integers(0, 1)
    )
    def count_and_close(self, office, stolen, later):
        """Two officers count what lies there; one blanko may be gone, and is found to be gone."""
        self.offices.clock.at += timedelta(days=later)
        whole, spoiled = self.things_at(f"{office}/shelf"), self.things_at(f"{office}/spoiled")
        gone = whole[:1] if stolen else []
        seen = [each for each in whole if each not in gone]
        counted = DayCount(
            whole=tuple(each for each in seen if each not in self.sealed),
            boxes=tuple(each for each in seen if each in self.sealed),
            spoiled=tuple(spoiled),
        )
        key = (office, self.offices.clock.at.date().isoformat())
        with self.offices.at(office):
            for is_recount in (False, True):
                answer = actions.close_day(
                    self.by(),
                    counted=counted,
                    witness="off_b",
                    holder="off_h",
                    is_recount=is_recount,
                )
                if getattr(answer, "code", "") != "blanko.day_differs":
                    break
            reserved = self.things_at(f"{office}/reserved")
            if any(of == office and day >= key[1] for of, day in self.closed):
                assert answer.code == "blanko.day_closed"
                return
            if reserved:
                assert answer.code == "blanko.day_attempt_open"
                return
            assert answer["missing"] == gone, answer
            self.put(gone, f"{office}/dispute")
            self.closed[key] = dict(queries.last_day(office).facts)
        left = [s for s, at in self.at.items() if at == f"{office}/shelf"]
        assert answer["closing"] == len(left)
        before = [day for of, day in self.closed if of == office and day < key[1]]
        opening = self.closed[office, max(before)]["closing"] if before else 0
        assert self.closed[key]["opening"] == opening

    @rule(office=offices_of)
    def open_a_box(self, office):
        for thing in self.things_at(f"{office}/shelf"):
            if thing in self.sealed:
                with self.offices.at(office):
                    assert actions.open_box(self.by(), box=thing)["blanko"] == SIZE
                del self.sealed[thing]
                return

    @rule(office=offices_of)
    def reserve(self, office):
        loose = [each for each in self.things_at(f"{office}/shelf") if each not in self.sealed]
        with self.offices.at(office):
            answer = self.inside(actions.reserve_next_in, attempt="att_1")
        if loose:
            assert answer == {"done": min(loose)}
            self.at[min(loose)] = f"{office}/reserved"
        else:
            assert answer == Refusal("blanko.none_left", office=office)

    @rule(office=offices_of, end=st.sampled_from(["issued", "spoiled", "shelf", "dispute"]))
    def settle(self, office, end):
        reserved = self.things_at(f"{office}/reserved")
        if not reserved:
            return
        serial = reserved[0]
        with self.offices.at(office):
            match end:
                case "issued":
                    self.inside(actions.issue_in, serial=serial, attempt="att_1")
                case "spoiled":
                    self.inside(actions.spoil_in, serial=serial, cause="hot")
                case "shelf":
                    self.inside(actions.shelve_in, serial=serial, attempt="att_1")
                case _:
                    self.inside(actions.dispute_in, serial=serial)
        self.at[serial] = f"{office}/{end}"

    @rule(office=offices_of)
    def decide_a_dispute(self, office):
        self.post()
        lost = self.things_at(f"{office}/dispute")
        if not lost:
            return
        with self.offices.at(DINAS):
            answer = actions.settle_dispute(
                self.by(), item=lost[0], outcome="shelf", document="BA-1", witness="off_b"
            )
            assert answer["place"] == f"{office}/shelf"
        self.put(lost[:1], f"{office}/shelf")
        self.post()

    @rule()
    def post(self):
        self.offices.post(rounds=2)
        self.told |= set(self.sent)

    @invariant()
    def books_of_each_office_hold_what_it_holds(self):
        for office in (DINAS, *KECAMATAN):
            self.compare(office, of=(office,))

    @invariant()
    def closed_days_never_change(self):
        for (office, day), facts in self.closed.items():
            with self.offices.at(office):
                assert queries.closed_day(office, date.fromisoformat(day)).facts == facts

    def compare(self, server, *, of):
        with self.offices.at(server):
            assert [each for check in queries.CHECKS for each in check()] == []
            assert open_alarms() == []
            for office in of:
                mine = {s: at for s, at in self.at.items() if at.startswith(f"{office}/")}
                books = queries.all_places().items()
                assert {s: at for s, at in books if at.startswith(f"{office}/")} == mine
                count = Counter(at.partition("/")[2] for at in mine.values())
                told = queries.accounts(office)
                told.pop("transit", None)
                assert told == count

    def any_order_gives_the_same_tables(self):
        with self.offices.at(DINAS):
            before = dump_projections()
            by_chain: dict[str, list] = {}
            for entry in all_entries():
                by_chain.setdefault(str(entry.chain), []).append(entry)
            orders = [sorted(by_chain), sorted(by_chain, reverse=True)]
            for order in orders:
                with empty_copy() as copy, as_default(copy):
                    replay(entry for chain in order for entry in by_chain[chain])
                    after = dump_projections()
                assert after == before


def test_the_books_hold_what_lies_on_the_shelves(django_db_blocker):
    with django_db_blocker.unblock():
        run_state_machine_as_test(
            Shelves,
            settings=settings(
                max_examples=20,
                stateful_step_count=24,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
