"""What the print agent believes of a printer's heat, learnt from when it stopped itself. Pure.

A printer tells no temperature, only that it is too hot. So heat is counted in a unit of our own:
`0` is where it settles when it stands by warm, `1` where it would settle if it printed for ever,
`-share` where it settles without power. In that unit every printer cools and heats by Newton's law
with one time constant, and its own cut-off is one number, the *limit*: at the same time the share
of the day in which it may print while it is kept just below its cut-off. A cooler room has a higher
limit; at 1 and above the printer never stops.

Time constant and share are not known either: a few guesses are carried side by side, and the one
that best foretells when it stops and goes on is believed. How high the limit lies on which day each
guess learns for itself (`rules/limit.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from ampera.printing.rules.limit import (
    Limit,
    Weights,
    chance_above,
    limit_of,
    new_day,
    stopped_at,
    warmth,
    weights_at,
    went_on_at,
)
from ampera.printing.rules.models import PrinterModel

#: Guesses around what the model's leaflet says.
_TIMES: Final = (0.5, 0.63, 0.79, 1.0, 1.26, 1.59, 2.0)
_SHARES: Final = (0.5, 1.0, 1.5)
#: How far off the leaflet may be: time constant and share (standard deviation of the logarithm),
#: and the limit that follows from its rest rule.
_LEAFLET: Final = 0.5
_LEAFLET_LIMIT: Final = 0.2
#: How exact a stop is, and with it how fast what it tells of today grows old.
_STOP_EXACT: Final = 0.004
_HOUR_SPREAD: Final = 0.002
#: What one stop says of a guess is forgotten by this share at the next.
_KEPT: Final = 0.95
#: How far the limit of one day is from what its morning foretells; measured or not.
_TODAY: Final = 0.009
_TODAY_LEAST: Final = 0.006
_TODAY_MOST: Final = 0.06
_UNMEASURED: Final = 0.014
#: A morning that warms up so much faster or slower (per cent) tells of something else.
_WARM_UP_MOST: Final = 20.0
#: A printer that was without heat for less is not cold through; and what counts as the morning.
COLD_SECONDS_MIN: Final = 1200.0
_MORNING_ENDS: Final = 11.0
#: A guess whose doubt is so much above the least explains it about as well.
_PLAUSIBLE: Final = 0.5
#: A day is long as long as so many stops of the usual length would fit into it.
_EARLY: Final = 6.0
_CARD_SECONDS_LEAST: Final = 5.0
#: Seconds east of Greenwich of western Indonesia.
WIB_SECONDS: Final = 7 * 3600.0


class Load(StrEnum):
    """What heats the printer, as far as its own words tell."""

    OFF = "off"  #: no power, no answer, or asleep
    WARMING = "warming"  #: the heater is on, it takes no card yet
    READY = "ready"
    PRINTING = "printing"
    HOT = "hot"  #: it has stopped itself and cools down


@dataclass(frozen=True, slots=True)
class Guess:
    """One pair of time constant and share with what follows from it."""

    seconds: float  #: time constant
    share: float  #: where it settles without power is minus this
    heat: float
    limit: Limit  #: what is known of the cut-off
    #: Where it went on since the morning or the last stop, nearest to the limit, without what the
    #: hour makes; and when that was.
    peak: float
    peak_hour: float
    doubt: float  #: grows with every stop that this guess does not explain

    def felt(self, hour: float) -> float:
        """The hour whose room it feels: a printer grows warm with its room a time constant late."""
        return hour - self.seconds / 3600

    def by_the_hour(self, hour: float) -> float:
        """By how much the limit is another at this hour."""
        return -self.limit.means[2] * warmth(self.felt(hour))

    def after(self, seconds: float, *, load: Load) -> float:
        """The heat after so many seconds under one load."""
        ends = _settles(load, share=self.share)
        return ends + (self.heat - ends) * math.exp(-seconds / self.seconds)


def _settles(load: Load, *, share: float) -> float:
    match load:
        case Load.PRINTING:
            return 1.0
        case Load.READY | Load.WARMING:
            return 0.0
        case Load.OFF | Load.HOT:
            return -share


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """All that is known of one printer's heat. `at` and `day` are city time."""

    guesses: tuple[Guess, ...]
    at: float  #: seconds since the epoch
    east: float  #: of the office's clock, seconds
    day: int  #: the office's calendar day, `date.toordinal()`
    load: Load
    load_at: float  #: since when it is so
    was_off: float  #: how long it had been without heat before it warmed up the last time
    stops: int  #: stops for heat ever seen
    stop_at: float  #: the newest of them; 0 for none
    is_known_today: bool  #: it stopped today, so that today's limit is known
    spread: float  #: how far a day is from what its morning foretells
    warm_up_usual: float  #: seconds, of the first cold morning that was measured; 0 for none
    warm_up: float  #: of this morning, in per cent more than that
    is_measured: bool  #: this morning was
    cooled_seconds: float  #: from a stop until it takes cards again
    card_seconds: float

    @property
    def best(self) -> Guess:
        """The guess that explains best when it stopped and when it went on."""
        return min(self.guesses, key=lambda guess: guess.doubt)

    @property
    def plausible(self) -> list[Guess]:
        """The guesses that explain it about as well as the best, the most careful first: with the
        lowest limit."""
        least = self.best.doubt + _PLAUSIBLE
        found = [guess for guess in self.guesses if guess.doubt <= least]
        return sorted(found, key=lambda guess: self.limit_of(guess)[0])

    def is_early(self, *, seconds_left: float) -> bool:
        """Is the day still so long that what a stop teaches is paid back?"""
        return seconds_left > _EARLY * self.cooled_seconds

    def hour(self, after: float = 0.0) -> float:
        """Of the office's clock, so many seconds from now."""
        return (self.at + self.east + after) % 86400 / 3600

    def weights(self, guess: Guess, *, hour: float) -> Weights:
        """What the limit is made of at an hour."""
        return weights_at(hour=guess.felt(hour), warm_up=self.warm_up)

    def limit_of(self, guess: Guess, *, after: float = 0.0) -> tuple[float, float]:
        """Where the limit lies so many seconds from now, and how exactly that is known."""
        mean, variance = guess.limit.at(self.weights(guess, hour=self.hour(after)))
        age = max(0.0, self.at - self.stop_at) / 3600 if self.is_known_today else 0.0
        return mean, math.sqrt(variance + _STOP_EXACT**2 + _HOUR_SPREAD**2 * age)

    def went_on(self, guess: Guess, *, after: float = 0.0) -> float:
        """So many seconds from now the limit is not below this: at as much it went on. It falls
        with the limit when the room grows warmer."""
        return guess.peak + guess.by_the_hour(self.hour(after))

    @property
    def limit(self) -> float:
        """Today's limit at this moment, for the screens."""
        return self.limit_of(self.best)[0]


