"""The bench of the print agent as a chart and a table for the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bench.printing_day import Row

_WIDTH: Final = 860
_LINE: Final = 46
_LEFT: Final = 230
_SCALE: Final = 540  #: pixels of the whole limit
_TOP: Final = 56
_PLAIN, _AGENT = "#8a94a3", "#1f6f5c"


def write_pages(rows: Sequence[Row], *, folder: Path, seeds: int, days: int) -> None:
    """Write `printing-bench.svg` and `printing-bench.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "printing-bench.svg").write_text(chart(rows), "utf-8")
    (folder / "printing-bench.md").write_text(page(rows, seeds=seeds, days=days), "utf-8")


def chart(rows: Sequence[Row]) -> str:
    """Two bars a row: plain and agent, as shares of the limit."""
    height = _TOP + _LINE * len(rows) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        ' font-family="sans-serif" font-size="13" role="img"'
        ' aria-label="Cards a day as a share of the physical limit">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<rect x="{_LEFT}" y="14" width="14" height="12" fill="{_PLAIN}"/>'
        f'<text x="{_LEFT + 20}" y="25">plain: card after card</text>',
        f'<rect x="{_LEFT + 190}" y="14" width="14" height="12" fill="{_AGENT}"/>'
        f'<text x="{_LEFT + 210}" y="25">print agent</text>',
    ]
    for share in (0.8, 0.9, 1.0):
        x = _x(share)
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{height - 20}" stroke="#d5dae1"/>'
            f'<text x="{x}" y="{_TOP - 12}" text-anchor="middle" fill="#55606e">{share:.0%}</text>'
        )
    for number, row in enumerate(rows):
        y = _TOP + number * _LINE
        parts.append(f'<text x="12" y="{y + 23}">{row.model} · {row.scene}</text>')
        bars = ((row.plain_share, _PLAIN, y + 3), (row.share, _AGENT, y + 20))
        for share, colour, top in bars:
            width = max(0, _x(share) - _LEFT)
            parts.append(
                f'<rect x="{_LEFT}" y="{top}" width="{width}" height="14" fill="{colour}"/>'
                f'<text x="{_LEFT + width + 6}" y="{top + 12}">{share:.1%}</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(share: float) -> int:
    """Bars begin at 60 % of the limit; nothing measured lies below."""
    return round(_LEFT + _SCALE * (share - 0.6) / 0.4)


def page(rows: Sequence[Row], *, seeds: int, days: int) -> str:
    """The same as a table, with what the numbers mean."""
    from bench.printing_day import GOAL
    from bench.printing_desk import SCENES

    lines = [
        "# Cards a day: the print agent against the physical limit",
        "",
        "Made by `python -m bench.printing_day --write docs/internals`. The simulated printers and"
        " all that befalls them are the same for all three, from the same seeds; time is virtual.",
        "",
        "- **plain**: a card whenever the printer would take one.",
        "- **agent**: the real rules of the print agent, which has no thermometer and learns from"
        " the printer's words (`printing/rules/heat.py`, `pacing.py`).",
        "- **limit**: who knows the printer's temperature and every figure of it. It is warm when"
        " the office opens and prints each card as early as it can below the cut-off. Heat fades,"
        " so an earlier card leaves no less room for later ones: nobody prints more.",
        "",
        f"Means of {days} working days after the first, {seeds} seeds. *First day* is the agent at"
        " a printer that nobody has watched before; it is not held back before its first stop, so"
        " that a printer that never stops is never slowed down. *Below plain* counts days on which"
        " plain printed more, the first days included.",
        "",
        f"The goal is {GOAL:.0%} of the limit.",
        "",
        "The few constants of `heat.py` and `pacing.py` were chosen on days of these same kinds and"
        " seeds; other rooms and printers will differ.",
        "",
        "![Bars: plain and agent as shares of the limit](printing-bench.svg)",
        "",
        "| printer | day | plain | agent | limit | plain/limit | agent/limit | goal | first day"
        " | stops a day, plain → agent | below plain |",
        "|---|---|--:|--:|--:|--:|--:|---|--:|---|--:|",
    ]
    for row in rows:
        goal = "reached" if row.share >= GOAL else "missed"
        lines.append(
            f"| {row.model} | {row.scene} | {row.plain:.1f} | {row.agent:.1f} | {row.limit:.1f}"
            f" | {row.plain_share:.1%} | {row.share:.1%} | {goal} | {row.first_day:.1%}"
            f" | {row.stops_plain:.1f} → {row.stops_agent:.1f}"
            f" | {row.days_below_plain} of {row.days} |"
        )
    lines += ["", "## The days", ""]
    lines += [f"- **{scene.name}**: {scene.says}." for scene in SCENES]
    lines += [
        "",
        "Rooms differ from day to day by 0.4 °C (standard deviation) and are 1.5 °C warmer at two"
        " in the afternoon than in the morning, unless the day says otherwise.",
        "",
    ]
    return "\n".join(lines)
