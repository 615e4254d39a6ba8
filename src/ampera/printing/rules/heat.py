"""What the print agent believes of a printer's heat, learnt from when it stopped itself. Pure.

A printer tells no temperature, only that it is too hot. So heat is counted in a unit of our own:
`0` is where it settles when it stands by warm, `1` where it would settle if it printed for ever,
`-share` where it settles without power. In that unit every printer cools and heats by Newton's law
with one time constant, and its own cut-off is one number, the *limit*: at the same time the share
of the day in which it may print while it is kept just below its cut-off. A cooler room has a higher
limit; at 1 and above the printer never stops.

Time constant and share are not known either: a few guesses are carried side by side, and the one
whose limit moves least from stop to stop is believed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from ampera.printing.rules.models import PrinterModel

#: Guesses around what the model's leaflet says.
_TIMES: Final = (0.5, 0.63, 0.79, 1.0, 1.26, 1.59, 2.0)
_SHARES: Final = (0.5, 1.0, 1.5)
#: How far off the leaflet may be (standard deviation of the logarithm), and how exact a stop is.
_LEAFLET: Final = 0.5
_STOP_EXACT: Final = 0.008
#: What one stop says of a guess is forgotten by this share at the next.
_KEPT: Final = 0.9
#: The limit from day to day: the room is never twice the same.
_DAY_SPREAD: Final = 0.01
_DAY_SPREAD_LEAST: Final = 0.006
_DAY_SPREAD_MOST: Final = 0.06
#: How exactly the limit is known after a stop, and how fast that grows old.
_HOUR_SPREAD: Final = 0.003
#: That it went on at a heat says so much less of the limit with each hour: the room grows warmer.
_FADES: Final = 0.005
#: After a day without a stop the limit is thought this much higher: or a cool room is never found.
_HOPE: Final = 0.006
#: A guess whose doubt is so much above the least explains it about as well.
_PLAUSIBLE: Final = 0.35
_CARD_SECONDS_LEAST: Final = 5.0


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
    base: float  #: the limit of a usual day
    limit: float  #: of today
    peak: float  #: the hottest at which it went on today
    doubt: float  #: grows with every stop that this guess does not explain

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
    day: int  #: the office's calendar day, `date.toordinal()`
    load: Load
    load_at: float  #: since when it is so
    stops: int  #: stops for heat ever seen
    pairs: int  #: of these, stops that were not the first of their day
    stop_at: float  #: the newest of them; 0 for none
    is_known_today: bool  #: it stopped today, so that today's limit is known
    spread: float  #: of the limit from day to day
    base_spread: float  #: how exactly the usual limit is known
    cooled_seconds: float  #: from a stop until it takes cards again
    card_seconds: float

    @property
    def best(self) -> Guess:
        """The guess that explains best when it stopped and when it went on."""
        return min(self.guesses, key=self._doubt)

    @property
    def hopeful(self) -> Guess:
        """The guess by which the printer is paced.

        Of those that explain it about as well as the best, the one that lets it print most: where
        that is wrong the next stop shows it, while too much care shows nothing. Until two stops of
        one day have told the time constant, the best one before a day's first stop.
        """
        if not self.is_known_today and not self.pairs:
            return self.best
        doubts = [(self._doubt(guess), guess) for guess in self.guesses]
        least = min(doubt for doubt, _ in doubts)
        plausible = (guess for doubt, guess in doubts if doubt <= least + _PLAUSIBLE)
        return max(plausible, key=lambda guess: guess.limit)

    def _doubt(self, guess: Guess) -> float:
        # That it went on, hotter than it should have been able to, speaks against a guess as well.
        over = max(0.0, guess.peak - guess.limit) / self.limit_spread
        return guess.doubt + over**2 / 2

    @property
    def limit_spread(self) -> float:
        """How far today's limit may be from where it is thought."""
        if not self.is_known_today:
            return math.hypot(self.spread, self.base_spread)
        hours = max(0.0, self.at - self.stop_at) / 3600
        return math.hypot(_STOP_EXACT, _HOUR_SPREAD * math.sqrt(hours))


