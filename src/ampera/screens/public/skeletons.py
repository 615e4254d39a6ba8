"""Pages of which all but a few words is made once.

A template is rendered with marks in the place of what differs from visitor to visitor, cut at the
marks and kept; an answer is the cut page with the words put in, each made safe for HTML. So the
templates stay the only description of the pages, and a look-up pays for its own words only.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any, Final

from django.template.loader import render_to_string
from django.urls import reverse

from ampera.screens.public.texts import TEXTS

#: Shapes of pages: languages, how far a request has got, how many reasons it has to wait.
_SHAPES_MAX: Final = 256
# Drawn for each process: no office's name can look like a mark.
_MARK: Final = secrets.token_hex(8)
_MARKS: Final = re.compile(f"{_MARK}-([a-z_0-9]+)-")

#: What a page is made with once; hashable, because the shape is kept by it.
Shape = tuple[tuple[str, Any], ...]


def whole(template: str, *, language: str, context: Mapping[str, Any]) -> str:
    """A page that is made anew each time: for long lists."""
    return render_to_string(template, {**_frame(language), **context})


def fill(
    template: str,
    *,
    language: str,
    shape: Shape,
    words: Mapping[str, str],
    waits: tuple[str, ...] = (),
) -> str:
    """The page of that shape with these words; `waits` is a list of any length."""
    literal, names = _cut(template, language, shape, tuple(words), len(waits))
    told = {**words, **{f"waits_{number}": wait for number, wait in enumerate(waits)}}
    parts = [literal[0]]
    for name, after in zip(names, literal[1:], strict=True):
        parts += (escape(told[name]), after)
    return "".join(parts)


@lru_cache(maxsize=_SHAPES_MAX)
def _cut(  # positional: what the cut page is kept by
    template: str, language: str, shape: Shape, words: tuple[str, ...], waits: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The page as text between the marks, and the names of the marks in their order."""
    marks: dict[str, Any] = {name: f"{_MARK}-{name}-" for name in words}
    marks["waits"] = [f"{_MARK}-waits_{number}-" for number in range(waits)]
    parts = _MARKS.split(whole(template, language=language, context={**dict(shape), **marks}))
    return tuple(parts[::2]), tuple(parts[1::2])


def _frame(language: str) -> dict[str, Any]:
    """What every page of one language is made with."""
    query = "?bahasa=en" if language == "en" else ""
    return {
        "t": TEXTS[language],
        "other": "id" if language == "en" else "en",
        "query": query,
        "home": f"{reverse('status')}{query}",
    }
