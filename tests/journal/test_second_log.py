"""The second log as a file that threads of one process and other processes write together."""

from __future__ import annotations

import json
import sys
import threading

import pytest

from ampera.journal.second_log import FileSecondLog

BATCHES, LINES = 30, 200


@pytest.fixture(autouse=True)
def eager_threads():
    """Threads take turns as often as they can; afterwards as before."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def line(seq: int) -> str:
    return json.dumps({"chain": "16.71.02/up@1", "seq": seq, "padding": "x" * 300})


def test_windows_that_look_while_another_writes_lose_no_place(tmp_path):
    """Two threads of one web process looked at once, each moved the place read to, and from then
    on every line was read from its middle: the post stood still until the next start."""
    path = tmp_path / "second.log"
    looking, writing = FileSecondLog(path), FileSecondLog(path)
    wrong: list[Exception] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            try:
                looking.last_seqs()
            except Exception as error:
                wrong.append(error)
                return

    windows = [threading.Thread(target=look) for _ in range(4)]
    for window in windows:
        window.start()
    for first in range(1, BATCHES * LINES, LINES):
        writing.append([line(seq) for seq in range(first, first + LINES)])
    is_over.set()
    for window in windows:
        window.join()
    assert not wrong
    assert looking.last_seqs() == {"16.71.02/up@1": BATCHES * LINES}
