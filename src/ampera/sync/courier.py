"""One step of the lower server's post: look, ask once, apply the answer. For the worker's tick.

The decisions are the protocol's; here are its hands: the journal is read and written, the link is
asked outside any transaction, and what the courier remembers lies in the database, because no
state in memory survives a tick. A process that dies between any two lines loses time, never an
entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from ampera.journal import second_log
from ampera.journal.alarms import raise_alarm
from ampera.journal.entry import ChainName, SignedHead
from ampera.journal.house import house
from ampera.journal.incarnations import keys_below, known_keys
from ampera.journal.marks import mind_clock_set_back, note_behind, note_clock, note_reach
from ampera.journal.queries import ChainSeen, chains, head_claim, part_after, place_known
from ampera.journal.receiving import Place as JournalPlace
from ampera.sync.answering import refused_from, take_part
from ampera.sync.encoding import encode
from ampera.sync.health import note_answer, note_silence
from ampera.sync.link import Link, LinkError, TooLarge
from ampera.sync.memory import load_state, save_state
from ampera.sync.protocol.courier import step
from ampera.sync.protocol.messages import (
    Part,
    Place,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
)
from ampera.sync.protocol.state import (
    Alarm,
    Answered,
    CourierState,
    Limits,
    Look,
    Lost,
    Output,
    Pulled,
    SendPull,
    SendPush,
    Standing,
)
from ampera.sync.vouching import believe, digest_of, vouches_for_children
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

LIMITS: Final = Limits()
#: Parts are added to a push until it is about this long.
PUSH_BYTES: Final = 1024 * 1024
#: One transaction at the receiver (architecture §9): a counter's window must not wait for it.
PART_ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """What one step did. `has_more`: step again at once; else nothing is due before `next_at`."""

    was_asked: bool
    sent: int = 0  #: entries given to the tier above, new there or not
    received: int = 0
    has_more: bool = False
    next_at: datetime | None = None
    error: str = ""


def courier_step(link: Link, *, now: datetime, limits: Limits = LIMITS) -> Progress:
    """Do at most one exchange with the tier above. `now` is wall time: it paces retries only.

    Raises what the database raises; errors of the link are noted and come back in the progress.
    """
    assert not connection.in_atomic_block, "the network is never asked inside a transaction"
    if house().tier is Tier.PUSAT:
        return Progress(was_asked=False)
    seen = chains()
    state = load_state(seen)
    standings = tuple(Standing(each.name, each.seq, each.hash) for each in seen)
    state, wanted = step(state, event=Look(now, standings), limits=limits)
    if not wanted:
        return Progress(was_asked=False, next_at=state.next_at)
    (request,) = wanted
    assert not isinstance(request, Alarm)
    event: Answered | Pulled
    top: Mapping[ChainName, int] = {}
    sent = received = 0
    heard_above: datetime | None = None
    mind_clock_set_back()
    asked_at = house().clock.now()
    try:
        if isinstance(request, SendPush):
            answer, parts, left = _exchange_push(link, life=state.life, request=request)
            ours = _our_hashes(answer, seen)
            event = Answered(request.number, now, answer, ours, left)
            sent = sum(len(part.entries) for part in parts)
            top, said_at, heard_above = answer.top, answer.at, answer.heard_above
        else:
            received, event, said_at = _exchange_pull(link, now=now, request=request)
    except LinkError as error:
        is_large = isinstance(error, TooLarge)
        lost = Lost(request.number, now, may_retry=error.may_retry, is_too_large=is_large)
        state, _ = step(state, event=lost, limits=limits)
        note_silence(now, code=error.code)
        save_state(state)
        return Progress(was_asked=True, next_at=state.next_at, error=error.code)
    after, outputs = step(state, event=event, limits=limits)
    with transaction.atomic():  # one flush to the disk for an idle contact, not three
        _keep(after, before=state, outputs=outputs, top=top)
        note_answer(now, said_at=said_at, heard_above=heard_above)
        note_clock(asked_at=asked_at, said_at=said_at)
    house().heard(said_at)
    has_more = sent + received > 0 or (isinstance(request, SendPush) and request.asks_all)
    return Progress(
        was_asked=True, sent=sent, received=received, has_more=has_more, next_at=after.next_at
    )


def run_courier(
    link: Link, *, now: datetime, limits: Limits = LIMITS, steps_max: int = 20
) -> Progress:
    """Step until nothing is left to do at once, `steps_max` times at most: one tick's worth."""
    sent = received = 0
    progress = Progress(was_asked=False)
    for _ in range(steps_max):
        progress = courier_step(link, now=now, limits=limits)
        sent, received = sent + progress.sent, received + progress.received
        if not progress.has_more:
            break
    return replace(progress, sent=sent, received=received)


