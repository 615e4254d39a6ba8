"""How a text finds its place: shrink, then wrap, then say no. Never cut.

A name that is cut on an identity card is another name. So a text is first set smaller down to a
stated minimum, then broken between words into as many lines as its row may have, and if that is
not enough the caller learns that it does not fit.
"""

from __future__ import annotations

from dataclasses import dataclass

from ampera.papers.fonts import text_width_pt


@dataclass(frozen=True, slots=True)
class Room:
    """The room that a text has, in points; `stretch` is the letter width (1.0 = as designed)."""

    width_pt: float
    size_pt: float
    size_pt_min: float
    lines_max: int = 1
    stretch: float = 1.0
    step_pt: float = 0.1


@dataclass(frozen=True, slots=True)
class Fitted:
    """The lines as they will be printed, and their size."""

    lines: tuple[str, ...]
    size_pt: float


def fit(text: str, *, font: str, room: Room) -> Fitted | None:
    """Set a text into its room; None when it does not fit whole.

    Joined by single blanks the lines are the text again (its inner white space collapsed).
    """
    words = text.split()
    if not words:
        return Fitted(lines=("",), size_pt=room.size_pt)
    for lines_allowed in range(1, room.lines_max + 1):
        for size in _sizes(room):
            lines = _broken(words, font=font, size_pt=size, room=room)
            if lines is not None and len(lines) <= lines_allowed:
                return Fitted(lines=lines, size_pt=size)
    return None


def _sizes(room: Room) -> list[float]:
    """From the wanted size to the least one, in steps; counted in whole steps, so no drift."""
    steps = round((room.size_pt - room.size_pt_min) / room.step_pt)
    return [round(room.size_pt - step * room.step_pt, 3) for step in range(steps + 1)]


def _broken(words: list[str], *, font: str, size_pt: float, room: Room) -> tuple[str, ...] | None:
    """Break between words, filling each line; None when one word alone is wider than the room."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, font=font, size_pt=size_pt, room=room) <= room.width_pt:
            lines[-1] = longer
        elif _width(word, font=font, size_pt=size_pt, room=room) <= room.width_pt:
            lines.append(word)
        else:
            return None
    return tuple(lines)


def _width(text: str, *, font: str, size_pt: float, room: Room) -> float:
    return text_width_pt(text, font=font, size_pt=size_pt) * room.stretch