def fresh(model: PrinterModel, *, at: float, day: int, east: float = WIB_SECONDS) -> Belief:
    """What is believed of a printer that nobody has watched yet: its leaflet and its rest rule.

    Nothing is held back for a printer that was never seen to stop: in a cool room it never will.
    """
    guesses = []
    for times in _TIMES:
        for shares in _SHARES:
            seconds, share = model.cooling_seconds * times, model.idle_share * shares
            printed = model.rest.after_cards * model.card_seconds
            usual = 1 - (1 + share) * math.exp(-printed / seconds)
            limit = limit_of(usual, spread=_LEAFLET_LIMIT, today=_UNMEASURED)
            doubt = (math.log(times) / _LEAFLET) ** 2 / 2 + (math.log(shares) / _LEAFLET) ** 2 / 2
            guesses.append(Guess(seconds, share, -share, limit, -share, 0.0, doubt))
    return Belief(
        guesses=tuple(guesses),
        at=at,
        east=east,
        day=day,
        load=Load.OFF,
        load_at=at - COLD_SECONDS_MIN,
        was_off=0.0,
        stops=0,
        stop_at=0.0,
        is_known_today=False,
        spread=_TODAY,
        warm_up_usual=0.0,
        warm_up=0.0,
        is_measured=False,
        cooled_seconds=model.rest.minutes * 60,
        card_seconds=model.card_seconds,
    )


def observe(belief: Belief, *, load: Load, at: float, day: int) -> Belief:
    """Let the time pass under the load that stood, learn from its end, and note the new one.

    A clock that went back moves nothing.
    """
    now = _passed(belief, at=at)
    if day != now.day:
        now = _next_day(now, day=day)
    if load is now.load:
        return now
    lasted = now.at - now.load_at
    if load is Load.WARMING and now.load is Load.OFF:
        now = replace(now, was_off=lasted)
    if load is Load.HOT:
        now = _stopped(now)
    elif now.stops and load in (Load.READY, Load.PRINTING) and now.load in (Load.HOT, Load.WARMING):
        now = _cooled(now)
    elif now.load is Load.PRINTING and lasted >= _CARD_SECONDS_LEAST and load is Load.READY:
        now = replace(now, card_seconds=now.card_seconds + 0.2 * (lasted - now.card_seconds))
    return replace(now, load=load, load_at=now.at)


def warmed_up(belief: Belief, *, seconds: float) -> Belief:
    """It took so long until it was ready, from when it got power or was woken. The first time of a
    morning, and from cold, that tells how warm the room is."""
    is_cold = belief.was_off >= COLD_SECONDS_MIN and belief.hour() < _MORNING_ENDS
    if not is_cold or belief.is_measured or belief.is_known_today or seconds <= 0:
        return belief
    usual = belief.warm_up_usual or seconds
    warm_up = 100 * (seconds / usual - 1)
    if abs(warm_up) > _WARM_UP_MOST:
        return belief
    guesses = tuple(
        replace(guess, limit=new_day(guess.limit, today=belief.spread)) for guess in belief.guesses
    )
    return replace(belief, guesses=guesses, warm_up_usual=usual, warm_up=warm_up, is_measured=True)


