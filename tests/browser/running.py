"""A city for a browser: the ports of its own, and a clock quick enough to watch a whole card."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Final

from tests.tiers.running import RunningCity, _is_free, ampera

SU1, IT2, DINAS = "16.71.02", "16.71.06", "16.71"
#: City seconds in a wall second: a card of 180 seconds takes less than a third of one.
SPEED: Final = 600
#: A name of this machine that no browser takes for itself: a page from there over http is one over
#: the network without https.
PLAIN_HOST: Final = "disdukcapil.test"
_OFFSETS: Final = (0, 2, 6, 50, 90, 100, 102, 106)


class BrowserCity(RunningCity):
    """pusat, dinas and two kecamatan, and nobody in them but those whom a test sends."""

    def __init__(
        self, data: Path, *more: str, offices: str = f"{SU1},{IT2}", speed: int = SPEED
    ) -> None:
        """`more`: further words for `ampera up`; no offices: all of them."""
        self.data = data
        self.base = _free_base_port()
        self.process = ampera(
            *("up", "--data", str(data), "--base-port", str(self.base)),
            *("--offices", offices, "--speed", str(speed), "--no-activity"),
            *more,
            env={"AMPERA_HOSTS": f"127.0.0.1,localhost,{PLAIN_HOST}"},
        )
        self.said = ""

    def password(self, code: str, login: str) -> str:
        """As it was printed beside the login when the city was built."""
        officers: list[dict[str, Any]] = self.server(code)["officers"]
        return next(str(each["password"]) for each in officers if each["login"] == login)


def _free_base_port() -> int:
    for _ in range(200):
        base = random.randrange(30_000, 60_000)
        if all(_is_free(base + offset) for offset in _OFFSETS):
            return base
    raise AssertionError("no free ports")
