"""A kecamatan of its own process for a phone: real pages on a real port, one bundle carried.

Run as a module it is that server; the class starts it and asks it what its books say.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, Final, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.tiers.running import wait_until

_ROOT: Final = Path(__file__).resolve().parents[2]
_CARDS: Final = 5


class LurahOffice:
    """The running server: `with LurahOffice(folder) as office: office.url`."""

    password = "kata-sandi-contoh"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.cards: list[str] = []

    def __enter__(self) -> Self:
        self._said = (self.folder / "said.txt").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(self.folder), str(self.port)],
            cwd=_ROOT,
            env={**os.environ, "AMPERA_DATA": str(self.folder), "AMPERA_OFFICE": "16.71.02"}
            | {"AMPERA_DEMO": "1", "DJANGO_SETTINGS_MODULE": "ampera.tiers.settings"},
            stdout=self._said,
            stderr=subprocess.STDOUT,
        )
        wait_until(self._is_up, seconds_max=120)
        self.cards = self.ask("cards")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        self._said.close()

    def _is_up(self) -> bool:
        told = (self.folder / "said.txt").read_text()
        assert self._process.poll() is None, told
        try:
            return bool(self.ask("cards"))
        except OSError:
            return False

    def ask(self, what: str, card: str = "-") -> Any:
        """What the books say: `cards`, `handed`, `entries`, `conflicts`, or do `take_back`."""
        with urllib.request.urlopen(f"{self.url}/__ask/{what}/{card}", timeout=20) as answer:
            return json.load(answer)


class _Quiet(WSGIRequestHandler):
    timeout = 20

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main(folder: Path, port: int) -> None:
    """Build the office, put its database into a file, and answer until somebody ends it."""
    import django

    django.setup()
    from tests.houses import Offices

    with Offices() as offices:
        cards, officer = _build(offices)
        with offices.at("16.71.02") as house:
            from django.db import connection

            kept = sqlite3.connect(folder / "ampera.sqlite3")
            connection.connection.backup(kept)
            kept.close()
    from ampera.journal.house import open_house

    open_house(house)
    from django.core.wsgi import get_wsgi_application

    pages = get_wsgi_application()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith("/__ask/"):
            return pages(environ, start)
        _, _, what, card = path.split("/")
        told = json.dumps(_books(what, card, cards, officer)).encode()
        start("200 OK", [("Content-Type", "application/json")])
        return [told]

    with make_server("127.0.0.1", port, answer, _Server, _Quiet) as server:
        server.serve_forever()


def _build(offices: Any) -> tuple[list[str], str]:
    """A city with finished cards in the hand of a lurah who has an account."""
    from ampera.delivery.actions import Carrier, seal_bundle, send_bundle
    from ampera.journal.actions import Command
    from ampera.words import Refusal
    from tests.api.city import SU1, City
    from tests.screens.carriers import appoint_lurah, finish_cards

    city = City(offices)
    lurah = appoint_lurah(city)
    groups = finish_cards(city, _CARDS)
    with offices.at(SU1):
        loket = city.officer(SU1, "loket")
        for kelurahan, cards in groups:
            sealed = seal_bundle(
                Command(f"cmd_seal_{kelurahan}", loket), kelurahan=kelurahan, cards=cards
            )
            assert not isinstance(sealed, Refusal), sealed
            sent = send_bundle(
                Command(f"cmd_send_{kelurahan}", loket),
                bundle=sealed["bundle"],
                carrier=Carrier(to="LURAH", officer=lurah),
            )
            assert not isinstance(sent, Refusal), sent
    return [card for _, cards in groups for card in cards], loket


def _books(  # positional: one question
    what: str, card: str, cards: list[str], officer: str
) -> Any:
    from ampera.delivery.actions import take_back
    from ampera.delivery.queries import card_held, conflicts, handed_over
    from ampera.journal.actions import Command
    from ampera.journal.queries import entries_about

    if what == "handed":
        return [each for each in cards if handed_over(each) is not None]
    if what == "conflicts":
        return [each.card for each in conflicts()]
    if what == "entries":
        kinds = ("card.handed_over/1", "card.undelivered/1")
        found = [each for each in entries_about(cards) if each.kind in kinds]
        return [{**each.facts, **(each.body or {})} for each in found]
    if what == "take_back":
        held = card_held(card)
        assert held is not None
        command = Command(f"cmd_back_{card}", officer)
        return take_back(command, bundle=held.bundle, cards={card: "NOT_HOME"})
    return cards


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