def _exchange_push(
    link: Link, *, life: int, request: SendPush
) -> tuple[PushAnswer, tuple[Part, ...], frozenset[ChainName]]:
    here = house()
    upper = here.upper
    assert upper is not None
    parts, left = _parts(request)
    push = Push(
        at=here.clock.now(),
        life=life,
        parts=parts,
        claims=_claims(),
        offers=request.offers,
        asks_all=request.asks_all,
        keys=vouches_for_children() if request.has_keys else (),
        keys_digest=digest_of(keys_below(here.code)),
        path_digest=digest_of(known_keys([upper])),
    )
    answer = link.ask(push)
    if not isinstance(answer, PushAnswer):
        raise _other_answer()
    for vouch in answer.keys:
        if vouch.speaker.office == upper:
            believe(vouch)
    return answer, parts, left


def _parts(request: SendPush) -> tuple[tuple[Part, ...], frozenset[ChainName]]:
    """What goes into this push: one part at least, more while there is room; and what was left.

    A piece travels as several short parts, each signed at its end and each one transaction at the
    receiver, so that nobody there waits long for the database.
    """
    parts: list[Part] = []
    left: set[ChainName] = set()
    room = PUSH_BYTES
    for piece in request.pieces:
        after, end = piece.after, piece.after + piece.rows
        while after < end:
            found = part_after(piece.chain, after, most=min(PART_ROWS, end - after))
            if found is None:
                break
            part = Part(found.chain, found.entries, found.signatures)
            size = _size(part)
            if size > room and parts:
                left.add(piece.chain)
                break
            parts.append(part)
            room -= size
            after = part.entries[-1].seq
    # First read, then secure: what is appended in between is in none of these parts.
    if any(part.chain.origin == house().code for part in parts):
        second_log.secure()
    return tuple(parts), frozenset(left)


def _size(part: Part) -> int:
    return len(encode(Push(at=house().clock.now(), parts=(part,))))


def _claims() -> tuple[SignedHead, ...]:
    """The heads of `up` and `audit` ride on each push, so that neither can be shortened alone."""
    here = house()
    heads = [head_claim(here.chain(audience)) for audience in ("up", "audit")]
    claims = tuple(head for head in heads if head is not None)
    if claims:
        second_log.secure()
    return claims


def _other_answer() -> LinkError:
    from ampera.sync.link import Garbled

    return Garbled("an answer to another question")


def _our_hashes(answer: PushAnswer, seen: list[ChainSeen]) -> Mapping[ChainName, str | None]:
    heads = {each.name: each for each in seen}
    ours: dict[ChainName, str | None] = {}
    for chain, place in [*answer.places.items(), *answer.waiting.items()]:
        head = heads.get(chain)
        if head is not None and head.seq == place.seq:
            ours[chain] = head.hash
        else:
            known = place_known(chain, place.seq)
            ours[chain] = None if known is None else known.hash
    return ours


def _exchange_pull(link: Link, *, now: datetime, request: SendPull) -> tuple[int, Pulled, datetime]:
    answer = link.ask(Pull(request.chain, request.after, request.rows))
    if not isinstance(answer, PullAnswer):
        raise _other_answer()
    refused, ours, received = answer.refused, request.after, 0
    if answer.part is not None and answer.part.chain != request.chain:
        raise _other_answer()
    if answer.part is not None and refused is None:
        taken = take_part(answer.part)
        if isinstance(taken, Refusal):
            refused = refused_from(taken)
        else:
            ours = Place(taken.seq, taken.hash)
            received = max(0, taken.seq - request.after.seq)
    event = Pulled(
        request.number,
        now,
        life=answer.life,
        ours=ours,
        above=answer.place,
        refused=refused,
    )
    return received, event, answer.at


def _keep(
    after: CourierState,
    *,
    before: CourierState,
    outputs: Sequence[Output],
    top: Mapping[ChainName, int],
) -> None:
    for output in outputs:
        if isinstance(output, Alarm):
            _show(output)
    moved = {chain: seq for chain, seq in after.marks.items() if before.marks.get(chain) != seq}
    note_reach(moved, top=top)
    save_state(after)


def _show(alarm: Alarm) -> None:
    chain = alarm.chain
    if alarm.why == "behind":
        note_behind(chain, place=JournalPlace(alarm.seq, ""))
    elif alarm.why == "fork":
        raise_alarm(
            f"fork:{chain}", f"{chain} forks at {alarm.seq}: the tier above holds something else"
        )
    else:
        raise_alarm(f"refused:{chain}", f"{chain}: the tier above refused it: {alarm.code}")
