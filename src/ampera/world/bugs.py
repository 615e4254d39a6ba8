"""Bugs that are planted on purpose: a simulator is itself tested only by what it must find.

Each replaces one real function by one that somebody could have written on a bad day.
`tests/simulation`
says within which seeds each is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType, SimpleNamespace
from typing import Any, Final

from django.apps import apps

from ampera.dedup.actions import deciding
from ampera.dedup.rules import Decided, Verdict
from ampera.journal import actions as journal_actions
from ampera.journal import receiving
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.journal.receiving import ChainPart, Place
from ampera.printing.actions import agent, attempts, chips, exchange, staging
from ampera.printing.ports import AnswerLost, CardPrinter, JobSeen
from ampera.printing.queries import exchange_facts
from ampera.printing.rules.attempts import AttemptState, Cause, Ending, outcome_of
from ampera.readiness.actions import permits
from ampera.readiness.projection import refreshing
from ampera.readiness.rules.states import RequestFacts, request_state
from ampera.register.queries import office_seen
from ampera.sync import answering
from ampera.sync.joining import Joined
from ampera.sync.protocol.messages import Speaker
from ampera.sync.restoring import Rejoined
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal
from ampera.world import restores
from ampera.world.custody_bugs import (
    bundle_given_twice,
    door_proof_applied_twice,
    jump_without_second,
    quota_not_counted,
)
from ampera.world.lending_bugs import lent_beyond_its_end, lent_permit_unseen
from ampera.world.swapping import Planted, Unguarded, swapped


def _table(name: str) -> Any:
    """A table of another station: a bug reaches where honest code may not."""
    return apps.get_model(name)


# ---- the journal and the post ----


def known_dropped_unseen() -> Planted:
    """What lies before the mark is dropped without a look at its hash."""

    def drop(part: ChainPart, known_seq: int) -> Sequence[Entry] | Refusal:
        new = [entry for entry in part.entries if entry.seq > known_seq]
        if new and new[0].seq != known_seq + 1:
            return Refusal("post.gap", seq=known_seq)
        return new

    return swapped(receiving, "_beyond_known", drop)


@contextmanager
def duplicates_applied() -> Iterator[None]:
    """Whatever arrives is new: it is numbered by its receiver, so what came twice stands there
    twice.

    With the sender's numbers a duplicate would be stopped three times over: by the mark, by the
    hash of the entry before, and by the table's own key.
    """
    honest, checked = receiving._beyond_known, receiving._check_hashes

    def number_anew(part: ChainPart, known_seq: int) -> Sequence[Entry] | Refusal:
        if not part.entries or part.entries[0].seq > known_seq:
            return honest(part, known_seq)
        return [
            replace(entry, seq=known_seq + place)
            for place, entry in enumerate(part.entries, start=1)
        ]

    def believe(new: Sequence[Entry], known_hash: str) -> Refusal | None:
        return checked(new, known_hash) if new[0].prev == known_hash else None

    with (
        swapped(receiving, "_beyond_known", number_anew),
        swapped(receiving, "_check_hashes", believe),
    ):
        yield


@contextmanager
def commands_forgotten() -> Iterator[None]:
    """Nobody remembers which commands were given: a second click is a second command."""
    with (
        swapped(journal_actions, "command_known", lambda _: None),
        swapped(journal_actions, "remember_command", lambda *_, **__: None),
    ):
        yield


def refused_for_what_it_says() -> Planted:
    """A chain with an entry that its origin may not write is refused instead of kept."""
    honest = answering.take_part

    def refuse(part: Any) -> Any:
        registry = house().registry
        for entry in part.entries:
            if not registry.may_write(entry):
                return Refusal("post.bad_hash", chain=str(part.chain), seq=entry.seq)
        return honest(part)

    return swapped(answering, "take_part", refuse)


def authority_unchecked() -> Planted:
    """Whoever writes an entry is believed."""

    def project(entry: Entry, reading: Any = None) -> Any:
        for projection in house().registry.projections.get(entry.kind, []):
            projection(entry)
        return vars(receiving)["EntryState"].PROJECTED

    return swapped(receiving, "project_foreign", project)


def reactions_unnamed() -> Planted:
    """A reaction gets a new id each time, so a crash makes it happen again."""

    def unnamed(entry: Entry, name: str) -> Command:
        return Command(id=f"re:{name}:{house().ids.new('cmd')}")

    return swapped(Command, "reaction", staticmethod(unnamed))


def restored_unsaid() -> Planted:
    """A server put back from a backup goes on where the backup ended, as if nothing had
    happened."""

    def go_on(link: Any, **_: Any) -> Rejoined:
        here = house()
        return Rejoined(Joined(Speaker(here.code, here.incarnation), {}), 0, 0, is_whole=True)

    return swapped(restores, "rejoin", go_on)


# ---- people and permits ----


@contextmanager
def dedup_skipped() -> Iterator[None]:
    """Everybody is unique. So is the guard behind it, or it would stop what comes twice under one
    name."""
    ready = Decided(Verdict.PRINT_READY_RECORD, None)
    with (
        swapped(deciding, "decide_verdict", lambda *_args, **_known: ready),
        swapped(deciding, "OnePrintReady", SimpleNamespace(objects=Unguarded())),
    ):
        yield


@contextmanager
def unique_by_request_only() -> Iterator[None]:
    """A second card under way for the same resident does not count when it is of another request.

    The rule alone would meet the guard behind it, a unique key on the resident: it is off, too.
    """

    def of_its_own(facts: RequestFacts) -> Any:
        alone = RequestFacts(
            reason=facts.reason,
            is_confirmed=facts.is_confirmed,
            is_rejected=facts.is_rejected,
            has_record=facts.has_record,
            is_own_record=facts.is_own_record,
            cards=facts.cards,
        )
        return request_state(alone)

    unguarded = SimpleNamespace(objects=Unguarded())
    with (
        swapped(refreshing, "request_state", of_its_own),
        swapped(permits, "OneLiveCard", unguarded),
    ):
        yield


def host_read_today() -> Planted:
    """A projection asks who hosts a kecamatan today, and not what stood in the entry: who was told
    first decides, and a new host moves requests that are open."""

    def served_today(asked: Any) -> str:
        home = office_seen(OfficeCode(asked.home[:8]))
        return str(home.hosted_by or home.code) if home is not None else asked.home[:8]

    return swapped(refreshing, "_served_at", served_today)


def returned_unheld() -> Planted:
    """A recall is answered *returned* whatever the printer is doing."""

    def give_back() -> int:
        here = str(house().code)
        rows = (
            _table("readiness.Permit")
            .objects.filter(is_recalled=True, office=here)
            .exclude(state="RETURNED")
        )
        for permit in list(rows.order_by("permit").values_list("permit", flat=True)):
            _say_returned(permit)
        return len(rows)

    return _tick_swapped(permits.answer_recalls, give_back)


def _say_returned(permit: str) -> None:
    def work(pen: Pen) -> dict[str, Any]:
        pen.write("permit.returned/1", subject=permit, facts={"permit": permit})
        return {"permit": permit}

    perform(Command(id=f"return:{permit}"), work, content={"permit": permit})


# ---- printers and blanko ----


def requeued_blindly() -> Planted:
    """What the printer does not tell was not printed."""
    honest = outcome_of

    def blind(job_state: str | None, **seen: Any) -> Ending | None:
        ending = honest(job_state, **seen)
        if ending is not None and ending.outcome is AttemptState.UNKNOWN:
            return Ending(AttemptState.WITHDRAWN, Cause.NEVER_SENT)
        return ending

    return swapped(agent, "outcome_of", blind)


def said_again() -> Planted:
    """After a lost answer Print-Job is simply said once more."""
    honest = agent._feed

    class Insistent:
        """A printer to which everything is said until it answers."""

        def __init__(self, port: CardPrinter) -> None:
            self._port = port

        def send(self, *, job_name: str, document: bytes) -> JobSeen:
            try:
                return self._port.send(job_name=job_name, document=document)
            except AnswerLost:
                return self._port.send(job_name=job_name, document=document)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._port, name)

    def feed(attempt: Any, *, port: CardPrinter, document: bytes) -> None:
        honest(attempt, port=Insistent(port), document=document)

    return swapped(agent, "_feed", feed)


def partner_name_forgotten() -> Planted:
    """Two blanks exchange their places, and the attempt that had the other still names it."""
    honest = exchange_facts

    def alone(attempt: str, *, serial: str) -> Any:
        return replace(honest(attempt, serial=serial), partner=None, is_partner_due=False)

    return swapped(exchange, "exchange_facts", alone)


def chips_not_compared() -> Planted:
    """A chip that lies on the reader is taken for written."""
    return swapped(chips, "_is_same", lambda seen, uid, contents: seen.uid == uid)


def blank_not_read_before_feeding() -> Planted:
    """The printer could say which blank it took in, and nobody asks it."""
    return swapped(agent, "_is_right_blank", lambda attempt, stage: True)


def bound_after_print() -> Planted:
    """Which chip sits in the blank is read before printing, and told when the card is written."""
    return swapped(staging, "bind_uid", lambda command, serial, uid, attempt: {"serial": serial})


def nothing_reserved() -> Planted:
    """An attempt is opened without taking a blanko from the shelf."""
    return swapped(attempts, "reserve_in", lambda pen, serial, attempt: None)


def last_come_stands() -> Planted:
    """A blanko is where the news that came last says, not where its highest move says."""
    from ampera.blanko import projection

    items = _table("blanko.Item")

    def note(standing: Sequence[Any], _known: Any) -> None:
        for row in standing:
            item = projection._item(row)
            columns = [each.attname for each in items._meta.concrete_fields if not each.primary_key]
            items.objects.update_or_create(
                item=item.item, defaults={name: getattr(item, name) for name in columns}
            )

    return swapped(projection, "_note_places", note)


@contextmanager
def _tick_swapped(honest: Callable[[], object], new: Callable[[], object]) -> Iterator[None]:
    """A tick stands in the registry that the wiring filled, so it is swapped there."""
    _ticks.append((honest, new))
    try:
        yield
    finally:
        _ticks.pop()


_ticks: list[tuple[Callable[[], object], Callable[[], object]]] = []


def tick_in_use(tick: Callable[[], object]) -> Callable[[], object]:
    """The tick as it is now: itself, unless a bug stands in its place."""
    return next((new for honest, new in _ticks if honest is tick), tick)


BUGS: Final[Mapping[str, Callable[[], Planted]]] = MappingProxyType(
    {
        bug.__name__: bug
        for bug in (
            authority_unchecked,
            blank_not_read_before_feeding,
            bound_after_print,
            bundle_given_twice,
            chips_not_compared,
            commands_forgotten,
            dedup_skipped,
            door_proof_applied_twice,
            duplicates_applied,
            host_read_today,
            jump_without_second,
            known_dropped_unseen,
            last_come_stands,
            lent_beyond_its_end,
            lent_permit_unseen,
            nothing_reserved,
            partner_name_forgotten,
            quota_not_counted,
            reactions_unnamed,
            refused_for_what_it_says,
            requeued_blindly,
            restored_unsaid,
            returned_unheld,
            said_again,
            unique_by_request_only,
        )
    }
)


def planted(name: str) -> Planted:
    """The bug of that name, as long as the context lasts. Raises KeyError for an unknown one."""
    return BUGS[name]()


__all__ = ["BUGS", "Place", "planted", "swapped", "tick_in_use"]
