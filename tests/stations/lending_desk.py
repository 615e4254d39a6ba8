"""What tests of lending share: a line of offices, printers down and up, the acts."""

from __future__ import annotations

from datetime import date, timedelta

from ampera.journal.house import house
from ampera.printing.actions import lend_printing
from ampera.printing.actions.stops import tell_down, tell_up
from ampera.printing.queries import open_stop
from ampera.printing.rules.stops import StopCause
from ampera.readiness import actions
from ampera.readiness.models import Asked, Permit
from ampera.readiness.rules.lending import LendWish
from ampera.words import OfficeCode
from tests.stations.readiness_line import (
    DINAS,
    HOSTED,
    KEC,
    OTHER,
    Line,
    by,
)

#: By which every office of the line prints.
PRINTER = "printer-1"


def lending_line(offices) -> Line:
    """A dinas and two kecamatan that print, one of them for a third."""
    made = Line(offices)
    for office in (DINAS, KEC, OTHER):
        made.describe(office, date(2017, 9, 1))
    made.describe(HOSTED, None, host=KEC)
    return made


def down(line, *, at=KEC):
    """Every printer of an office is reported down; the dinas has heard it."""
    with line.at(at):
        stop = tell_down(PRINTER, cause=StopCause.JAM, since=house().now())
    assert "stop" in stop, stop
    line.post()


def up(line, *, at=KEC):
    with line.at(at):
        line.offices.clock.move(timedelta(minutes=30))
        tell_up(open_stop(PRINTER))
    line.post()


def lend(line, home=KEC, at=OTHER, *, days=7, at_server=DINAS, **changes):
    """The dinas lends; the answer. From today on, unless said otherwise."""
    today = line.offices.clock.at.date()
    wish = {
        "home": OfficeCode(home),
        "at": OfficeCode(at),
        "since": today,
        "until": today + timedelta(days=days - 1),
        "why": "PRINTER_DOWN",
        "ends_when_up": True,
    }
    with line.at(at_server):
        return lend_printing(by(), wish=LendWish(**{**wish, **changes}))


def lent(line, home=KEC, at=OTHER, **changes) -> str:
    """The same, after the home office's printers went down. Returns the lending."""
    down(line, at=home)
    done = lend(line, home, at, **changes)
    assert isinstance(done, dict), done
    line.post()
    return done["lending"]


def end(line, lending):
    with line.at(DINAS):
        return actions.end_lending(by(), lending=lending)


def permits_at(line, office) -> list[Permit]:
    with line.at(DINAS):
        return list(Permit.objects.filter(office=office).order_by("granted_at", "permit"))


def state_at(line, request, *, at=KEC) -> str:
    with line.at(at):
        return Asked.objects.values_list("state", flat=True).get(pk=request)