def _passed(belief: Belief, *, at: float) -> Belief:
    seconds = at - belief.at
    if seconds <= 0:
        return belief
    now = replace(belief, at=at)
    is_on = belief.load in (Load.READY, Load.PRINTING)
    hour = now.hour()
    guesses = []
    for guess in belief.guesses:
        heat = guess.after(seconds, load=belief.load)
        peak, peak_hour = guess.peak, guess.peak_hour
        if is_on and heat - guess.by_the_hour(hour) > peak:
            peak, peak_hour = heat - guess.by_the_hour(hour), hour
        guesses.append(
            Guess(guess.seconds, guess.share, heat, guess.limit, peak, peak_hour, guess.doubt)
        )
    return replace(now, guesses=tuple(guesses))


def _stopped(belief: Belief) -> Belief:
    """It stopped itself: in every guess the heat of now is today's limit."""
    spread = belief.spread
    best = belief.best
    if belief.stops > 1 and not belief.is_known_today and belief.is_measured:
        mean, exact = belief.limit_of(best)
        known = exact**2 - spread**2
        off = (best.heat - mean) ** 2 - max(0.0, known)
        spread = math.sqrt(max(0.0, 0.8 * spread**2 + 0.2 * off))
        spread = min(max(spread, _TODAY_LEAST), _TODAY_MOST)
    guesses = []
    for guess in belief.guesses:
        mean, exact = belief.limit_of(guess)
        doubt = _KEPT * guess.doubt + ((guess.heat - mean) / exact) ** 2 / 2
        limit = stopped_at(
            guess.limit,
            heat=guess.heat,
            weights=belief.weights(guess, hour=belief.hour()),
            exact=_STOP_EXACT,
        )
        peak = -guess.share
        guesses.append(replace(guess, limit=limit, peak=peak, doubt=min(doubt, 1e6)))
    return replace(
        belief,
        guesses=tuple(guesses),
        stops=belief.stops + 1,
        stop_at=belief.at,
        is_known_today=True,
        spread=spread,
    )


def _cooled(belief: Belief) -> Belief:
    """It takes cards again after it was too hot."""
    took = belief.at - belief.stop_at
    if belief.stop_at <= 0 or took > 6 * 3600 or belief.load_at < belief.stop_at:
        return belief
    weight = 1.0 if belief.stops == 1 else 0.3
    cooled = belief.cooled_seconds + weight * (took - belief.cooled_seconds)
    return replace(belief, cooled_seconds=cooled)


def _next_day(belief: Belief, *, day: int) -> Belief:
    """What it went on at yesterday is learnt; what only yesterday made is forgotten."""
    guesses = []
    for guess in belief.guesses:
        limit, doubt = guess.limit, guess.doubt
        if guess.peak > 0:
            weights = belief.weights(guess, hour=guess.peak_hour)
            heat = guess.peak + guess.by_the_hour(guess.peak_hour)
            mean, variance = limit.at(weights)
            z = (heat - mean) / math.hypot(_STOP_EXACT, math.sqrt(variance))
            doubt -= math.log(max(chance_above(z), 1e-9))
            limit = went_on_at(limit, heat=heat, weights=weights, exact=_STOP_EXACT)
        limit = new_day(limit, today=_UNMEASURED)
        guesses.append(replace(guess, limit=limit, peak=-guess.share, doubt=min(doubt, 1e6)))
    return replace(
        belief,
        guesses=tuple(guesses),
        day=day,
        is_known_today=False,
        is_measured=False,
        warm_up=0.0,
    )


# ---- kept between two ticks ----


def to_record(belief: Belief) -> dict[str, Any]:
    """Plain data for a local table."""
    rest = {name: getattr(belief, name) for name in _PLAIN}
    return {**rest, "load": belief.load.value, "guesses": [_row(g) for g in belief.guesses]}


def _row(guess: Guess) -> list[float]:
    plain = (getattr(guess, name) for name in _OF_A_GUESS)
    row = (*plain, *guess.limit.means, *guess.limit.covariances)
    return [float(f"{value:.7g}") for value in row]


_OF_A_GUESS: Final = ("seconds", "share", "heat", "peak", "peak_hour", "doubt")
_PLAIN: Final = (
    *("at", "east", "day", "load_at", "was_off", "stops", "stop_at", "is_known_today", "spread"),
    *("warm_up_usual", "warm_up", "is_measured", "cooled_seconds", "card_seconds"),
)


def from_record(record: Mapping[str, Any]) -> Belief:
    """The other way. Raises KeyError or TypeError on a record of another shape."""
    guesses = []
    for row in record["guesses"]:
        plain = dict(zip(_OF_A_GUESS, row, strict=False))
        limit = Limit(tuple(row[6:10]), tuple(row[10:26]))
        guesses.append(Guess(limit=limit, **plain))
    return Belief(
        guesses=tuple(guesses),
        load=Load(record["load"]),
        **{name: record[name] for name in _PLAIN},
    )
