"""The disk fills while a card is in the printer: it is printed once and written down later."""

from __future__ import annotations

from datetime import timedelta

from ampera.journal.models import EntryRow
from ampera.printing.actions import step_printer
from ampera.tiers.worker import FULL_SECONDS, Worker
from tests.api.city import PRINTER, SU1, _card_pdf
from tests.bad_input.full import fill_up, make_room


class Ticking:
    """The worker of the office with its printer, and time that passes."""

    def __init__(self, city) -> None:
        self.city, self.seconds = city, 0.0
        self.worker = Worker(
            link=None,
            monotonic=lambda: self.seconds,
            print_step=lambda: step_printer(PRINTER, port=city.printer, render=_card_pdf),
        )

    def tick(self, times: int) -> None:
        for _ in range(times):
            self.seconds += FULL_SECONDS
            self.city.offices.clock.move(timedelta(seconds=20))
            self.city.printer.tick(self.city.offices.clock.at)
            with self.city.offices.at(SU1):
                self.worker.tick()
            if self.city.printer.machine.is_starved:
                self.city.printer.machine.load(["FED900001"])


def kinds(city) -> list[str]:
    with city.offices.at(SU1):
        rows = EntryRow.objects.filter(kind__startswith="attempt.").order_by("id")
        return list(rows.values_list("kind", flat=True))


def test_a_card_printed_on_a_full_disk_is_written_down_later_and_printed_once(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    city.print_on(20)
    city.post(SU1, "cetak", "runs", cards=1)
    ticking, machine = Ticking(city), city.printer.machine
    ticking.tick(2)
    assert len(machine.jobs) == 1, "the card is in the printer"
    with city.offices.at(SU1):
        fill_up()
    ticking.tick(40)
    assert not machine.is_printing, "the card came out meanwhile"
    assert kinds(city) == ["attempt.opened/1"]
    with city.offices.at(SU1):
        make_room()
    ticking.tick(10)
    assert kinds(city) == ["attempt.opened/1", "attempt.ended/1"]
    assert len(machine.jobs) == 1
    (card,) = city.get(SU1, "cetak", "cards/to-check")
    assert city.get(SU1, "cetak", f"attempts/{card['attempt']}")["state"] == "PRINTED"