def fresh(model: PrinterModel, *, at: float, day: int) -> Belief:
    """What is believed of a printer that nobody has watched yet: its leaflet and its rest rule.

    Nothing is held back for a printer that was never seen to stop: in a cool room it never will.
    """
    minutes_hot = model.rest.minutes
    guesses = []
    for times in _TIMES:
        for shares in _SHARES:
            seconds, share = model.cooling_seconds * times, model.idle_share * shares
            printed = model.rest.after_cards * model.card_seconds
            limit = 1 - (1 + share) * math.exp(-printed / seconds)
            doubt = (math.log(times) / _LEAFLET) ** 2 / 2 + (math.log(shares) / _LEAFLET) ** 2 / 2
            guesses.append(Guess(seconds, share, -share, limit, limit, -share, doubt))
    return Belief(
        guesses=tuple(guesses),
        at=at,
        day=day,
        load=Load.OFF,
        load_at=at,
        stops=0,
        pairs=0,
        stop_at=0.0,
        is_known_today=False,
        spread=_DAY_SPREAD,
        base_spread=_DAY_SPREAD,
        cooled_seconds=minutes_hot * 60,
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
    if load is Load.HOT:
        now = _stopped(now)
    elif now.stops and load in (Load.READY, Load.PRINTING) and now.load in (Load.HOT, Load.WARMING):
        now = _cooled(now)
    elif now.load is Load.PRINTING and lasted >= _CARD_SECONDS_LEAST and load is Load.READY:
        now = replace(now, card_seconds=now.card_seconds + 0.2 * (lasted - now.card_seconds))
    return replace(now, load=load, load_at=now.at)


def _passed(belief: Belief, *, at: float) -> Belief:
    seconds = at - belief.at
    if seconds <= 0:
        return belief
    is_on = belief.load in (Load.READY, Load.PRINTING)
    guesses = []
    for guess in belief.guesses:
        heat = guess.after(seconds, load=belief.load)
        peak = guess.peak - _FADES * seconds / 3600
        peak = max(peak, heat) if is_on else peak
        guesses.append(replace(guess, heat=heat, peak=peak))
    return replace(belief, guesses=tuple(guesses), at=at)


def _stopped(belief: Belief) -> Belief:
    """It stopped itself: in every guess the heat of now is today's limit."""
    is_first = belief.stops == 0
    spread = belief.spread
    if not is_first and not belief.is_known_today:
        off = belief.best.heat - belief.best.base
        spread = math.sqrt(0.8 * spread**2 + 0.2 * off**2)
        spread = min(max(spread, _DAY_SPREAD_LEAST), _DAY_SPREAD_MOST)
    weight = _share_learnt(belief)
    exact = _STOP_EXACT if belief.is_known_today else math.hypot(_STOP_EXACT, spread)
    guesses = []
    for guess in belief.guesses:
        off = guess.heat - (guess.limit if belief.is_known_today else guess.base)
        doubt = guess.doubt if is_first else _KEPT * guess.doubt + (off / exact) ** 2 / 2
        base = guess.heat if is_first else guess.base + weight * (guess.heat - guess.base)
        guesses.append(
            replace(guess, base=base, limit=guess.heat, peak=-guess.share, doubt=min(doubt, 1e6))
        )
    return replace(
        belief,
        guesses=tuple(guesses),
        stops=belief.stops + 1,
        pairs=belief.pairs + belief.is_known_today,
        stop_at=belief.at,
        is_known_today=True,
        spread=spread,
        base_spread=spread if is_first else spread * math.sqrt(weight),
    )


def _share_learnt(belief: Belief) -> float:
    """How much of what today differs from usual is taken for usual from now on."""
    if belief.is_known_today:
        return 0.3
    known, other = belief.base_spread**2, belief.spread**2
    return max(0.35, known / (known + other))


def _cooled(belief: Belief) -> Belief:
    """It takes cards again after it was too hot."""
    took = belief.at - belief.stop_at
    if belief.stop_at <= 0 or took > 6 * 3600 or belief.load_at < belief.stop_at:
        return belief
    weight = 1.0 if belief.stops == 1 else 0.3
    cooled = belief.cooled_seconds + weight * (took - belief.cooled_seconds)
    return replace(belief, cooled_seconds=cooled)


def _next_day(belief: Belief, *, day: int) -> Belief:
    guesses = []
    for guess in belief.guesses:
        base, doubt = guess.base, guess.doubt
        if belief.is_known_today:
            doubt = belief._doubt(guess)  # it went on at a heat, after a stop had shown the limit
        elif belief.stops:
            base = max(base, base + 0.5 * (guess.peak - base)) + _HOPE
        guesses.append(replace(guess, base=base, limit=base, peak=-guess.share, doubt=doubt))
    return replace(belief, guesses=tuple(guesses), day=day, is_known_today=False)


# ---- kept between two ticks ----


def to_record(belief: Belief) -> dict[str, Any]:
    """Plain data for a local table."""
    rows = [[g.seconds, g.share, g.heat, g.base, g.limit, g.peak, g.doubt] for g in belief.guesses]
    rest = {name: getattr(belief, name) for name in _PLAIN}
    rounded = [[round(value, 5) for value in row] for row in rows]
    return {**rest, "load": belief.load.value, "guesses": rounded}


_PLAIN: Final = (
    *("at", "day", "load_at", "stops", "pairs", "stop_at", "is_known_today"),
    *("spread", "base_spread", "cooled_seconds", "card_seconds"),
)


def from_record(record: Mapping[str, Any]) -> Belief:
    """The other way. Raises KeyError or TypeError on a record of another shape."""
    return Belief(
        guesses=tuple(Guess(*row) for row in record["guesses"]),
        load=Load(record["load"]),
        **{name: record[name] for name in _PLAIN},
    )
