"""A counter's day at a server that runs beside: `python -m tests.tiers.counter_day DATA CODE`.

Acts as the officers of a kecamatan through the stations' own actions, on the very database that the
running server's worker ticks on; everything between is done by the servers themselves.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ampera.tiers.city_clock import CityClock, read_anchor
from ampera.tiers.folder import ServerFolder
from ampera.tiers.opening import open_server

SECONDS_MAX = 120.0


def main(data: Path, code: str) -> dict[str, Any]:
    """One first card from the request to the hand."""
    server = open_server(
        ServerFolder(data / code), clock=CityClock(read_anchor(data / "clock.json"))
    )
    from ampera.delivery.actions import hand_over
    from ampera.printing.actions import check_card, start_run
    from ampera.printing.queries import cards_to_check
    from ampera.tiers.print_packets import packet_of

    cetak = _officer("cetak")
    permit, seconds = up_to_a_permit(code, nik=_nik_without_card())
    _done(start_run(_command(cetak), printer=server.printer_name, cards=1))
    seconds["printed"] = _wait(cards_to_check)
    (card,) = cards_to_check()
    write_chip(card)
    _done(check_card(_command(cetak), card=card.card, result="READY"))
    _done(hand_over(_command(_officer("loket")), card=card.card))
    seconds["deleted"] = _wait(lambda: packet_of(permit) is None)
    return {"seconds": seconds, "serial": card.serial}


def up_to_a_permit(code: str, *, nik: Any) -> tuple[Any, dict[str, float]]:
    """Take, complete and record, until permit and print packet lie here; how long each took."""
    from ampera.enrolment.actions import capture
    from ampera.enrolment.queries import printed_fields
    from ampera.intake.actions import complete_request, take_request
    from ampera.intake.queries import facts_of, resident_facts
    from ampera.intake.rules.papers import papers_required
    from ampera.readiness.queries import open_permits
    from ampera.register.queries import Purpose, local_day, resident_for
    from ampera.screens.counter.sample_images import sample_images
    from ampera.tiers.print_packets import packet_of
    from ampera.words.reason import Reason

    loket = _officer("loket")
    resident = resident_for(loket, nik, purpose=Purpose.COUNTER)
    taken = _done(
        take_request(
            _command(loket),
            resident_facts=resident_facts(resident),
            reason=Reason.NEW,
            papers=papers_required(Reason.NEW, on=local_day()).required,
        )
    )
    request = taken["request"]
    _done(complete_request(_command(loket), request=request))
    seconds = {"confirmed": _wait(lambda: facts_of(request).is_confirmed)}
    _done(
        capture(
            _command(loket),
            request=request,
            images=sample_images(resident),
            printed=printed_fields(resident),
        )
    )
    seconds["permit"] = _wait(lambda: open_permits(code))
    (permit,) = open_permits(code)
    seconds["packet"] = _wait(lambda: packet_of(permit))
    return permit, seconds


def _nik_without_card() -> Any:
    from ampera.register.models import Resident
    from ampera.words.nik import Nik

    row = Resident.objects.filter(has_legacy_card=False, born__lt="1995-01-01").order_by("nik")[0]
    return Nik(row.nik)


def _officer(login: str) -> Any:
    from ampera.journal.house import house
    from ampera.register.queries import officer_in_force, officers_of

    (found,) = (each for each in officers_of(house().code) if each.login == login)
    return officer_in_force(found.id)


def _command(officer: Any) -> Any:
    from ampera.journal.actions import Command
    from ampera.journal.house import house

    return Command(id=house().ids.new("cmd"), officer=officer.id)


def write_chip(card: Any) -> None:
    """Where the office has a reader: lay the card on it and have its chip written."""
    from ampera.printing.actions import personalise_card
    from ampera.printing.ports import encoder_here
    from ampera.tiers.chips import compose

    encoder: Any = encoder_here()
    if encoder is None:
        return
    encoder.reader.put(card.serial)
    told = _done(
        personalise_card(
            _command(_officer("cetak")), attempt=card.attempt, encoder=encoder, compose=compose
        )
    )
    assert told["outcome"] == "WRITTEN", told


def _done(answer: Any) -> Any:
    from ampera.words.refusal import Refusal

    assert not isinstance(answer, Refusal), answer
    return answer


def _wait(is_so: Callable[[], object]) -> float:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < SECONDS_MAX, "the servers did not get on with it"
        time.sleep(0.2)
    return round(time.monotonic() - began, 1)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
