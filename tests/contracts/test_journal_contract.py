"""What the journal promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import threading
from collections.abc import Callable
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import ChainType, Entry
from ampera.journal.house import House, acting_in
from ampera.journal.keys import ServerKey
from ampera.journal.models import Chain, CommandRow, EntryRow, Incarnation, Mark
from ampera.journal.queries import part_after
from ampera.journal.receiving import Place, receive_part
from ampera.journal.registry import Registry, Row
from ampera.journal.second_log import MemorySecondLog
from ampera.journal.verify import verify_chains
from ampera.words import FixedClock, OfficeCode, Refusal, SeededIds, Tier
from tests.houses import START


def noted(entry: Entry) -> None:
    Mark.objects.create(pk=f"{entry.chain}/{entry.seq}", value=entry.facts["text"])


@pytest.fixture
def server(django_database) -> House:
    registry = Registry()
    registry.add_rows([Row("test.noted/1", Tier.KECAMATAN, ChainType.UP, "KD")])
    registry.add_projections({"test.noted/1": noted})
    clock = FixedClock(START)
    made = House(
        code=OfficeCode("16.71.02"),
        incarnation=1,
        key=ServerKey.from_seed(b"k" * 32),
        clock=clock,
        ids=SeededIds(clock, Random(1)),
        registry=registry,
        second_log=MemorySecondLog(),
    )
    Incarnation.objects.create(
        name="16.71.02@1", office="16.71.02", number=1, public_key=made.key.public_hex
    )
    with acting_in(made):
        yield made


def note(command: Command, text: str):
    def work(pen: Pen):
        pen.write("test.noted/1", subject="req_1", facts={"text": text}, body={"nama": "Contoh"})
        return {"said": text}

    return perform(command, work, content={"text": text})


def race(*runs: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each on its own connection, and return what each said."""
    gate, said = threading.Barrier(len(runs)), []

    def one(run: Callable[[], object]) -> None:
        gate.wait()
        try:
            said.append(run())
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return said


def test_an_entry_has_one_place(server) -> None:
    note(Command("cmd_1"), "a")
    row = EntryRow.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryRow.objects.create(
            **{
                field.attname: getattr(row, field.attname)
                for field in EntryRow._meta.concrete_fields
                if field.attname != "id"
            }
        )


def test_a_state_that_nobody_knows_is_not_stored(server) -> None:
    note(Command("cmd_1"), "a")
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryRow.objects.update(state="pritned")


def test_eight_windows_append_one_gapless_chain(server) -> None:
    said = race(*[lambda n=n: note(Command(f"cmd_{n}"), f"text {n}") for n in range(8)])
    assert len(said) == 8
    assert list(EntryRow.objects.order_by("seq").values_list("seq", flat=True)) == [*range(1, 9)]
    assert Chain.objects.get().seq == 8
    assert list(verify_chains()) == []


def test_one_command_given_by_two_windows_happens_once(server) -> None:
    for round_ in range(5):
        said = race(*[lambda r=round_: note(Command(f"cmd_{r}"), "the same")] * 2)
        assert said == [{"said": "the same"}] * 2
    assert EntryRow.objects.count() == 5
    assert CommandRow.objects.count() == 5


def test_one_id_for_two_things_is_given_to_one_of_them(server) -> None:
    said = race(lambda: note(Command("cmd_1"), "a"), lambda: note(Command("cmd_1"), "b"))
    assert said.count(Refusal("command.id_reused")) == 1
    assert EntryRow.objects.count() == 1


def test_what_was_answered_is_there_for_another_connection(server) -> None:
    note(Command("cmd_1"), "a")
    counted = race(EntryRow.objects.count)
    assert counted == [1]


def test_a_part_given_twice_at_once_is_taken_once(server) -> None:
    for number in range(6):
        note(Command(f"cmd_{number}"), f"text {number}")
    part = part_after(server.chain("up"), 0, most=50)
    assert part is not None
    EntryRow.objects.all().delete()
    Chain.objects.all().delete()
    Mark.objects.all().delete()

    def take() -> object:
        try:
            return receive_part(part)
        except Exception as error:
            return type(error).__name__

    said = race(take, take)
    # The one that came second may be told to come again; it never makes a second copy.
    assert Place(6, part.entries[-1].hash) in said
    assert EntryRow.objects.count() == 6
    assert Mark.objects.count() == 6
    assert receive_part(part) == Place(6, part.entries[-1].hash)


def test_text_and_numbers_survive_to_the_letter(server) -> None:
    text = 'Sulaiman é ٣ 𝟙 \u2028 " \\ \n'
    note(Command("cmd_1"), text)
    assert list(verify_chains()) == []
    part = part_after(server.chain("up"), 0, most=5)
    assert part is not None
    assert part.entries[0].facts["text"] == text
