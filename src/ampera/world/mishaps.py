"""What befalls a province from outside of its servers' own work: clocks jump, permits are recalled,
hosts change, somebody forges, somebody runs a later release.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import ChainType, Entry, seal
from ampera.journal.house import acting_in
from ampera.journal.queries import chain_seen, part_after, place_known
from ampera.journal.registry import Reaction, Registry, Row
from ampera.printing.queries import open_attempts
from ampera.readiness.actions import recall_permit
from ampera.readiness.queries import open_permits
from ampera.register.actions import describe_office
from ampera.register.queries import office_seen
from ampera.sync.answering import handle
from ampera.sync.protocol.messages import Part, Push, PushAnswer, Speaker
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal
from ampera.world.auditor import Auditor, BrokenPromise
from ampera.world.faults import Chance, Died
from ampera.world.offices import Answer, Errand, OfficeAtWork
from ampera.world.opening import DINAS, GUEST
from ampera.world.servers import Server, acting_as

#: How far a clock jumps, in seconds. More than two hours is healed by the first night.
_JUMPS: Final = (-5400, -600, -90, 90, 600, 5400)
#: A kind that only a later release knows.
NEWER_KIND: Final = "office.greeted/2"


@dataclass(slots=True)
class Mishaps:
    """Draws them once a tick."""

    offices: dict[str, OfficeAtWork]
    auditor: Auditor
    registry: Registry
    #: Offices that have written what they may not: their dinas grants them nothing any more.
    distrusted: set[str] = field(default_factory=set)
    forgeries: int = 0

    def befall(self) -> None:
        """One tick's worth."""
        chance = self.offices[DINAS].ground.chance
        for code in sorted(self.offices):
            at_work = self.offices[code]
            if chance.hits("clock"):
                at_work.server.clock.off = timedelta(seconds=chance.rng.choice(_JUMPS))
                at_work.server.note("@")
            if at_work.is_open and at_work.server.tier is Tier.KECAMATAN and chance.hits("forged"):
                self._forge(at_work.server, chance.rng.choice(_FORGERIES))
            is_kecamatan = at_work.is_open and at_work.server.tier is Tier.KECAMATAN
            if is_kecamatan and chance.hits("rewritten"):
                self._rewrite(at_work)
            if at_work.is_open and chance.hits("newer"):
                self.forgeries += 1
                subject = f"off_greeted{self.forgeries}"
                _write_raw(at_work.server, NEWER_KIND, subject, {"told": "x"})
                at_work.server.note("2")
        dinas = self.offices[DINAS]
        if dinas.is_open and chance.hits("recall"):
            self._recall(dinas)
        if dinas.is_open and chance.hits("host_change"):
            self._change_host(dinas)

    def upgrade(self) -> None:
        """The later release reaches every tier: what was kept is read now."""
        for tier in Tier:
            for chain in (ChainType.UP, ChainType.DOWN):
                row = Row(NEWER_KIND, tier, chain, "KDP")
                self.registry.rows.setdefault((NEWER_KIND, tier, chain), row)

    def _forge(self, server: Server, make: Callable[[Server, int], tuple[str, str, Any]]) -> None:
        """With its own key, in its own chain, well sealed: only its authority is missing."""
        self.forgeries += 1
        kind, subject, facts = make(server, self.forgeries)
        place = _write_raw(server, kind, subject, facts)
        self.auditor.chains.forged.add(place)
        self.auditor.distrusted.add(str(server.code))
        server.note("F")

    def _rewrite(self, at_work: OfficeAtWork) -> None:
        """Offer the dinas another history: the last entries that it knows, told otherwise and
        signed.

        A yes would mean that what was once acknowledged can be changed.
        """
        dinas = self.offices[DINAS].server
        if not self.offices[DINAS].is_open:
            return
        told_otherwise = _other_history(at_work.server, at_work.ground.chance.rng.randint(1, 3))
        if told_otherwise is None:
            return
        speaker = Speaker(at_work.server.code, at_work.server.house.incarnation)
        question = Push(at=at_work.server.clock.now(), parts=(told_otherwise,))
        with at_work.ground.chance.calm(), acting_as(dinas):
            answer = handle(question, speaker=speaker)
        at_work.server.note("W")
        if isinstance(answer, PushAnswer) and told_otherwise.chain not in answer.refused:
            raise BrokenPromise(f"{DINAS} took another history of {told_otherwise.chain} for good")

    def _recall(self, dinas: OfficeAtWork) -> None:
        with acting_as(dinas.server):
            permits = [each.permit for each in open_permits() if not each.is_recalled]
        permits = self._in_print() or permits
        if not permits:
            return
        permit, command = dinas.ground.chance.rng.choice(permits), dinas.command()
        dinas.server.note("R")
        dinas.ask(
            Errand(
                f"recall {permit}",
                lambda: recall_permit(command, permit=permit, why="MOVED_CITY"),
                _noted,
            )
        )

    def _in_print(self) -> list[str]:
        """The permits that are being printed under: a recall of those is the one that races."""
        found = []
        for code in sorted(self.offices):
            with acting_as(self.offices[code].server):
                found += [each.permit for each in open_attempts()]
        return found

    def _change_host(self, dinas: OfficeAtWork) -> None:
        """The kecamatan without a server is served by another one from now on."""
        chance = dinas.ground.chance
        kecamatan = [code for code in sorted(self.offices) if OfficeCode(code).upper is not None]
        host = chance.rng.choice([code for code in kecamatan if code != DINAS])
        command = dinas.command()
        with acting_as(dinas.server):
            guest = office_seen(OfficeCode(GUEST))
        assert guest is not None, "it was described on the first day"
        dinas.ask(
            Errand(
                "host",
                lambda: describe_office(
                    command,
                    office=guest.code,
                    name=guest.name,
                    hosted_by=OfficeCode(host),
                    capabilities=(),
                    prints_from=None,
                ),
                _noted,
            )
        )


