"""The dinas of the contract suite as a WSGI application, for a real server process that is killed.

Told by the environment: AMPERA_DATA is its folder, with the database in it; AMPERA_TEST_KEY the
public key of the kecamatan that may speak.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import django
from django.conf import settings


def _application():
    settings.ROOT_URLCONF = "ampera.api.post_urls"
    settings.MIDDLEWARE = []
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    django.setup()
    from django.core.handlers.wsgi import WSGIHandler

    from ampera.journal.house import House, open_house
    from ampera.journal.keys import ServerKey
    from ampera.journal.registry import Registry
    from ampera.journal.second_log import FileSecondLog
    from ampera.words import FixedClock, OfficeCode, SeededIds
    from tests.houses import START
    from tests.sync.province import teach

    registry, clock = Registry(), FixedClock(START)
    teach(registry)
    open_house(
        House(
            code=OfficeCode("16.71"),
            incarnation=1,
            key=ServerKey.from_seed(b"the dinas of the contract suite."),
            clock=clock,
            ids=SeededIds(clock, Random(7)),
            registry=registry,
            second_log=FileSecondLog(Path(os.environ["AMPERA_DATA"]) / "second.log"),
        )
    )
    return WSGIHandler()


app = _application()
