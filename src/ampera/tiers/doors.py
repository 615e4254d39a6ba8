"""What pages and machines need of things that they may not know: given once a process."""

from __future__ import annotations

import time

from django.conf import settings

from ampera.journal.house import house
from ampera.screens.ports import Hop
from ampera.sync.health import LinkStatus, link_status
from ampera.sync.link import LinkError
from ampera.sync.protocol.messages import Push
from ampera.tiers.chips import compose, hand_at_reader
from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.rendering import picture, render
from ampera.tiers.upward import upward_link


def open_doors(folder: ServerFolder, *, server: ServerFile) -> None:
    """Give screens and api their ports, as far as these parts run here."""
    if settings.HAS_SCREENS:
        from ampera.screens import ports as screens

        screens.open_ports(
            screens.ScreenPorts(
                link=_link_seen,
                test_link=lambda: _test_link(folder, server),
                public_status=_public_status(server),
                card_pdf=render,
                card_picture=picture,
                chip_contents=compose,
                lay_on_reader=hand_at_reader(folder, server=server),
            )
        )
    if settings.HAS_API:
        from ampera.api.v1 import ports as api

        api.open_ports(
            api.ApiPorts(
                card_pdf=render,
                chip_contents=compose,
                lay_on_reader=hand_at_reader(folder, server=server),
            )
        )


def _link_seen() -> LinkStatus | None:
    return link_status() if house().upper is not None else None


def _public_status(server: ServerFile) -> str:
    """Public pages are served at the dinas only, so a kecamatan's receipts name that server."""
    return server.upper if server.office.upper and server.office.upper.upper else ""


def _test_link(folder: ServerFolder, server: ServerFile) -> list[Hop]:
    """Ask the tier above one real, signed question, here and now, and how its own link is."""
    link = upward_link(folder, server=server)
    upper = house().upper
    if link is None or upper is None:
        return []
    began = time.monotonic()
    hops: list[Hop] = []
    try:
        link.ask(Push(at=house().clock.now()))
        took = round((time.monotonic() - began) * 1000)
        hops.append(Hop(server.code, str(upper), is_up=True, milliseconds=took))
        if upper.upper is not None:
            above = link.health().get("link") or {}
            is_up, error = bool(above.get("is_up")), str(above.get("error", ""))
            hops.append(Hop(str(upper), str(upper.upper), is_up=is_up, error=error))
    except LinkError as wrong:
        hops = hops or [Hop(server.code, str(upper), is_up=False, error=wrong.code)]
    return hops
