"""What a document points at: files, headings, `make` targets, `ampera` commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"!?\[[^\]\n]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
NAMED_ANCHOR = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")
MAKE = re.compile(r"(?:^|[`\s$;&(])make ([a-z][a-z_]*)(?![\w-]*\.)")
AMPERA = re.compile(r"(?:^|[`\s$;&(/])ampera ([a-z][a-z-]*)")
CODE = re.compile(r"^(```|~~~)[^\n]*\n(.*?)^\1[ \t]*$|`([^`\n]+)`", re.MULTILINE | re.DOTALL)


def anchors(page: str) -> set[str]:
    """The #names that a page offers: its headings as web hosts spell them, and anchors by hand."""
    found: set[str] = set(NAMED_ANCHOR.findall(page))
    for heading in HEADING.findall(FENCE.sub("", page)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        again, count = name, 0
        while again in found:
            count += 1
            again = f"{name}-{count}"
        found.add(again)
    return found


def links(page: str) -> Iterator[str]:
    """The targets of a page's links, without those to other hosts."""
    text = INLINE_CODE.sub("", FENCE.sub("", page))
    for target in (*LINK.findall(text), *REFERENCE.findall(text)):
        if not ELSEWHERE.match(target):
            yield unquote(target)


def broken_links(path: Path, *, page: str) -> Iterator[str]:
    """Each target of the page at `path` that leads nowhere."""
    for target in links(page):
        name, _, anchor = target.partition("#")
        there = (path.parent / name) if name else path
        if not there.exists():
            yield f"{target}: no such file"
        elif anchor and there.suffix == ".md":
            offered = anchors(page if there == path else there.read_text(encoding="utf-8"))
            if anchor not in offered:
                yield f"{target}: no such heading"


def code_in(page: str) -> Iterator[str]:
    """What stands in code marks or code blocks: only there is a command a command."""
    for match in CODE.finditer(page):
        yield match.group(2) or match.group(3) or ""


def named_targets(page: str) -> set[str]:
    """Every `make x` that a page tells the reader to type."""
    return {name for code in code_in(page) for name in MAKE.findall(code)}


def named_commands(page: str) -> set[str]:
    """Every `ampera x` that a page tells the reader to type."""
    return {name for code in code_in(page) for name in AMPERA.findall(code)}
