"""The bench of the print agent as a chart and a table for the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bench.printing_day import Row

_WIDTH: Final = 860
_LINE: Final = 46
_LEFT: Final = 290
_SCALE: Final = 490  #: pixels of the whole limit
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
        mark = " (held out)" if row.is_held_out else ""
        parts.append(f'<text x="12" y="{y + 23}">{row.model} · {row.scene}{mark}</text>')
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
    """The same as tables, with what the numbers mean."""
    from bench.printing_day import GOAL
    from bench.printing_desk import HELD_OUT, SCENES

    tuned = [row for row in rows if not row.is_held_out]
    held_out = [row for row in rows if row.is_held_out]
    lines = [
        "# Cards a day: the print agent against the physical limit",
        "",
        "Made by `python -m bench.printing_day --write docs/internals`. The simulated printers and"
        " all that befalls them are the same for all three, from the same seeds; time is virtual.",
        "",
        "- **plain**: a card whenever the printer would take one.",
        "- **agent**: the real rules of the print agent, which has no thermometer and learns from"
        " the printer's words (`printing/rules/heat.py`, `limit.py`, `pacing.py`).",
        "- **limit**: who knows the printer's temperature and every figure of it. It is warm when"
        " the office opens and prints each card as early as it can below the cut-off. Heat fades,"
        " so an earlier card leaves no less room for later ones: nobody prints more.",
        "",
        f"Means of {days} working days after the first, {seeds} seeds. *First day* is the agent at"
        " a printer that nobody has watched before. *Below plain* counts days on which plain"
        " printed more, the first days included, by how many cards on all of them and on the worst;"
        " *runs below* counts the seeds whose days together are below plain.",
        "",
        f"The goals are {GOAL:.0%} of the limit, and no day below plain.",
        "",
        "![Bars: plain and agent as shares of the limit](printing-bench.svg)",
        "",
        "## Days on which the constants were chosen",
        "",
        *_summary(tuned),
        *_table(tuned),
        "",
        *(f"- **{scene.name}**: {scene.says}." for scene in SCENES),
        "",
        "Rooms differ from day to day by 0.4 °C (standard deviation) and are 1.5 °C warmer at two"
        " in the afternoon than in the morning, unless the day says otherwise.",
        "",
        "## Held out: days on which nothing was chosen",
        "",
        "Other seeds, other rooms, and a third printer, `unknown-90`: 90 seconds a card, other time"
        " constants and another cut-off, a name that no table of the office knows, so that the"
        " agent starts from figures that are far off.",
        "",
        *_summary(held_out),
        *_table(held_out),
        "",
        *(f"- **{scene.name}**: {scene.says}." for scene in HELD_OUT),
        "",
        *_WHY,
    ]
    return "\n".join(lines)


def _summary(rows: Sequence[Row]) -> list[str]:
    from bench.printing_day import GOAL

    reached = sum(row.share >= GOAL for row in rows)
    days, below = sum(row.days for row in rows), sum(row.days_below_plain for row in rows)
    cards = sum(row.cards_below_plain for row in rows)
    worst = max((row.cards_most_below for row in rows), default=0)
    runs = sum(row.runs_below_plain for row in rows)
    return [
        f"{GOAL:.0%} of the limit in {reached} of {len(rows)} kinds of day; fewer cards than plain"
        f" on {below} of {days} days ({cards} cards together, {worst} on the worst day) and in"
        f" {runs} runs of all days of a seed.",
        "",
    ]


def _table(rows: Sequence[Row]) -> list[str]:
    from bench.printing_day import GOAL

    lines = [
        "| printer | day | plain | agent | limit | plain/limit | agent/limit | goal | first day"
        " | stops a day, plain → agent | days below plain | cards, worst | runs below |",
        "|---|---|--:|--:|--:|--:|--:|---|--:|---|--:|--:|--:|",
    ]
    for row in rows:
        goal = "reached" if row.share >= GOAL else "missed"
        lines.append(
            f"| {row.model} | {row.scene} | {row.plain:.1f} | {row.agent:.1f} | {row.limit:.1f}"
            f" | {row.plain_share:.1%} | {row.share:.1%} | {goal} | {row.first_day:.1%}"
            f" | {row.stops_plain:.1f} → {row.stops_agent:.1f}"
            f" | {row.days_below_plain} of {row.days}"
            f" | {row.cards_below_plain}, {row.cards_most_below} | {row.runs_below_plain} |"
        )
    return lines


_WHY: Final = (
    "## Why a day below plain cannot be ruled out",
    "",
    "Before the first stop of a day nobody without a thermometer knows whether the printer would"
    " stop at all on that day: rooms differ, and the difference shows only in words that are told"
    " to the second (how long it warmed up). Where it would not have stopped, each wait of a card's"
    " length is a card less than plain. So only who never waits before a day's first stop is never"
    " below plain; but that one meets the first stop of every day as plain does. On retransfer-180,"
    " which stops once a day and late, it would print as much as plain, and 97% of the limit would"
    " be out of reach. The agent waits only where a stop on this day is at least four times as"
    " likely as none, and counts a stop for two and a half times the cards that it costs.",
    "",
    "Jams, cuts and ribbons add a little of their own: plain and agent do not have the same card in"
    " work at the same minute, and a ribbon that the agent has used up sooner is changed on another"
    " day.",
    "",
    "## How it learns",
    "",
    "In its own unit of heat the printer's cut-off is one number, lower in a warmer room. For each"
    " of 21 guesses at time constant and idle heat that number is estimated by least squares from"
    " four causes: the usual cut-off, how long the printer took to warm up this morning (a warm"
    " room warms it faster), the hour, and what only today makes. A stop tells the sum exactly; a"
    " heat at which it went on tells that the sum is not below. The guesses that foretell stops"
    " best are believed: while the day is long the boldest of them, later the most careful.",
    "",
    "In the simulated printers nothing but the room changes how long they warm up from cold. A"
    " real printer's warm-up will tell less; nobody has published how much. Blind to the warm-up,"
    " on the same days, the agent reached 96.4% (normal, 2 days below plain), 97.3% (hot room) and"
    " 96.8% (jams, 2 days below plain) on retransfer-180, and 97.1% (normal) on retransfer-60. Of"
    " the stops that are left, those that were looked at came mostly in the last minutes of a day,"
    " when they cost little and teach where the cut-off lies.",
    "",
    "## What the software itself costs",
    "",
    "Measured apart by `make bench ARGS=kecamatan_day`: the processor time of the six server"
    " processes of three tiers for 160 cards from the request to the hand, chip, check and pages"
    " included. On 2026-11-22, on two cores shared with other work, 1.05 s a card: 0.58% of the"
    " 180 s that a card takes on the printer. The goal is under 1%.",
    "",
)
