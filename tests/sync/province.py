"""A small province for the post: kinds of its own, links within the process, wall time that is
moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from ampera.journal.actions import Command, perform
from ampera.journal.entry import ChainName, ChainType, Entry
from ampera.journal.house import house
from ampera.journal.models import EntryRow, Incarnation, Mark
from ampera.journal.queries import chains
from ampera.journal.registry import Registry, Row
from ampera.sync.answering import handle
from ampera.sync.courier import Progress, run_courier
from ampera.sync.link import LocalLink, Unreachable
from ampera.sync.protocol.messages import Answer, Question, Speaker
from ampera.sync.protocol.state import Limits
from ampera.words import OfficeCode, Tier
from tests.houses import START, Offices

SMALL = Limits(rows=3, pull_rows=3, pieces=2, offers=2)


def noted(entry: Entry) -> None:
    """Counts how often an entry was projected: once, or the exactly-once promise is broken."""
    row, _ = Mark.objects.get_or_create(pk=f"noted.{entry.subject}", defaults={"value": "0"})
    Mark.objects.filter(pk=row.pk).update(value=str(int(row.value) + 1))


def broken(_: Entry) -> None:
    """A projection with a fault that only the database finds."""
    Incarnation.objects.create(name=None)


def teach(registry: Registry) -> None:
    """Only kinds of these tests: what stations do with theirs is not the post's business."""
    registry.projections.clear()
    registry.reactions.clear()
    registry.add_rows(
        [
            Row("test.noted/1", Tier.KECAMATAN, ChainType.UP, "KDP"),
            Row("test.noted/1", Tier.DINAS, ChainType.UP, "DP"),
            Row("test.broken/1", Tier.KECAMATAN, ChainType.UP, "D"),
            Row("test.told/1", Tier.DINAS, ChainType.DOWN, "KD"),
            Row("test.told/1", Tier.PUSAT, ChainType.DOWN, "DP"),
        ]
    )
    registry.add_projections({"test.noted/1": noted, "test.told/1": noted, "test.broken/1": broken})


def write(subject: str, *, to: str | None = None) -> None:
    """Append one entry to the own `up` chain, or to the chain of a child."""
    child = None if to is None else OfficeCode(to)
    kind = "test.noted/1" if to is None else "test.told/1"

    def work(pen):
        pen.write(kind, subject=subject, facts={"n": 1}, body={"nama": "DATA CONTOH"}, to=child)
        return {}

    perform(Command(f"cmd_{subject}_{house().incarnation}"), work, content={"subject": subject})


def write_many(prefix: str, *, count: int, to: str | None = None) -> None:
    for number in range(count):
        write(f"{prefix}{number}", to=to)


def write_batch(prefix: str, *, count: int) -> None:
    """Many entries in one command: for tests that need a long chain and not many commands."""

    def work(pen):
        for number in range(count):
            pen.write("test.noted/1", subject=f"{prefix}{number}", facts={"n": number})
        return {}

    perform(Command(f"cmd_{prefix}"), work, content={"count": count})


def speaker_at(offices: Offices, code: str) -> Speaker:
    with offices.at(code) as here:
        return Speaker(here.code, here.incarnation)


def link_from(offices: Offices, code: str) -> LocalLink:
    """A whole link from a server to the one above it."""
    speaker = speaker_at(offices, code)

    def serve(question: Question) -> Answer:
        with offices.at(str(OfficeCode(code).upper)):
            return handle(question, speaker=speaker)

    return LocalLink(serve)


class Flaky:
    """A link that loses the question or the answer when its plan says so."""

    def __init__(self, link: LocalLink, *, plan: Callable[[], str]) -> None:
        self._link, self._plan = link, plan

    def ask(self, message: Question) -> Answer:
        fate = self._plan()
        if fate == "question lost":
            raise Unreachable(fate)
        answer = self._link.ask(message)
        if fate == "doubled":
            answer = self._link.ask(message)
        if fate == "answer lost":
            raise Unreachable(fate)
        return answer


def carry(
    offices: Offices, code: str, *, link=None, rounds: int = 8, limits: Limits = SMALL
) -> list[Progress]:
    """Let one server's courier run, a tick every 61 seconds of wall time."""
    link = link or link_from(offices, code)
    found = []
    for number in range(rounds):
        now = offices.wall + timedelta(seconds=61 * number)
        with offices.at(code):
            found.append(run_courier(link, now=now, limits=limits))
    offices.wall += timedelta(seconds=61 * rounds)
    return found


def carry_all(offices: Offices, *, rounds: int = 3) -> None:
    for _ in range(rounds):
        for code in sorted(offices._houses, key=len, reverse=True):
            if code != "00":
                carry(offices, code, rounds=4)


def ends(offices: Offices, code: str) -> dict[str, int]:
    with offices.at(code):
        return {str(each.name): each.seq for each in chains() if each.seq}


def hashes(offices: Offices, code: str, chain: str) -> list[str]:
    with offices.at(code):
        rows = EntryRow.objects.filter(chain=chain).order_by("seq")
        return list(rows.values_list("hash", flat=True))


def times_noted(offices: Offices, code: str) -> set[str]:
    """How often entries were projected there: {"1"} is what the post promises."""
    with offices.at(code):
        return set(Mark.objects.filter(key__startswith="noted.").values_list("value", flat=True))


def chain(text: str) -> ChainName:
    return ChainName.read(text)


class Province(Offices):
    """Offices with kinds of these tests and a wall clock of their own."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.wall = START
        teach(self.registry)
