"""`make bench`: every measurement in one run, as ratios. Prints a table, or JSON with --json."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

MEASUREMENTS = (
    "journal_append",
    "post_rows",
    "status_lookup",
    "click_while_healing",
    "kecamatan_day",
    "whatif",
    "allocation",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"one or more of {', '.join(MEASUREMENTS)}")
    parser.add_argument("--json", action="store_true", help="for machines")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ampera.tiers.settings")
    sys.path.insert(0, str(Path(__file__).parents[1]))
    import django

    django.setup()
    found = []
    for name in chosen.names or MEASUREMENTS:
        print(f"measuring {name} …", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            measured = import_module(f"bench.{name}").measure(Path(folder))
            found += measured if isinstance(measured, tuple) else [measured]
    if chosen.json:
        print(json.dumps([{**asdict(each), "ratio": each.ratio} for each in found]))
        return 0
    for each in found:
        verdict = "reached" if each.ratio >= each.goal else "MISSED"
        print(
            f"{each.name:34} {each.ours:12,.1f} / {each.yardstick:12,.1f} {each.unit:18}"
            f" ratio {each.ratio:5.2f}  goal {each.goal:.2f} {verdict}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
