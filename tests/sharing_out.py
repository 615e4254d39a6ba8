"""How the tests of a run are shared out among its processes.

A file's tests share what they start (a city, a browser), so a file stays in one process; worlds
share nothing and fill up whoever is free. Files that start servers wait more than they compute:
one process plays them one after the other while the others keep the cores busy.

A scheduler of our own: the `loadgroup` of pytest-xdist 3.8 writes its groups into a field of the
test ids that pytest 9 does not read any more, so nothing is grouped, without a word.
"""

from __future__ import annotations

from typing import Final

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

#: Those that take longest first.
WAITING: Final = (
    "tests/tiers/test_backup_line.py",
    "tests/tiers/test_backup_dinas.py",
    "tests/stories/",
    "tests/browser/",
    "tests/tiers/",
    "tests/bad_input/test_servers.py",
    "tests/contracts/test_post_killed.py",
)
ALONE: Final = "tests/simulation/"


class ByFile(LoadScopeScheduling):
    """The first process begins with the files that wait; the others come to them last."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        is_first = node is next(iter(self.assigned_work))
        sizes = {scope: len(unit) for scope, unit in self.workqueue.items()}
        scope = chosen(sizes, is_first=is_first)
        self.workqueue.move_to_end(scope, last=False)  # from there it is taken
        super()._assign_work_unit(node)


def scope_of(nodeid: str) -> str:
    """What stays together: a file, or one world."""
    return nodeid if nodeid.startswith(ALONE) else nodeid.partition("::")[0]


def chosen(sizes: dict[str, int], *, is_first: bool) -> str:
    """Which of the waiting units a process takes next. `sizes`: how many tests each of them has."""

    def rank(scope: str) -> tuple[int, int, str]:
        place = next((n for n, each in enumerate(WAITING) if scope.startswith(each)), None)
        if place is not None:
            return (place if is_first else 100 - place, 0, scope)
        if scope.startswith(ALONE):
            return (50, 0, scope)  # small: they fill what is left
        return (51 if is_first else 0, -sizes[scope], scope)

    return min(sizes, key=rank)
