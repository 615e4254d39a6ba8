"""Several servers of the city in one process, one after the other: for the first start only.

The running city never does this: there each server is processes of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from ampera.journal.house import House, acting_in
from ampera.journal.keys import ServerKey
from ampera.journal.rebuild import as_default
from ampera.journal.registry import Registry
from ampera.journal.second_log import FileSecondLog
from ampera.sync.answering import handle
from ampera.sync.courier import run_courier
from ampera.sync.joining import answer_join
from ampera.sync.link import LocalLink
from ampera.sync.protocol.messages import Answer, Join, No, Question, Refused, Speaker
from ampera.tiers.city.plan import CityPlan
from ampera.tiers.database import database_settings
from ampera.tiers.packet_room import open_packet_room
from ampera.words.clock import Clock
from ampera.words.ids import SystemIds
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

POST_ROUNDS_MAX = 50


class Builders:
    """The hands that build a city: they act at one server after another."""

    def __init__(self, plan: CityPlan, *, clock: Clock, registry: Registry) -> None:
        self.plan = plan
        self._clock, self._registry = clock, registry
        self._databases: dict[OfficeCode, DatabaseWrapper] = {}
        self._houses: dict[OfficeCode, House] = {}

    @contextmanager
    def database_of(self, code: OfficeCode) -> Iterator[None]:
        """That server's database as Django's, without a house: before it has joined."""
        with as_default(self._database(code)):
            yield

    @contextmanager
    def at(self, code: OfficeCode) -> Iterator[House]:
        """Act as that server."""
        with as_default(self._database(code)):
            here = self._house(code)
            with acting_in(here):
                yield here

    def link_from(self, child: OfficeCode) -> LocalLink:
        """The post from that server to the tier above, within this process."""
        upper = child.upper
        assert upper is not None, "the pusat has nobody above it"

        def serve(question: Question) -> Answer:
            with self.at(upper):
                if isinstance(question, Join):
                    answer = answer_join(question)
                    if isinstance(answer, Refusal):
                        return No(Refused(answer.code, dict(answer.facts)))
                    return answer
                speaker = Speaker(child, self._houses[child].incarnation)
                return handle(question, speaker=speaker)

        return LocalLink(serve)

    def post(self, child: OfficeCode, *, rounds: int = POST_ROUNDS_MAX) -> None:
        """Carry everything between that server and the tier above; a whole city of cases takes more
        rounds than a start without them."""
        link = self.link_from(child)
        for _ in range(rounds):
            with self.at(child):
                if not run_courier(link, now=datetime.now(UTC)).has_more:
                    return

    def close(self) -> None:
        """Let go of all databases, with all that was written in the files themselves."""
        for database in self._databases.values():
            if database.connection is not None:
                database.connection.execute("PRAGMA synchronous=FULL")
                database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
        self._databases.clear()

    def _database(self, code: OfficeCode) -> DatabaseWrapper:
        if code not in self._databases:
            like = connections["default"].settings_dict
            file = self.plan.folder(code).database
            made = DatabaseWrapper({**like, **_quick(database_settings(None, file))}, "default")
            self._databases[code] = made
        return self._databases[code]

    def _house(self, code: OfficeCode) -> House:
        if code not in self._houses:
            folder = self.plan.folder(code)
            server = folder.read()
            self._houses[code] = House(
                code=code,
                incarnation=server.incarnation,
                key=ServerKey.load(folder.key),
                clock=self._clock,
                ids=SystemIds(self._clock),
                registry=self._registry,
                second_log=FileSecondLog(folder.second_log),
                is_demo=True,
            )
            open_packet_room(folder, server=server)
        return self._houses[code]


def _quick(settings: dict[str, object]) -> dict[str, object]:
    """Without waiting for the disk at each commit: a city that is half built is built anew."""
    options = dict(settings["OPTIONS"])  # type: ignore[call-overload]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    return {**settings, "OPTIONS": options}
