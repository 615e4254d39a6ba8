"""Spans of time and their arithmetic: what lies within, what is left, how long. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment up to, but not including, another."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        assert self.since <= self.until, "a span does not run backwards"

    @property
    def length(self) -> timedelta:
        return self.until - self.since

    def within(self, other: Span) -> Span | None:
        """The part that lies in `other`; None when nothing does."""
        since, until = max(self.since, other.since), min(self.until, other.until)
        return Span(since, until) if since < until else None


def clip(spans: Iterable[Span], window: Span | None) -> list[Span]:  # positional: reads as a line
    """What of the spans lies in the window, joined and in order; nothing without a window."""
    if window is None:
        return []
    return join(part for span in spans if (part := span.within(window)) is not None)


def join(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as possible, in order, none touching another."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda each: each.since):
        if joined and span.since <= joined[-1].until:
            joined[-1] = Span(joined[-1].since, max(joined[-1].until, span.until))
        else:
            joined.append(span)
    return [span for span in joined if span.length > timedelta(0)]


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:  # positional: a pair
    """What is left of the spans when all that was taken is cut out."""
    left: list[Span] = []
    cuts = join(taken)
    for span in join(spans):
        edges = [span.since]
        for cut in cuts:
            part = cut.within(span)
            if part is not None:
                edges += [part.since, part.until]
        edges.append(span.until)
        # Every second pair of edges lies between two cuts.
        left += [Span(*pair) for pair in list(pairwise(edges))[::2]]
    return [span for span in left if span.length > timedelta(0)]


def total(spans: Iterable[Span]) -> timedelta:
    """How long the spans are together; time told twice counts once."""
    return sum((span.length for span in join(spans)), timedelta(0))
