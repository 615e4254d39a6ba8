"""Making this process act as one server: its settings, its database, its house.

Everything that a web process, a worker and a command need before the first line of their own.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Final

from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.telling import CannotError
from ampera.words.clock import Clock, WallClock
from ampera.words.ids import SystemIds

#: Whose database this is: a server that finds another's refuses to start.
CODE_MARK: Final = "server.code"
SETTINGS: Final = "ampera.tiers.settings"


def become(folder: ServerFolder, server: ServerFile) -> None:  # positional: a folder, its file
    """Give this process the settings of that server, whether Django is set up already or not.

    In a process forked from one that has imported everything the settings module is executed anew,
    and connections that are opened from now on go to the new database.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ["AMPERA_DATA"] = str(folder.path)
    os.environ["AMPERA_OFFICE"] = server.code
    os.environ["AMPERA_DEMO"] = "1" if server.is_demo else "0"
    if folder.secret.exists():
        os.environ["AMPERA_SECRET_KEY_FILE"] = str(folder.secret)

    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
        return
    from django.conf import settings
    from django.db import connections

    fresh = importlib.reload(importlib.import_module(SETTINGS))
    for name in dir(fresh):
        if name.isupper() and getattr(settings, name, None) != getattr(fresh, name):
            setattr(settings, name, getattr(fresh, name))
    connections.close_all()
    connections.settings["default"] = connections.configure_settings(
        {"default": dict(fresh.DATABASES["default"])}
    )["default"]
    connections["default"] = connections.create_connection("default")


def open_server(
    folder: ServerFolder, *, clock: Clock | None = None, is_rejoining: bool = False
) -> ServerFile:
    """Become the server of that folder and open its house. Raises CannotError.

    Needs a database of today's schema that belongs to this server, and an incarnation: a server
    that was not admitted by the tier above opens no house. A database that was restored, however
    it was made, is opened for `ampera rejoin` only.
    """
    server = folder.read()
    if server.incarnation == 0:
        raise CannotError(
            f"Server {server.code} belum digabungkan. Minta kode, lalu: ampera join --data"
            f" {folder.path} --upper ALAMAT --code KODE",
            f"Server {server.code} has not joined. Ask for a code, then: ampera join --data"
            f" {folder.path} --upper ADDRESS --code CODE",
        )
    become(folder, server)
    refuse_other_database(server)
    _open_house(folder, server=server, clock=clock or WallClock())
    if not is_rejoining:
        from ampera.tiers.restored import refuse_restored

        refuse_restored(folder, server=server)
        _refuse_without_key(folder)
    return server


def _refuse_without_key(folder: ServerFolder) -> None:
    if not folder.key.exists():
        raise CannotError(
            f"Kunci {folder.key} tidak ada; tidak ada cadangan yang memuatnya. Minta kode baru,"
            f" lalu: ampera rejoin --data {folder.path} --code KODE",
            f"The key {folder.key} is gone, and no backup holds it. Ask for a new code, then:"
            f" ampera rejoin --data {folder.path} --code CODE",
        )


def _open_house(folder: ServerFolder, *, server: ServerFile, clock: Clock) -> None:
    from django.conf import settings

    from ampera.journal.house import House, open_house
    from ampera.journal.keys import ServerKey
    from ampera.journal.queries import chains
    from ampera.journal.second_log import FileSecondLog
    from ampera.tiers.chips import open_encoder_of
    from ampera.tiers.packet_room import open_packet_room
    from ampera.tiers.suket_keys import open_suket_keys
    from ampera.tiers.wiring import make_registry

    here = House(
        code=server.office,
        incarnation=server.incarnation,
        # On another machine after a restore there is none; what is drawn here signs nothing, for
        # only `ampera rejoin` goes on, and the new life brings its own.
        key=ServerKey.load(folder.key) if folder.key.exists() else ServerKey.make(),
        clock=clock,
        ids=SystemIds(clock),
        registry=make_registry(),
        second_log=FileSecondLog(folder.second_log),
        is_demo=server.is_demo,
    )
    for chain in chains():
        # Now is never before what was written or heard, whatever the clock says after a start.
        if chain.at is not None and (chain.is_own or chain.name.origin == here.upper):
            here.heard(chain.at)
    open_house(here)
    open_packet_room(folder, server=server)
    if "printing" in settings.STATIONS:
        open_encoder_of(folder, server=server)
    if "suket" in settings.STATIONS:
        open_suket_keys(folder, server=server)


def refuse_other_database(server: ServerFile) -> None:
    """Raises CannotError when the database is not reachable, old, or another server's."""
    from django.core.checks import Error

    from ampera.tiers import checks

    # Ours only: Django's own look at code, which the tests have done, and cost half a second.
    looked = [*checks.about_settings(), *checks.about_database(server.code)]
    found = [each for each in looked if isinstance(each, Error)]
    if found:
        raise CannotError(
            "Server tidak dapat mulai: " + "; ".join(f"{each.id} {each.hint}" for each in found),
            "The server cannot start: " + "; ".join(f"{each.id} {each.msg}" for each in found),
        )


def folder_of(data: str) -> ServerFolder:
    """The folder that `--data` names."""
    return ServerFolder(Path(data))
