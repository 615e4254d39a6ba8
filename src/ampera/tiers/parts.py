"""Puts the worker of one server together: its link, its printer, its bulk bytes."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.upward import upward_link
from ampera.tiers.worker import Worker
from ampera.words.office import Tier


def make_worker(folder: ServerFolder, *, server: ServerFile) -> Worker:
    """The worker of the server whose house is open in this process."""
    from ampera.tiers.bulk import Bulk

    link = upward_link(folder, server=server)
    worker = Worker(link=link, bulk_step=Bulk(link, folder=folder).step)
    if "delivery" in settings.STATIONS and server.office.tier is not Tier.PUSAT:
        worker.more_steps.append(_delete_packets_of_cards_in_hands)
    if server.printer and "printing" in settings.STATIONS:
        _add_printer(worker, server=server)
    return worker


def _delete_packets_of_cards_in_hands() -> None:
    from ampera.delivery.actions import delete_print_packets
    from ampera.tiers.print_packets import PacketsHere

    delete_print_packets(PacketsHere())


def _add_printer(worker: Worker, *, server: ServerFile) -> None:
    from ampera.devices.ipp.client import IppPrinter
    from ampera.printing.actions import step_printer
    from ampera.printing.queries import attempts_on, run_on
    from ampera.tiers.rendering import render

    address = urlsplit(server.printer)
    port = IppPrinter(
        host=address.hostname or "127.0.0.1", port=address.port or 631, path=address.path
    )
    name = server.printer_name
    worker.print_step = lambda: step_printer(name, port=port, render=render)
    worker.is_printing = lambda: bool(run_on(name) or attempts_on(name))
