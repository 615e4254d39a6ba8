"""Read the glossary's banned words, and find them in the names that a piece of code defines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

IN_CODE_MARKS = re.compile(r"`([^`]+)`")
WORD_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class BannedWord:
    """`parts` stand next to each other in a name; `is_type` bans it in names of classes only."""

    text: str
    parts: tuple[str, ...]
    is_type: bool
    say: str  #: the word that the glossary has instead


def parts_of(name: str) -> tuple[str, ...]:
    """`CardRequest_id2` is card, request, id, 2."""
    return tuple(part.lower() for part in WORD_PARTS.findall(name))


def banned_words(page: str) -> list[BannedWord]:
    """The last column of the glossary's table, as far as it stands in code marks."""
    found = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 4:
            continue
        instead = ", ".join(IN_CODE_MARKS.findall(cells[0])) or cells[0]
        found += [
            BannedWord(text, parts=parts_of(text), is_type=text[0].isupper(), say=instead)
            for text in IN_CODE_MARKS.findall(cells[3])
        ]
    return found


def complaints(name: str, *, text: str, banned: list[BannedWord]) -> list[str]:
    """Every name that this code defines and that carries a banned word."""
    found = []
    for defined, line, is_type in _defined(ast.parse(text)):
        parts = parts_of(defined)
        for word in banned:
            if (is_type or not word.is_type) and _has(parts, word.parts):
                found.append(f"{name}:{line}: {defined}: not {word.text}, say {word.say}")
    return found


def _has(parts: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(parts[i : i + size] == wanted for i in range(len(parts) - size + 1))


def _defined(tree: ast.AST) -> Iterator[tuple[str, int, bool]]:
    """Names that the code brings into the world. Names that it only uses belong to others."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name, node.lineno, True
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, False
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno, False
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno, False
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno, False
