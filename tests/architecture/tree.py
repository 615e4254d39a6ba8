"""The project's own files, as every rule of this folder sees them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "ampera"
# Made by tools or by running the product. As in .gitignore, which a copy without git cannot ask.
NOT_OURS = frozenset(
    (
        *(".git", ".venv", "__pycache__", ".hypothesis", "node_modules"),
        *("var", "dist", "staticfiles", "test-output"),
    )
)
TEXT_ENDINGS = frozenset(
    (
        *("", ".py", ".sh", ".md", ".txt", ".toml", ".ini", ".cfg", ".json", ".yml", ".yaml"),
        *(".html", ".css", ".js", ".svg", ".csv", ".po"),
    )
)


def files(*endings: str, below: Path = ROOT) -> Iterator[Path]:
    """Every file of ours below a folder whose name ends so, in order. No endings: all text."""
    wanted = frozenset(endings) or TEXT_ENDINGS
    for path in sorted(below.iterdir()):
        if path.name in NOT_OURS or path.name.endswith(("_cache", ".egg-info")):
            continue
        if path.is_dir():
            yield from files(*endings, below=path)
        elif path.suffix in wanted:
            yield path


def name_of(path: Path) -> str:
    """A path as a complaint shows it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
