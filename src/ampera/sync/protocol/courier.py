"""What the lower server says next: `step(state, event) → (state, requests)`. Pure.

The marks are a cache of what the tier above said and may be wrong in either direction. Every
answer moves them to the place that is true there; a place with another hash is a fork, and a
place beyond our own end says that one of the two has lost something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ampera.journal.entry import ChainName, ChainType
from ampera.sync.protocol.messages import NOWHERE, Place, Refused
from ampera.sync.protocol.state import (
    LONG_AGO,
    RETRY_SECONDS_MAX,
    RETRY_SECONDS_MIN,
    Alarm,
    Answered,
    CourierState,
    Event,
    Limits,
    Look,
    Lost,
    Output,
    Piece,
    Pulled,
    Request,
    SendPull,
    SendPush,
    Standing,
    next_try,
)


def step(
    state: CourierState, *, event: Event, limits: Limits
) -> tuple[CourierState, tuple[Output, ...]]:
    """One step. An answer to anything but the request in flight is late, and says nothing."""
    if isinstance(event, Look):
        return _look(state, event, limits)
    if state.in_flight is None or event.number != state.in_flight.number:
        return state, ()
    landed = replace(state, in_flight=None)
    match event:
        case Answered():
            assert isinstance(state.in_flight, SendPush)
            return _answered(landed, event, state.in_flight, limits)
        case Pulled():
            assert isinstance(state.in_flight, SendPull)
            return _pulled(landed, event, state.in_flight)
        case Lost():
            return _lost(landed, event, limits), ()


def _lost(state: CourierState, event: Lost, limits: Limits) -> CourierState:
    rows = state.rows or limits.rows
    if event.is_too_large and rows > 1:
        return replace(state, rows=rows // 2)
    attempts = state.failures + 1
    # What was refused as a whole will be refused again: ask rarely until somebody cured it.
    at = next_try(now=event.now, attempts=attempts if event.may_retry else 99)
    return replace(state, failures=attempts, next_at=at)


def _look(
    state: CourierState, event: Look, limits: Limits
) -> tuple[CourierState, tuple[Output, ...]]:
    if state.in_flight is not None or (state.failures and event.now < state.next_at):
        return state, ()
    standings = tuple(each for each in event.standings if state.speaks_of(each.chain))
    request = _next_request(state, standings, event.now, limits)
    if request is None:
        return state, ()
    turned = replace(state, in_flight=request, number=request.number, turn=state.turn + 1)
    if isinstance(request, SendPush) and request.has_keys:
        turned = replace(turned, vouch_at=None, vouched_at=event.now)
    return turned, (request,)


def _next_request(
    state: CourierState, standings: Sequence[Standing], now: datetime, limits: Limits
) -> Request | None:
    number = state.number + 1
    has_keys = state.vouch_at is not None and now >= state.vouch_at
    if not state.has_met:
        offers = tuple((each.chain, each.place) for each in standings)
        return SendPush(number, offers=offers, asks_all=True, has_keys=has_keys)
    pull = _pull(state, standings, now, limits)
    pieces = _pieces(state, standings, now, limits, is_audit=False)
    # Both wait: take turns, so that neither a long backlog nor a long list of news starves the
    # other.
    if pull is not None and (not pieces or state.turn % 2):
        return pull
    pieces = pieces or _pieces(state, standings, now, limits, is_audit=True)
    if not pieces and not has_keys and now < state.next_at:
        return None
    offers = _offers(state, standings, limits)
    return SendPush(number, pieces=pieces, offers=offers, has_keys=has_keys)


def _rows(state: CourierState, most: int) -> int:
    """Fewer than the limit while the way has shown that it lets less through."""
    return min(state.rows, most) if state.rows else most


def _may_move(state: CourierState, chain: ChainName, now: datetime) -> bool:
    barred = chain in state.forked or chain in state.behind
    return not barred and state.held.get(chain, LONG_AGO) <= now


def _pull(
    state: CourierState, standings: Sequence[Standing], now: datetime, limits: Limits
) -> SendPull | None:
    mine = {each.chain: each.place for each in standings}
    for chain, above in sorted(state.waiting.items(), key=lambda item: item[0]):
        after = mine.get(chain, NOWHERE)
        if after.seq < above.seq and _may_move(state, chain, now) and not state.is_own(chain):
            return SendPull(state.number + 1, chain, after, _rows(state, limits.pull_rows))
    return None


def _pieces(
    state: CourierState,
    standings: Sequence[Standing],
    now: datetime,
    limits: Limits,
    *,
    is_audit: bool,
) -> tuple[Piece, ...]:
    """Chains that go further here than above; another one begins each time, so that none
    starves."""
    wanted = [
        each
        for each in standings
        if (each.chain.type is ChainType.AUDIT) is is_audit
        and each.seq > _mark(state, each)
        and _may_move(state, each.chain, now)
    ]
    wanted.sort(key=lambda each: each.chain)
    first = state.turn % len(wanted) if wanted else 0
    rows = _rows(state, limits.rows)
    pieces: list[Piece] = []
    for each in wanted[first:] + wanted[:first]:
        if rows < 1 or len(pieces) == limits.pieces:
            break
        mark = _mark(state, each)
        pieces.append(Piece(each.chain, mark, min(rows, each.seq - mark)))
        rows -= pieces[-1].rows
    return tuple(pieces)


def _mark(state: CourierState, standing: Standing) -> int:
    # Of a chain that came from above the tier above holds all, unless it says that it does not.
    default = standing.seq if state.is_for_us(standing.chain) else 0
    return state.marks.get(standing.chain, default)


def _offers(
    state: CourierState, standings: Sequence[Standing], limits: Limits
) -> tuple[tuple[ChainName, Place], ...]:
    ordered = sorted(standings, key=lambda each: each.chain)
    if not ordered:
        return ()
    first = (state.turn * limits.offers) % len(ordered)
    turned = ordered[first:] + ordered[:first]
    return tuple((each.chain, each.place) for each in turned[: limits.offers])


def _answered(
    state: CourierState, event: Answered, request: SendPush, limits: Limits
) -> tuple[CourierState, tuple[Output, ...]]:
    answer = event.answer
    compared = state
    alarms: list[Output] = []
    for chain, place in [*answer.places.items(), *answer.waiting.items()]:
        if state.speaks_of(chain):
            compared, alarm = _compare(compared, chain, place, event.ours.get(chain))
            alarms += [alarm] if alarm is not None else []
    after = {piece.chain: piece.after for piece in request.pieces}
    # It was sent and did not move on: whatever the reason, do not send the same again at once.
    stuck = {chain for chain, seq in after.items() if compared.marks.get(chain, 0) == seq}
    until = event.now + timedelta(seconds=RETRY_SECONDS_MAX)
    held = {chain: at for chain, at in compared.held.items() if at > event.now}
    compared = replace(compared, held={**held, **dict.fromkeys(stuck - event.left, until)})
    for chain, refused in answer.refused.items():
        compared, alarm = _refused(compared, chain, refused, event.now)
        alarms += [alarm] if alarm is not None else []
    vouch_at = compared.vouch_at
    if answer.wants_keys:
        # Keys that were just given and are still wanted were not believed: do not hurry.
        vouch_at = max(event.now, state.vouched_at + timedelta(seconds=RETRY_SECONDS_MAX))
    is_news = bool(request.pieces) or request.asks_all or compared.waiting != state.waiting
    met = replace(
        compared,
        life=answer.life,
        has_met=request.asks_all or (state.has_met and answer.life == state.life),
        vouch_at=vouch_at,
        rows=_grown(state.rows, limits),
    )
    return _in_contact(met, event.now, limits, is_news=is_news), tuple(alarms)


def _grown(rows: int, limits: Limits) -> int:
    return 0 if rows == 0 or rows * 2 >= limits.rows else rows * 2


def _in_contact(
    state: CourierState, now: datetime, limits: Limits, *, is_news: bool
) -> CourierState:
    quiet = 0 if is_news else state.quiet + 1
    if quiet < len(limits.fresh_seconds):
        wait = limits.fresh_seconds[quiet]
    else:
        wait = limits.idle_seconds * 2 ** min(max(0, quiet - limits.quiet_contacts), 10)
    at = now + timedelta(seconds=min(wait, limits.idle_seconds_max))
    return replace(state, failures=0, quiet=quiet, next_at=at)


def _compare(
    state: CourierState, chain: ChainName, place: Place, ours: str | None
) -> tuple[CourierState, Alarm | None]:
    """Move the mark to the place above, whichever way, or find that the two histories differ."""
    marks = {**state.marks, chain: place.seq}
    waiting = {name: at for name, at in state.waiting.items() if name != chain}
    if place.seq == 0 or ours == place.hash:
        cured = state.forked - {chain}
        return replace(state, marks=marks, waiting=waiting, forked=cured), None
    if ours is not None:
        alarm = None if chain in state.forked else Alarm("fork", chain, place.seq)
        return replace(state, forked=state.forked | {chain}, waiting=waiting), alarm
    if state.is_own(chain):
        # Only we write it, and there is more of it than we know: we were restored from a backup.
        alarm = None if chain in state.behind else Alarm("behind", chain, place.seq)
        return replace(state, behind=state.behind | {chain}, marks=marks), alarm
    return replace(state, marks=marks, waiting={**waiting, chain: place}), None


def _refused(
    state: CourierState, chain: ChainName, refused: Refused, now: datetime
) -> tuple[CourierState, Alarm | None]:
    """A chain was not taken. Never send the same at once again."""

    def hold(seconds: int) -> CourierState:
        return replace(state, held={**state.held, chain: now + timedelta(seconds=seconds)})

    if refused.code == "post.gap":
        return state, None  # the mark has just moved to the true place
    if refused.code == "post.unknown_server":
        return replace(hold(RETRY_SECONDS_MIN), vouch_at=state.vouch_at or now), None
    if refused.code == "post.fork":
        alarm = None if chain in state.forked else Alarm("fork", chain, state.marks.get(chain, 0))
        return replace(state, forked=state.forked | {chain}), alarm
    alarm = Alarm("refused", chain, state.marks.get(chain, 0), refused.code)
    return hold(RETRY_SECONDS_MAX), alarm


def _pulled(
    state: CourierState, event: Pulled, request: SendPull
) -> tuple[CourierState, tuple[Output, ...]]:
    chain = request.chain
    met = replace(
        state,
        life=event.life,
        has_met=state.has_met and event.life == state.life,
        failures=0,
        quiet=0,
    )
    if event.refused is not None:
        refused, alarm = _refused(met, chain, event.refused, event.now)
        if chain not in refused.forked and chain not in refused.held:
            refused = replace(
                refused, held={**met.held, chain: event.now + timedelta(seconds=RETRY_SECONDS_MAX)}
            )
        return refused, (alarm,) if alarm is not None else ()
    waiting = {name: at for name, at in met.waiting.items() if name != chain}
    held = met.held
    if event.above.seq > event.ours.seq:
        waiting[chain] = event.above
        if event.ours.seq == request.after.seq:
            held = {**held, chain: event.now + timedelta(seconds=RETRY_SECONDS_MIN)}
    marks = {**met.marks, chain: event.above.seq}
    return replace(met, waiting=waiting, marks=marks, held=held), ()
