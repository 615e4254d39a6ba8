"""Cards that come back, for the tests of withdrawal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from ampera.blanko.actions import reserve_next_in, spoil_in
from ampera.journal.actions import Pen, perform
from ampera.printing.actions import check_card, end_attempt, open_attempt
from ampera.readiness.actions import void_card
from ampera.register.queries import OfficerSeen, officer_in_force
from ampera.withdrawal.actions import finish_batch, open_batch, take_in
from ampera.withdrawal.rules.pieces import Done, Found, How, Witness
from ampera.words import Refusal
from tests.stations.printing_desk import BUDI, DINAS, KEC, PRINTER, SARI, Desk, by

WITNESSES = (Witness(name="SAKSI CONTOH", office="Inspektorat Contoh"),)


def written(kind: str, *, subject: str, **facts: Any):
    """One entry of the acting server, in its own chain."""

    def work(pen: Pen):
        pen.write(kind, subject=subject, facts=facts)
        return {}

    assert perform(by(), work, content={}) == {}


def printed(number: int = 1, *, result: str = "READY") -> str:
    """A card printed and checked at the office that acts."""
    opened = open_attempt(by(), permit=f"prm_{number}", printer=PRINTER)
    assert not isinstance(opened, Refusal), opened
    end_attempt(by(""), attempt=opened["attempt"], outcome="PRINTED", cause="completed")
    said = check_card(by(), card=f"crd_{number}", result=result, witness=BUDI)
    assert not isinstance(said, Refusal), said
    return f"crd_{number}"


def spoiled(number: int = 1, *, cause: str = "failed_print") -> str:
    """A blank that an attempt ruined; gives its serial."""

    def work(pen: Pen):
        blanko = reserve_next_in(pen, attempt=f"att_{number}")
        assert isinstance(blanko, str), blanko
        assert spoil_in(pen, serial=blanko, cause=cause) is None
        return {"serial": blanko}

    answer = perform(by(), work, content={"number": number})
    assert isinstance(answer, dict), answer
    return str(answer["serial"])


def handed(number: int = 1, *, voids: str | None = None, **more: Any) -> str:
    """The card is in its holder's hand; `voids` and `old_card` as the counter said."""
    written(
        "card.handed_over/1",
        subject=f"crd_{number}",
        **{
            "card": f"crd_{number}",
            "permit": f"prm_{number}",
            "resident": f"res_{number}",
            "request": f"req_{number}",
            "to": "HOLDER",
            "verified": "FINGER",
            "voids": voids,
            **more,
        },
    )
    return f"crd_{number}"


def voided(desk: Desk, card: str, *, why: str = "LOST", witness: str = BUDI) -> None:
    """The dinas voids a card, and the post carries it."""
    desk.offices.post()
    with desk.offices.at(DINAS):
        answer = void_card(by(), card=card, why=why, witness=witness)
        assert answer == {"card": card}, answer
    desk.offices.post()


def brought(card: str = "", *, serial: str = "", how: How = How.BROUGHT_IN, **more: str):
    """An officer takes a card in."""
    found = Found(how=how, place=more.pop("place", "lemari 1"), card=card, serial=serial, **more)
    return take_in(by(), found=found)


def batch_of(cause: str, *pieces: str) -> str:
    answer = open_batch(by(), cause=cause, pieces=pieces)
    assert isinstance(answer, dict), answer
    return str(answer["batch"])


def done_with(**changes: Any) -> Done:
    told = {
        "number": "474/12/PMS/2017",
        "place": "Halaman kantor",
        "witnesses": WITNESSES,
        "second": BUDI,
        **changes,
    }
    return Done(**told)


def destroyed(cause: str, *pieces: str) -> str:
    batch = batch_of(cause, *pieces)
    answer = finish_batch(by(), batch=batch, done=done_with())
    assert answer == {"destruction": batch, "total": len(pieces)}, answer
    return batch


@contextmanager
def at_both(desk: Desk):
    """The kecamatan and its dinas, one after the other."""
    for code in (KEC, DINAS):
        with desk.offices.at(code):
            yield code


def an_officer(officer: str = SARI) -> OfficerSeen:
    seen = officer_in_force(officer)
    assert seen is not None
    return seen
