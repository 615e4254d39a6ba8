"""Commands: once, whole, and the same answer for the same id."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from ampera.journal.actions import Command, Pen, perform, react, record_look
from ampera.journal.house import house
from ampera.journal.models import EntryRow, Mark
from ampera.journal.queries import chains
from ampera.words import OfficeCode, Refusal


def note(command: Command, text: str, *, subject: str = "req_1", body=None):
    def work(pen: Pen):
        if text == "":
            return Refusal("nik.serial_zero")
        pen.write("test.noted/1", subject=subject, facts={"text": text}, body=body)
        return {"said": text}

    return perform(command, work, content={"text": text, "subject": subject})


def written() -> list[tuple[str, int]]:
    return list(EntryRow.objects.order_by("id").values_list("chain", "seq"))


def test_a_command_appends_projects_and_answers(offices) -> None:
    with offices.at("16.71.02"):
        assert note(Command("cmd_1", "off_1"), "hello") == {"said": "hello"}
        assert written() == [("16.71.02/up@1", 1)]
        assert Mark.objects.get(pk="req_1").value == "hello"


def test_asked_twice_it_happens_once_and_answers_the_same(offices) -> None:
    with offices.at("16.71.02"):
        first = note(Command("cmd_1", "off_1"), "hello")
        assert note(Command("cmd_1", "off_1"), "hello") == first
        assert len(written()) == 1


def test_an_id_is_not_used_for_something_else(offices) -> None:
    with offices.at("16.71.02"):
        note(Command("cmd_1", "off_1"), "hello")
        assert note(Command("cmd_1", "off_1"), "other") == Refusal("command.id_reused")
        # Nor by somebody else.
        assert note(Command("cmd_1", "off_2"), "hello") == Refusal("command.id_reused")
        assert len(written()) == 1


def test_a_refused_command_leaves_nothing_and_may_be_given_again(offices) -> None:
    with offices.at("16.71.02"):
        assert note(Command("cmd_1"), "") == Refusal("nik.serial_zero")
        assert written() == []
        assert chains() == []
        assert note(Command("cmd_1"), "now it goes") == {"said": "now it goes"}


def test_a_refusal_after_a_write_undoes_the_write(offices) -> None:
    def work(pen: Pen):
        pen.write("test.noted/1", subject="req_1", facts={"text": "a"})
        return Refusal("nik.serial_zero")

    with offices.at("16.71.02"):
        assert perform(Command("cmd_1"), work, content={}) == Refusal("nik.serial_zero")
        assert written() == []
        assert not Mark.objects.exists()


def test_a_defect_undoes_everything_and_is_not_hidden(offices) -> None:
    def work(pen: Pen):
        pen.write("test.noted/1", subject="req_1", facts={"text": "a"})
        raise RuntimeError("a defect")

    with offices.at("16.71.02"):
        with pytest.raises(RuntimeError, match="a defect"):
            perform(Command("cmd_1"), work, content={})
        assert written() == []


def test_a_command_inside_a_command_is_a_defect(offices) -> None:
    def work(pen: Pen):
        return note(Command("cmd_2"), "inner") or {}

    with offices.at("16.71.02"), pytest.raises(AssertionError, match="inside a command"):
        perform(Command("cmd_1"), work, content={})


def test_a_lost_race_is_decided_anew_from_what_is_there_now(offices) -> None:
    tries = []

    def work(pen: Pen):
        tries.append(1)
        if len(tries) == 1:
            raise IntegrityError("somebody was quicker")
        return {"try": len(tries)}

    with offices.at("16.71.02"):
        assert perform(Command("cmd_1"), work, content={}) == {"try": 2}


def test_what_the_authority_table_does_not_allow_cannot_be_written(offices) -> None:
    def decide(pen: Pen):
        pen.write("dedup.decided/1", subject="enr_1", facts={}, to=OfficeCode("16.71.02"))
        return {}

    with offices.at("16.71.02"), pytest.raises(AssertionError, match="may not write"):
        perform(Command("cmd_1"), decide, content={})


def test_a_retelling_must_name_its_original(offices) -> None:
    def tell(pen: Pen):
        pen.write("test.told/1", subject="enr_1", facts={"text": "x"}, to=OfficeCode("16.71.02"))
        return {}

    with offices.at("16.71"), pytest.raises(AssertionError, match="another form"):
        perform(Command("cmd_1"), tell, content={})


def test_time_in_a_chain_never_runs_back(offices) -> None:
    with offices.at("16.71.02"):
        note(Command("cmd_1"), "a")
        offices.clock.move(timedelta(hours=-3))
        note(Command("cmd_2"), "b")
        times = list(EntryRow.objects.order_by("seq").values_list("at", flat=True))
        assert times[0] <= times[1]
        assert house().is_clock_doubtful


def test_a_small_step_back_is_no_doubt(offices) -> None:
    with offices.at("16.71.02"):
        note(Command("cmd_1"), "a")
        offices.clock.move(timedelta(seconds=-90))
        assert not house().is_clock_doubtful


def test_a_body_lies_beside_its_entry_under_a_salt(offices) -> None:
    with offices.at("16.71.02"):
        note(Command("cmd_1"), "a", body={"nik": "9901014108859001"})
        row = EntryRow.objects.get()
        assert len(row.salt) == 32
        assert "9901" not in row.facts
        assert "9901" in (row.body or "")


def test_a_look_stands_in_the_audit_chain_with_record_ids_only(offices) -> None:
    with offices.at("16.71.02"):
        record_look(officer="off_1", subjects=["res_1", "res_2"], purpose="counter")
        row = EntryRow.objects.get()
        assert row.chain == "16.71.02/audit@1"
        assert row.officer == "off_1"
        assert row.body is None


def test_a_reaction_happens_once_whatever_is_replayed(offices) -> None:
    done = []

    def pass_on(entry):
        def work(pen: Pen):
            done.append(entry.seq)
            pen.write("test.told/1", subject=entry.subject, facts={"text": "x"},
                      to=OfficeCode("16.71.02"), retells=entry)  # fmt: skip
            return {}

        return perform(Command.reaction(entry, "pass_on"), work, content={"entry": entry.hash})

    offices.registry.add_reactions({("test.told/1", offices._houses["16.71"].tier): pass_on})
    with offices.at("00"):

        def tell(pen: Pen):
            pen.write("test.told/1", subject="enr_1", facts={"text": "x"}, to=OfficeCode("16.71"))
            return {}

        perform(Command("cmd_1"), tell, content={})
    offices.post()
    with offices.at("16.71"):
        EntryRow.objects.filter(chain="00/to/16.71@1").update(must_react=True)  # as after a replay
        assert react() == 1
        assert done == [1]
    with offices.at("16.71.02"):
        assert Mark.objects.get(pk="enr_1").value == "x"
