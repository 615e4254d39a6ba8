"""A lurah with an account, and finished cards of one kelurahan at the counter of Seberang Ulu I."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ampera.delivery.queries import kelurahan_of_cards, ready_cards
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.printing.actions import check_card, end_attempt, open_attempt
from ampera.readiness.queries import open_permits
from ampera.register.actions import Holder, grant_officer, set_password
from ampera.register.queries import local_day
from ampera.words import OfficeCode, Refusal
from tests.api.city import DINAS, PASSWORD, SU1, City


def appoint_lurah(city: City, login: str = "lurah") -> str:
    """The dinas gives rights to a lurah of this kecamatan; the officer's id."""
    with city.offices.at(DINAS):
        done = grant_officer(
            Command(id=house().ids.new("cmd")),
            office=OfficeCode(SU1),
            login=login,
            holder=Holder(f"{login.title()} Satu Ulu (CONTOH)"),
            roles=["lurah"],
            until=local_day() + timedelta(days=80),
        )
        assert not isinstance(done, Refusal), done
    city.offices.post()
    with city.offices.at(SU1):
        officer = city.officer(SU1, login)
        assert set_password(officer, password=PASSWORD) is None
    return officer


def finish_cards(city: City, count: int = 3) -> list[tuple[str, list[str]]]:
    """So many checked cards, by kelurahan, where most live first."""
    for _ in range(count):
        city.ready_record(city.person())
    cetak = _officer(city, "cetak")
    with city.offices.at(SU1):
        for number, permit in enumerate(open_permits(SU1)):
            opened = open_attempt(cetak(), permit=permit.permit, printer=f"p-{number}")
            assert not isinstance(opened, Refusal), opened
            ended = end_attempt(
                Command(id=house().ids.new("cmd")), attempt=opened["attempt"], outcome="PRINTED",
                cause="completed",
            )  # fmt: skip
            assert not isinstance(ended, Refusal), ended
            said = check_card(cetak(), card=permit.card, result="READY")
            assert not isinstance(said, Refusal), said
        cards = ready_cards()
        areas = kelurahan_of_cards(cards)
        groups: dict[str, list[str]] = {}
        for each in cards:
            groups.setdefault(areas[each.card], []).append(each.card)
    return sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _officer(city: City, login: str) -> Any:
    with city.offices.at(SU1):
        officer = city.officer(SU1, login)
    return lambda: Command(id=house().ids.new("cmd"), officer=officer)


def lurah_signs() -> dict[str, str]:
    """The lurah's part of a form."""
    return {"second_login": "lurah", "second_password": PASSWORD}