def _write_raw(server: Server, kind: str, subject: str, facts: Any) -> tuple[str, int]:
    """Append an entry past all rules, as another program with this server's key could: it may write
    everything and projects nothing. Nothing fails while it does."""
    chance, server.database.chance = server.database.chance, None
    stick_chance, server.stick.chance = server.stick.chance, None
    row = Row(kind, server.tier, ChainType.UP, "")
    program = Registry(rows={(kind, server.tier, ChainType.UP): row})
    places: list[tuple[str, int]] = []

    def work(pen: Pen) -> Answer:
        entry = pen.write(kind, subject=subject, facts=facts)
        places.append((str(entry.chain), entry.seq))
        return {}

    try:
        with acting_as(server), acting_in(replace(server.house, registry=program)):
            perform(Command(id=f"cmd_raw_{server.code}_{subject}"), work, content={})
    finally:
        server.database.chance, server.stick.chance = chance, stick_chance
    return places[0]


def _other_history(server: Server, count: int) -> Part | None:
    """The last entries that the tier above has acknowledged, with other facts, sealed anew."""
    with acting_as(server) as here:
        name = here.chain("up")
        seen = chain_seen(name)
        known = seen.above_seq if seen is not None else 0
        start = max(0, known - count)
        part = part_after(name, start, most=known - start) if known else None
        before = place_known(name, start)
        if part is None or before is None or part.entries[-1].seq > known:
            return None
        after, entries = (before.seq, before.hash), []
        for entry in part.entries:
            made = seal(
                after=after,
                chain=name,
                about=(entry.kind, entry.subject),
                by=(entry.officer, entry.command_id),
                at=entry.at,
                content=({**entry.facts, "told": "otherwise"}, "", None),
            )
            after = (made.seq, made.hash)
            entries.append(made)
        return Part(name, tuple(entries), (here.key.sign_head(name, *after),))


def _forged_permit(server: Server, number: int) -> tuple[str, str, Any]:
    permit = f"prm_forged{number}"
    facts = {"permit": permit, "card": f"crd_forged{number}", "resident": "res_x"}
    more = {"request": "req_x", "version": "v", "replaces": None, "print_until": "2017-12-31"}
    return "permit.granted/1", permit, {**facts, **more, "office": str(server.code)}


def _forged_verdict(server: Server, number: int) -> tuple[str, str, Any]:
    facts = {"enrolment": f"enr_forged{number}", "request": "req_x", "resident": "res_x"}
    more = {"verdict": "PRINT_READY_RECORD", "of": None, "order": 900 + number}
    # As the centre tells it to a dinas, with whose recording it was: who believes it, reacts.
    told = {**facts, **more, "office": str(server.code), "arrival": 900 + number}
    return "dedup.decided/1", f"enr_forged{number}", told


def _forged_void(server: Server, number: int) -> tuple[str, str, Any]:
    facts = {"card": f"crd_forged{number}", "resident": "res_x", "why": "LOST"}
    return "card.voided/1", f"crd_forged{number}", facts


def _forged_move(server: Server, number: int) -> tuple[str, str, Any]:
    """The kind is its own, the place is not: from the dinas's shelf onto its own."""
    move = {"item": f"FRG{number:06d}", "n": 7, "from": f"{DINAS}/shelf"}
    facts = {"move": f"shp_forged{number}", "why": "RECEIVED", "document": f"shp_forged{number}"}
    moves = [{**move, "to": f"{server.code}/shelf"}]
    return "blanko.moved/1", f"FRG{number:06d}", {**facts, "moves": moves}


_FORGERIES: Final = (_forged_permit, _forged_verdict, _forged_void, _forged_move)


def dying_after(reaction: Reaction, *, chance: Chance) -> Reaction:
    """This reaction; sometimes the process ends before it is noted that it was made."""

    def react(entry: Entry) -> object:
        made = reaction(entry)
        if chance.hits("half_reacted"):
            raise Died("after a reaction")
        return made

    return react


def _noted(_: Answer | Refusal) -> None:
    """Nothing to do with hands."""
