"""Writing the journal: the only way in which anything happens at a server.

`perform` runs one command: load → decide → append → project, in one transaction. A command
carries an id
made where it was given: asked again with the same content it gets the same answer and nothing
happens
twice; with other content it is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, OperationalError, connection, transaction

from ampera.journal import sql
from ampera.journal.entry import ChainName, ChainType, Entry, Json, canonical, seal, texts_of
from ampera.journal.house import House, house
from ampera.journal.models import EntryRow, EntryState
from ampera.journal.projecting import must_react_to, project_own
from ampera.journal.quarantine import is_quarantined
from ampera.journal.store import (
    NewRow,
    PlaceTakenError,
    begin_chain,
    command_known,
    entry_of,
    hold_head,
    insert,
    is_lost_race,
    move_head,
    remember_command,
)
from ampera.words.clock import utc_from_text
from ampera.words.nik import names_somebody
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

#: A lost race is decided anew this often; by then somebody else has won each time.
TRIES_MAX: Final = 5
_IS_ANY_ASKING: Final = (
    "SELECT 1 FROM journal_entryrow WHERE must_react AND state = 'projected' LIMIT 1"
)

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """Who wants something done, under an id made where it was wanted."""

    id: str
    officer: str = ""  #: empty when the server itself acts

    @classmethod
    def reaction(cls, entry: Entry, name: str) -> Command:  # positional: a pair
        """A command that follows from an entry: it happens once, whatever is replayed."""
        return cls(id=f"re:{name}:{entry.hash[:48]}")


@dataclass(slots=True)
class Pen:
    """Writes the entries of one command. Made by `perform` only."""

    command: Command
    house: House
    now: datetime
    _heads: dict[ChainName, tuple[int, int, str]] = field(default_factory=dict)
    _last: dict[ChainName, Entry] = field(default_factory=dict)

    def new_id(self, prefix: str) -> str:
        return self.house.ids.new(prefix)

    def write(
        self,
        kind: str,
        *,
        subject: str,
        facts: Mapping[str, Json],
        body: Mapping[str, Json] | None = None,
        to: OfficeCode | None = None,
        retells: Entry | None = None,
    ) -> Entry:  # fmt: skip
        """Append an entry to the own `up` chain, or to the chain of child office `to`, and
        project it.

        `retells` names the entry of a tier further up that this one passes on. Writing what the
        authority table does not allow is a defect.
        """
        if retells is not None:
            original = {
                "chain": str(retells.chain),
                "seq": retells.seq,
                "hash": retells.hash,
            }
            facts = {**facts, "retells": original}
        chain = self.house.chain(f"to/{to}" if to is not None else "up")
        return self._append(chain, (kind, subject), (facts, body))

    def write_look(self, *, subjects: Sequence[str], purpose: str) -> Entry:
        """Append to the audit chain: record ids only, one entry a page view."""
        chain = self.house.chain("audit")
        facts = {"subjects": list(subjects), "purpose": purpose}
        return self._append(
            chain, ("look.recorded/1", subjects[0] if subjects else ""), (facts, None)
        )

    def _append(
        self,
        chain: ChainName,
        about: tuple[str, str],
        content: tuple[Mapping[str, Json], Mapping[str, Json] | None],
    ) -> Entry:
        row = self.house.registry.row_for(about[0], chain)
        assert row is not None, f"{chain.origin.tier} may not write {about[0]} in {chain.type}"
        if row.barred and is_quarantined():
            raise _RefusedError(Refusal("server.quarantined"))
        facts, body = content
        entry = seal(
            after=self._end_of(chain),
            chain=chain,
            about=about,
            by=(self.command.officer, self.command.id),
            at=self.now,
            content=(facts, self.house.ids.salt().hex() if body is not None else "", body),
        )
        assert self.house.registry.may_write(entry), f"{about[0]} is written in another form"
        texts = texts_of(entry)
        if names_somebody(texts.facts):
            # Facts stay for ever; only a body can be forgotten (architecture §3).
            raise _RefusedError(Refusal("journal.names_somebody"))
        new = NewRow(entry, texts, EntryState.PROJECTED, must_react_to(entry))
        insert([new])
        known = self._heads[chain][0]
        self._heads[chain] = (known, entry.seq, entry.hash)
        self._last[chain] = entry
        project_own(entry, row)
        return entry

    def _end_of(self, chain: ChainName) -> tuple[int, str]:
        if chain not in self._heads:
            seq, hash_, at = hold_head(chain)
            if seq == 0 and not at:
                begin_chain_once(chain)
            elif (last := utc_from_text(at)) > self.now:
                self.now = last
            self._heads[chain] = (seq, seq, hash_)
        return self._heads[chain][1:]

    def close(self) -> None:
        """Move the heads. Raises PlaceTakenError when another command was quicker."""
        for chain, last in self._last.items():
            move_head(chain, known_seq=self._heads[chain][0], last=last)


def begin_chain_once(chain: ChainName) -> None:
    from ampera.journal.models import Chain

    if not Chain.objects.filter(name=str(chain)).exists():
        begin_chain(chain, is_own=True)


class _RefusedError(Exception):
    """Carries a refusal out of the transaction, so that what was written before it is undone."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def perform(  # positional: a pair
    command: Command, work: Callable[[Pen], Answer | Refusal], *, content: Mapping[str, Json]
) -> Answer | Refusal:
    """Run one command in one transaction and remember its answer.

    `content` is what the command says; with the name of the work and the officer it makes the
    fingerprint. A refusal leaves nothing behind, not even the command's id: when the reason is
    gone, the
    same command may be given again. Raises what a defect raises; nothing is half done then.
    """
    assert not connection.in_atomic_block, "a command inside a command is a defect"
    fingerprint = hashlib.sha256(
        canonical({"work": work.__qualname__, "officer": command.officer, "content": content})
    ).hexdigest()
    for attempt in range(TRIES_MAX):
        try:
            with transaction.atomic():
                return _once(command, work, fingerprint)
        except _RefusedError as no:
            # Another window may have given this very command meanwhile: what that one changed is
            # why this one was refused, and its answer is this one's, too.
            if attempt == TRIES_MAX - 1 or command_known(command.id) is None:
                return no.refusal
        except (IntegrityError, PlaceTakenError):
            # Lost a race: what was loaded is old. The last try lets the error out, as a defect.
            if attempt == TRIES_MAX - 1:
                raise
        except OperationalError as error:
            if not is_lost_race(error) or attempt == TRIES_MAX - 1:
                raise
    raise AssertionError("unreachable")


