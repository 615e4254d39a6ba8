"""The dinas's server is killed in the middle of a case, twice; nothing is lost or done twice."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

from ampera.tiers.stories.client import City
from ampera.tiers.stories.steps import Case, accounts, wait_sent
from ampera.tiers.stories.telling import StoryError, Teller

ABOUT: Final = "server Disdukcapil dimatikan paksa di tengah jalan / the dinas is killed midway"
VERIFY_SECONDS: Final = 120


def play(city: City, teller: Teller) -> None:  # positional: the stage and who tells it
    """The card ends in its holder's hand, one blanko is spent, and the journals are whole."""
    office = city.office("16.71.02", "16.71.13")
    case = Case(city, teller, office)
    before = accounts(city, office)
    case.find_and_take(office)
    case.complete()
    _kill(city, teller)
    case.wait_confirmed()
    case.record()
    _kill(city, teller)
    case.wait_permit()
    case.print_card()
    case.keep_face()
    case.check()
    case.hand_over()
    case.follow("CARD_ISSUED")
    wait_sent(city, office, teller=teller)
    after = accounts(city, office)
    spent = after.get("issued", 0) - before.get("issued", 0)
    is_whole = after["sum"] == before["sum"] and not after.get("dispute", 0)
    teller.check(
        spent >= 1 and is_whole and after["shelf"] + spent == before["shelf"],
        what="satu blanko terpakai, tidak ada yang hilang",
        issued=spent,
        shelf=after["shelf"],
        sum=after["sum"],
    )
    attempts = case.desk("cetak").get(f"cards/{case.card}")["serials"]
    teller.check(len(attempts) == 1, what="kartu dicetak sekali", serials=len(attempts))
    told = accounts(city, office, at=city.dinas)
    teller.check(told == after, what="buku Disdukcapil sama dengan buku kecamatan", sum=told["sum"])
    _verify(city, teller)


def _kill(city: City, teller: Teller) -> None:
    before = city.state_of(city.dinas)
    city.control("kill", server=city.dinas)

    def is_back() -> Any:
        now = city.state_of(city.dinas)
        return now if now["pid"] and now["pid"] != before["pid"] else None

    back = teller.wait("the supervisor starts the dinas again", until=is_back)
    teller.step("server Disdukcapil dimatikan paksa dan hidup lagi", restarts=back["restarts"])


def _verify(city: City, teller: Teller) -> None:
    """`ampera verify --city`, as an auditor would run it beside the running city."""
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-m", "ampera", "verify", "--city", str(city.file), "--json"],
        capture_output=True,
        check=False,
        timeout=VERIFY_SECONDS * teller.patience,
    )
    try:
        told = json.loads(done.stdout)
        findings, servers = told["findings"], told["servers"]
    except (ValueError, KeyError, TypeError):
        errors = done.stderr.decode(errors="replace")[-400:]
        raise StoryError(f"ampera verify said nothing readable: {errors}") from None
    teller.check(
        done.returncode == 0 and not findings,
        what="ampera verify --city tidak menemukan apa pun",
        servers=len(servers),
        findings=findings,
    )
