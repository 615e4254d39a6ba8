"""The last blanko goes to exactly one of two officers; read-then-write sells it twice."""

from __future__ import annotations

from django.db.models import F

from ampera.blanko import actions, queries
from ampera.blanko.actions import moving
from ampera.blanko.models import Item
from ampera.journal.actions import Command, perform
from ampera.journal.rebuild import compare_with_rebuild
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race

DINAS, KECAMATAN = "16.71", ("16.71.02", "16.71.06")
LAST = "SPC00000001"


def open_with(*serials: str) -> None:
    opened = actions.open_books(
        Command("cmd_open", "off_a"), boxes=[], serials=serials, witness="off_b"
    )
    assert isinstance(opened, dict), opened


def send_to(office: str):
    def run():
        command = Command(f"cmd_{office}", "off_a")
        return actions.ship(command, to=office, boxes=[], serials=[LAST], courier="off_k")

    return run


def reserve(window: int):
    def run():
        def work(pen):
            answer = actions.reserve_next_in(pen, attempt=f"att_{window}")
            return answer if isinstance(answer, Refusal) else {"serial": answer}

        return perform(Command(f"cmd_{window}", "off_a"), work, content={})

    return run


def claim_by_reading(meeting: Meeting):
    """What one would write without compare-and-set: look, then set."""

    def claim(items, *, target):
        names = [each.item for each in items]
        for each in items:
            if not Item.objects.filter(item=each.item, n=each.n, place=each.place).exists():
                return False
        meeting.wait()
        Item.objects.filter(item__in=names).update(n=F("n") + 1, place=target)
        return True

    return claim


def split(said: list[object]) -> tuple[list[object], list[object]]:
    won = [each for each in said if not isinstance(each, Refusal)]
    return won, [each for each in said if isinstance(each, Refusal)]


def test_the_last_blanko_goes_to_one_of_two_kecamatan(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        open_with(LAST)
        monkeypatch.setattr(moving, "held", Meeting().after(moving.held))
        won, lost = split(race(*(send_to(office) for office in KECAMATAN)))
        assert len(won) == 1
        assert lost == [Refusal("blanko.moved_meanwhile", item=LAST)]
        assert len(queries.history(LAST)) == 2
        assert [each for check in queries.CHECKS for each in check()] == []
        assert compare_with_rebuild() == []


def test_control_read_then_write_sends_it_to_both(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        open_with(LAST)
        monkeypatch.setattr(moving, "claim", claim_by_reading(Meeting()))
        won, lost = split(race(*(send_to(office) for office in KECAMATAN)))
        assert (len(won), lost) == (2, [])
        assert queries.in_two_places() == [LAST]


def test_the_last_blanko_goes_to_one_of_two_windows(postgres_database, monkeypatch) -> None:
    with acting_as(KECAMATAN[0]) as here:
        open_with(LAST)
        monkeypatch.setattr(moving, "held", Meeting().after(moving.held))
        won, lost = split(race(reserve(1), reserve(2)))
        assert won == [{"serial": LAST}]
        assert lost == [Refusal("blanko.none_left", office=str(here.code))]
        assert queries.accounts(here.code) == {"reserved": 1}


def test_control_read_then_write_reserves_it_twice(postgres_database, monkeypatch) -> None:
    with acting_as(KECAMATAN[0]):
        open_with(LAST)
        monkeypatch.setattr(moving, "claim", claim_by_reading(Meeting()))
        won, lost = split(race(reserve(1), reserve(2)))
        assert (won, lost) == ([{"serial": LAST}] * 2, [])
        assert queries.in_two_places() == [LAST]


def test_six_windows_share_four_blanko(django_database) -> None:
    with acting_as(KECAMATAN[0]) as here:
        serials = [f"SPC0000000{number}" for number in range(1, 5)]
        open_with(*serials)
        won, lost = split(race(*(reserve(window) for window in range(6))))
        assert sorted(each["serial"] for each in won) == serials
        assert lost == [Refusal("blanko.none_left", office=str(here.code))] * 2
        assert queries.accounts(here.code) == {"reserved": 4}
        assert compare_with_rebuild() == []


def test_the_books_are_opened_once_from_two_windows(django_database) -> None:
    def opening(window: int):
        return lambda: actions.open_books(
            Command(f"cmd_{window}", "off_a"),
            boxes=[],
            serials=[f"SPC0000000{window}"],
            witness="off_b",
        )

    with acting_as(KECAMATAN[0]) as here:
        won, lost = split(race(opening(1), opening(2)))
        assert len(won) == 1
        assert lost == [Refusal("blanko.books_are_open", office=str(here.code))]
        actions.refresh_guards()
        again = actions.open_books(Command("cmd_3", "off_a"), boxes=[], serials=[], witness="off_b")
        assert again == lost[0]
        assert queries.shelf_count(here.code) == 1