def _once(
    command: Command, work: Callable[[Pen], Answer | Refusal], fingerprint: str
) -> Answer | Refusal:
    known = command_known(command.id)
    if known is not None:
        if known[0] == "":
            return Refusal("command.answer_lost")
        if known[0] != fingerprint:
            return Refusal("command.id_reused")
        answer: Answer = json.loads(known[1])
        return answer
    here = house()
    pen = Pen(command=command, house=here, now=here.now())
    answered = work(pen)
    if isinstance(answered, Refusal):
        raise _RefusedError(answered)
    remember_command(command.id, fingerprint=fingerprint, answer=canonical(answered).decode())
    pen.close()
    here.heard(pen.now)
    return answered


def record_look(*, officer: str, subjects: Sequence[str], purpose: str) -> None:
    """Say in the audit chain who looked at which records, and why. One entry a page view."""
    here = house()
    command = Command(id=here.ids.new("lok"), officer=officer)

    def look(pen: Pen) -> Answer:
        pen.write_look(subjects=subjects, purpose=purpose)
        return {}

    perform(command, look, content={"subjects": list(subjects), "purpose": purpose})


def react(*, most: int = 50) -> int:
    """Make the reactions that entries still ask for here, oldest first; returns how many entries.

    Each reaction is a command of its own, named after the entry, so a crash between two of them
    repeats nothing.
    """
    if sql.one(_IS_ANY_ASKING) is None:
        return 0
    done = 0
    rows = EntryRow.objects.filter(must_react=True, state=EntryState.PROJECTED).order_by("id")[
        :most
    ]
    for row in list(rows):
        entry = entry_of(row)
        for reaction in house().registry.reactions.get((entry.kind, house().tier), []):
            reaction(entry)
        EntryRow.objects.filter(pk=row.pk).update(must_react=False)
        done += 1
    return done


__all__ = [
    "Answer",
    "ChainType",
    "Command",
    "Pen",
    "perform",
    "react",
    "record_look",
]
