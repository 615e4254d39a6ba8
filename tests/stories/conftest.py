"""All stories are played once a run on one city, whichever worker comes first."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import Any

import pytest

from tests.stories.running import play_all


@pytest.fixture(scope="session")
def stories(run_folder: Path) -> dict[str, Any]:
    """What each story left behind, by name."""
    folder = run_folder / "stories"
    folder.mkdir(exist_ok=True)
    done = folder / "results.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            done.write_text(json.dumps(play_all(folder)))
    return json.loads(done.read_text())
