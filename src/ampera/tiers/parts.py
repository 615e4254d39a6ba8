"""Puts the worker of one server together: its link, its printer, its bulk bytes."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from ampera.sync.courier import LIMITS
from ampera.sync.protocol.state import Limits
from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.telling import cannot
from ampera.tiers.upward import upward_link
from ampera.tiers.worker import Worker
from ampera.words.office import Tier
from ampera.words.refusal import Refusal


def make_worker(folder: ServerFolder, *, server: ServerFile) -> Worker:
    """The worker of the server whose house is open in this process."""
    from ampera.tiers.bulk import Bulk

    link = upward_link(folder, server=server)
    worker = Worker(link=link, bulk_step=Bulk(link, folder=folder).step, limits=_limits())
    if "delivery" in settings.STATIONS and server.office.tier is not Tier.PUSAT:
        worker.more_steps.append(_delete_packets_of_cards_in_hands)
        _add_messages(worker)
    if "planning" in settings.STATIONS and server.office.tier is Tier.DINAS:
        from ampera.tiers.calculating import Calculating

        worker.more_steps.append(Calculating().step)
    if server.printer and "printing" in settings.STATIONS:
        _add_printer(worker, server=server)
    return worker


def _limits() -> Limits:
    """Who ticks faster asks more often for the answer to news, for as long as anybody; who waits
    for none asks as rarely as ever."""
    parts = max(1, round(1 / float(settings.TICK_SECONDS)))
    fresh = tuple(each / parts for each in LIMITS.fresh_seconds for _ in range(parts))
    more = len(fresh) - len(LIMITS.fresh_seconds)
    return replace(LIMITS, fresh_seconds=fresh, quiet_contacts=LIMITS.quiet_contacts + more)


def _add_messages(worker: Worker) -> None:
    """Messages to residents, where a setting names a way out."""
    from ampera.delivery.actions.messages import step_messages
    from ampera.devices.messages import make_messenger
    from ampera.words.clock import WallClock

    messenger = make_messenger(settings.MESSAGES, token=settings.MESSAGES_TOKEN)
    if messenger is None:
        return
    wall = WallClock()

    def send_messages() -> None:
        step_messages(messenger, now=wall.now())

    worker.more_steps.append(send_messages)


def _delete_packets_of_cards_in_hands() -> None:
    from ampera.delivery.actions import delete_print_packets
    from ampera.tiers.print_packets import PacketsHere

    delete_print_packets(PacketsHere())


def _add_printer(worker: Worker, *, server: ServerFile) -> None:
    from ampera.devices.drivers import printer_at
    from ampera.printing.actions import step_printer
    from ampera.printing.queries import attempts_on, run_on
    from ampera.tiers.rendering import render

    port = printer_at(server.printer)
    if isinstance(port, Refusal):
        raise cannot(port)
    name = server.printer_name
    worker.print_step = lambda: step_printer(name, port=port, render=render)
    worker.is_printing = lambda: bool(run_on(name) or attempts_on(name))
