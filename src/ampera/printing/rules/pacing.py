"""When the next card is fed, so that the most cards come out by the end of the day. Pure.

A printer at its cut-off loses an hour; one that is kept just below it loses half a minute a card.
But who waits in a cool room waits for nothing. So the agent weighs, at every card, what each
pace is expected to yield until closing time, by what it believes of the printer's heat
(`rules/heat.py`), and waits only where that yields more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ampera.printing.rules.heat import Belief, Guess, Load
from ampera.printing.rules.models import RestRule

#: Where the limit may lie, in spreads around where it is thought, and how likely each is.
_STEP: Final = 0.5
_NODES: Final = tuple((_STEP * step, math.exp(-((_STEP * step) ** 2) / 2)) for step in range(-7, 8))
#: A stop counts for more than the cards that it costs: heat bends and burns blanks (domain §6),
#: and after a wait it makes the day worse than one without any care.
_CARE: Final = 2.5
#: So likely it has to be that it would stop today, or there is no reason to wait.
_SURE: Final = 0.8
#: While the room grows warmer the limit falls: it is looked at so many cards ahead.
_AHEAD: Final = 2.0
#: So many spreads below its limit no guess has a reason to wait.
_FAR: Final = 4.0
#: A wait shorter than this is none.
WAIT_SECONDS_MIN: Final = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait before the next card is fed; 0 for now."""

    wait_seconds: float
    #: The heat that is not to be passed; infinite when there is no reason to hold back.
    target: float


def decide_pace(belief: Belief, *, seconds_left: float, cards_left: int) -> Pace:
    """How long to wait before the next card.

    `seconds_left` to the end of the day's work; with few `cards_left` the day is shorter. A printer
    that was never seen to stop itself is not held back.

    While the day is long it goes by the boldest guess, with the highest limit: what a stop teaches
    is soon paid back, and too much care teaches nothing. Later by the most careful, for a stop
    after care costs more than both.
    """
    if belief.stops == 0:
        return Pace(0.0, math.inf)
    card, guesses = belief.card_seconds, belief.plausible
    is_early = belief.is_early(seconds_left=seconds_left)
    if belief.stops == 1 and belief.is_known_today and not is_early:
        return Pace(0.0, math.inf)  # one stop tells too little for what is left of its day
    guess = guesses[-1] if is_early else guesses[0]
    limit, spread = belief.limit_of(guess, after=_AHEAD * card)
    if guess.after(card, load=Load.PRINTING) < limit - _FAR * spread:
        return Pace(0.0, math.inf)
    cases = _cases(limit, spread=spread, peak=belief.went_on(guess, after=_AHEAD * card))
    left = min(seconds_left, cards_left * card / min(1.0, max(0.1, limit)))
    target = _target(belief, guess, cases=cases, left=left)
    wait = min(_wait(guess, target=target, card=card), belief.cooled_seconds)
    return Pace(wait if wait >= WAIT_SECONDS_MIN else 0.0, target)


@dataclass(frozen=True, slots=True)
class _Case:
    """One place where the limit may be."""

    least: float  #: the limit is not below this
    limit: float  #: about here
    likely: float


def _target(belief: Belief, guess: Guess, *, cases: Sequence[_Case], left: float) -> float:
    """The heat up to which it pays to go: the most cards to be expected until the day's end.

    Infinite where it may well get through the day: who waits before a stop that never comes prints
    fewer cards for nothing.
    """
    ends = guess.after(left, load=Load.PRINTING)
    if sum(case.likely for case in cases if case.limit < ends) < _SURE:
        return math.inf
    stopped = [
        case.likely * _cards_with_a_stop(belief, guess, limit=case.limit, horizon=left)
        for case in cases
    ]
    best, target = sum(stopped), math.inf
    lost, safe = 0.0, 1.0  # cards of the cases below the target, where it stops, and the others
    for case, cards in zip(cases, stopped, strict=True):
        expected = lost + safe * _cards(belief, guess, limit=case.least, horizon=left)
        if expected > best + 1e-9:
            best, target = expected, case.least
        safe -= case.likely
        lost += cards
    return target


def _cards_with_a_stop(belief: Belief, guess: Guess, *, limit: float, horizon: float) -> float:
    cards = _cards(belief, guess, limit=limit, horizon=horizon)
    return cards - _CARE * _cost(belief, guess, limit=limit, horizon=horizon)


def _cases(limit: float, *, spread: float, peak: float) -> list[_Case]:
    """Where the limit may be in this guess; what it went on at is out."""
    half = _STEP * spread / 2
    found = []
    for z, likely in _NODES:
        middle = limit + z * spread
        least = max(middle - half, peak)
        if (share := (middle + half - least) / (2 * half)) > 0:
            found.append(_Case(least, (least + middle + half) / 2, likely * share))
    if not found:  # it went on hotter than was thought possible: a little more may be tried
        found = [
            _Case(peak + each * half, peak + (each + 0.5) * half, math.exp(-each))
            for each in range(6)
        ]
    every = sum(case.likely for case in found)
    return [replace(case, likely=case.likely / every) for case in found]


def _seconds_to(guess: Guess, *, limit: float, heat: float) -> float:
    """How long it may print without a pause until the limit; infinite for ever."""
    if limit >= 1:
        return math.inf
    if limit <= heat:
        return 0.0
    return guess.seconds * math.log((1 - heat) / (1 - limit))


def _cards(belief: Belief, guess: Guess, *, limit: float, horizon: float) -> float:
    """Cards until the horizon when it prints up to this heat and is held there."""
    free = min(horizon, _seconds_to(guess, limit=limit, heat=guess.heat))
    return (free + max(0.0, limit) * (horizon - free)) / belief.card_seconds


def _cost(belief: Belief, guess: Guess, *, limit: float, horizon: float) -> float:
    """Cards that one stop costs, beside being held at the limit; 0 where the day is over before."""
    after = horizon - _seconds_to(guess, limit=limit, heat=guess.heat)
    if after <= 0:
        return 0.0
    cooled = min(belief.cooled_seconds, after)
    lost = cooled * limit
    resumes = (limit + guess.share) * math.exp(-cooled / guess.seconds) - guess.share
    free = min(after - cooled, _seconds_to(guess, limit=limit, heat=resumes))
    return (lost - free * (1 - limit)) / belief.card_seconds


def _wait(guess: Guess, *, target: float, card: float) -> float:
    """Seconds of standing by until a card may be printed without passing the target."""
    if target >= 1:
        return 0.0
    start = 1 - (1 - target) * math.exp(card / guess.seconds)
    if guess.heat <= start:
        return 0.0
    if start <= 0:
        return math.inf  # standing by alone does not make it cool enough; the caller has a bound
    return guess.seconds * math.log(guess.heat / start)


def rest_seconds(rule: RestRule, *, cards_in_a_row: int, idle_seconds: float) -> float:
    """How long the printer still rests by its model's rule; 0 where the rule does not bind.

    A break as long as the rest counts as one, whatever it was for.
    """
    if not rule.is_binding or cards_in_a_row < rule.after_cards:
        return 0.0
    return max(0.0, rule.minutes * 60 - idle_seconds)
