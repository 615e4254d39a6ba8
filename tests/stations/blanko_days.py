"""Words for tests of closed days: a count that agrees with the books, and moves of one day."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from ampera.blanko import actions, queries
from ampera.blanko.rules import DayCount, place, stock_of
from ampera.blanko.rules.places import Account
from ampera.journal.actions import Command, perform
from ampera.words import OfficeCode, Refusal

DINAS, KEC, OTHER = "16.71", "16.71.02", "16.71.06"
SERIALS = tuple(f"SPC{n:08d}" for n in range(1, 7))
_number = count(1)


def by(officer: str = "off_a") -> Command:
    return Command(id=f"cmd_day_{next(_number)}", officer=officer)


def inside(step, **facts):
    """Run one `*_in` function in a command of its own, as printing does."""

    def work(pen):
        no = step(pen, **facts)
        return no if isinstance(no, Refusal) else {"done": no}

    return perform(by(), work, content={})


def opened(*serials: str, boxes=()) -> None:
    done = actions.open_books(by(), boxes=boxes, serials=serials, witness="off_b")
    assert isinstance(done, dict), done


def attempted(serial: str, *, end: str = "issued", cause: str = "hot") -> None:
    """One blanko is printed on, and the attempt ends so."""
    assert inside(actions.reserve_in, serial=serial, attempt="att_1") == {"done": None}
    if end == "issued":
        inside(actions.issue_in, serial=serial, attempt="att_1")
    elif end == "spoiled":
        inside(actions.spoil_in, serial=serial, cause=cause)


def what_lies_here(code: str, *, without: tuple[str, ...] = (), **more) -> DayCount:
    """A count that agrees with the books of that office, apart from what is left out."""
    office = OfficeCode(code)
    stock = queries.held_at(stock_of(office))
    spoils = queries.held_at(place(office, Account.SPOILED))
    return DayCount(
        whole=tuple(i for i, each in sorted(stock.items()) if not each.box and i not in without),
        boxes=tuple(i for i, each in sorted(stock.items()) if each.box and i not in without),
        spoiled=tuple(i for i in sorted(spoils) if i not in without),
        **more,
    )


def close(code: str, *, without: tuple[str, ...] = (), holder: str = "off_a", **more):
    """Two officers close the day; where something is left out they counted twice."""
    counted = what_lies_here(code, without=without, **more)
    if without:
        first = actions.close_day(by(), counted=counted, witness="off_b")
        if getattr(first, "code", "") != "blanko.day_differs":
            return first
    return actions.close_day(
        by(),
        counted=counted,
        witness="off_b",
        holder=holder if without else "",
        is_recount=bool(without),
    )


def next_day(offices) -> None:
    offices.clock.at += timedelta(days=1)


def assert_books_are_whole() -> None:
    assert [each for check in queries.CHECKS for each in check()] == []
