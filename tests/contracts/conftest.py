"""A kecamatan that sends and a dinas that receives: on either database, over either link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import pytest
from django.db import connections

from ampera.journal.house import House, acting_in
from ampera.journal.incarnations import register_incarnation
from ampera.journal.keys import ServerKey
from ampera.journal.second_log import MemorySecondLog
from ampera.sync.answering import handle
from ampera.sync.http import HttpLink
from ampera.sync.link import Link, LocalLink
from ampera.sync.protocol.messages import Speaker
from ampera.words import OfficeCode, SeededIds
from tests.contracts.post_server import served
from tests.houses import as_default
from tests.sync.province import Province

KEC, DINAS = "16.71.02", "16.71"
KEY_OF_DINAS = ServerKey.from_seed(b"the dinas of the contract suite.")


@dataclass
class Pair:
    """The two servers, and the link from the lower to the upper one."""

    offices: Province
    receiver: House
    link: Link

    @property
    def speaker(self) -> Speaker:
        return Speaker(OfficeCode(KEC), 1)

    @property
    def key(self) -> ServerKey:
        return self.offices._houses[KEC].key

    def sending(self):
        """Act as the kecamatan."""
        return self.offices.at(KEC)

    def another_link(self, **changed) -> HttpLink:
        """A link of its own to the same server, perhaps with another name or key."""
        assert isinstance(self.link, HttpLink)
        told = {"addressee": self.receiver.code, "speaker": self.speaker, "key": self.key}
        return HttpLink(self.link.address, **{**told, **changed})

    @contextmanager
    def receiving(self) -> Iterator[House]:
        """Act as the dinas: over HTTP this is another connection than the server's own."""
        with acting_in(self.receiver):
            yield self.receiver


def make_receiver(offices: Province) -> House:
    """The dinas on the default database: it knows its own key and the kecamatan's."""
    receiver = House(
        code=OfficeCode(DINAS),
        incarnation=1,
        key=KEY_OF_DINAS,
        clock=offices.clock,
        ids=SeededIds(offices.clock, Random(7)),
        registry=offices.registry,
        second_log=MemorySecondLog(),
        is_demo=True,
    )
    introduce(offices)
    return receiver


def introduce(offices: Province) -> None:
    """Both know both keys, as after a join."""
    keys = {KEC: offices._houses[KEC].key, DINAS: KEY_OF_DINAS}
    for code, key in keys.items():
        register_incarnation(OfficeCode(code), number=1, public_key=key.public_hex)
    with offices.at(KEC):
        for code, key in keys.items():
            register_incarnation(OfficeCode(code), number=1, public_key=key.public_hex)


@contextmanager
def local_link(offices: Province, receiver: House) -> Iterator[Link]:
    database = connections["default"]

    def serve(question):
        with as_default(database), acting_in(receiver):
            return handle(question, speaker=Speaker(OfficeCode(KEC), 1))

    yield LocalLink(serve)


@contextmanager
def http_link(offices: Province, receiver: House) -> Iterator[Link]:
    with served(receiver) as address:
        link = HttpLink(
            address,
            addressee=receiver.code,
            speaker=Speaker(OfficeCode(KEC), 1),
            key=offices._houses[KEC].key,
        )
        yield link
        link.close()


#: Each promise on each database and over each link; both links on PostgreSQL would only cost time,
#: and what is judged there over HTTP (two requests at once) asks for `wired`.
COMBINATIONS = [
    pytest.param((local_link, "sqlite_database"), id="in-process-sqlite"),
    pytest.param(
        (local_link, "postgres_database"), id="in-process-postgres", marks=pytest.mark.postgres
    ),
    pytest.param((http_link, "sqlite_database"), id="http-sqlite"),
]


@pytest.fixture(params=COMBINATIONS)
def pair(request) -> Iterator[Pair]:
    """Both ends, on each database, over each link."""
    make_link, database = request.param
    request.getfixturevalue(database)
    with Province(KEC) as offices:
        receiver = make_receiver(offices)
        with make_link(offices, receiver) as link:
            yield Pair(offices, receiver, link)


@pytest.fixture
def wired(django_database) -> Iterator[Pair]:
    """Both ends over real HTTP, on each database: for what happens at the same time."""
    with Province(KEC) as offices:
        receiver = make_receiver(offices)
        with http_link(offices, receiver) as link:
            yield Pair(offices, receiver, link)


@pytest.fixture
def line(sqlite_database) -> Iterator[Pair]:
    """Both ends over real HTTP on SQLite: for what the link itself has to refuse."""
    with Province(KEC) as offices:
        receiver = make_receiver(offices)
        with http_link(offices, receiver) as link:
            yield Pair(offices, receiver, link)
