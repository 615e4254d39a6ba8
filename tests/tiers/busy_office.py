"""An office that never rests: `python -m tests.tiers.busy_office FOLDER` writes until it is killed.

Each line that it says is the number of entries it has written so far: said after the commit.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ampera.tiers.folder import ServerFolder
from ampera.tiers.opening import open_server


def main(folder: Path) -> None:
    open_server(ServerFolder(folder))
    from ampera.journal.actions import record_look
    from ampera.journal.house import house

    number = 0
    while True:
        record_look(officer="", subjects=[house().ids.new("res")], purpose="counter")
        number += 1
        print(number, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
