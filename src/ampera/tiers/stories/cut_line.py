"""The line is down: a kecamatan goes on with all that its authority allows (S6)."""

from __future__ import annotations

from typing import Any, Final

from ampera.tiers.stories.client import City
from ampera.tiers.stories.steps import Case, wait_sent
from ampera.tiers.stories.telling import Teller

ABOUT: Final = "jalur putus: kecamatan tetap mencetak dan menerima / the line is down"
PERMITS: Final = 2


def play(city: City, teller: Teller) -> None:  # positional: the stage and who tells it
    """It prints the permits that it holds and takes requests; after healing both sides agree."""
    office = city.office("16.71.15", "16.71.02")
    ready = [Case(city, teller, office) for _ in range(PERMITS)]
    for case in ready:
        case.find_and_take(office)
        case.complete()
    for case in ready:
        case.wait_confirmed()
        case.record()
    for case in ready:
        case.wait_permit()
        case.wait_packet()
    city.control("cut", link=office)
    teller.step("jalur diputus", link=office)
    try:
        for case in ready:
            case.print_card()
            case.check()
            case.hand_over()
        late = Case(city, teller, office)
        late.find_and_take(office)
        late.complete()
        unsent = case.desk("loket").get("health")["unsent"]
        teller.check(
            unsent > 0 and late.seen()["reach"] == "LOCAL" and not _known(city, late),
            what="semua tersimpan di kecamatan dan belum diketahui Disdukcapil",
            unsent=unsent,
            reach=late.seen()["reach"],
        )
    finally:
        city.control("heal", link=office)
        teller.step("jalur disambung", link=office)
    wait_sent(city, office, teller=teller)
    for case in ready:
        teller.check(
            _card_at_dinas(city, case) == "VALID",
            what="Disdukcapil tahu kartu ini sudah diserahkan",
            card=case.card,
        )
    late.wait_confirmed()
    wait_sent(city, office, teller=teller)
    _compare(city, teller, office)


def _known(city: City, case: Case) -> bool:
    listed = city.desk(city.dinas, login="verifikator").get("requests")
    return any(each["id"] == case.request for each in listed)


def _card_at_dinas(city: City, case: Case) -> str:
    return str(city.desk(city.dinas, login="cetak").get(f"cards/{case.card}")["state"])


def _compare(city: City, teller: Teller, office: str) -> None:
    """The own chains of the office, by place and hash, at both servers."""

    def agreed() -> dict[str, Any] | None:
        here = city.desk(office, login="kepala").get("chains")
        there = city.desk(city.dinas, login="kepala").get("chains")
        above = {each["chain"]: (each["seq"], each["hash"]) for each in there}
        own = {each["chain"]: (each["seq"], each["hash"]) for each in here if each["is_own"]}
        is_same = all(above.get(name) == place for name, place in own.items())
        return {name: seq for name, (seq, _) in own.items()} if own and is_same else None

    same = teller.wait("both servers hold the same chains", until=agreed)
    teller.step("kedua server memegang rantai yang sama", chains=same)
