"""Children die with their parent; a port and a folder belong to one process at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from ampera.tiers.city.supervisor import Member
from ampera.tiers.folder import ServerFolder, lock_folder
from ampera.tiers.processes import bind, probe
from ampera.tiers.telling import CannotError
from tests.tiers.running import is_alive, wait_until

FORKS = """
import os, sys, time
from ampera.tiers import processes
pid = processes.fork(lambda: time.sleep(60) or 0, name="child")
print(pid, flush=True)
time.sleep(60)
"""

FAILS = """
from ampera.tiers import processes
import os
def fail(): raise RuntimeError("the child's own fault")
pid = processes.fork(fail, name="child")
print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


def test_a_child_dies_with_its_parent_however_that_ends():
    parent = subprocess.Popen([sys.executable, "-c", FORKS], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not is_alive(child))


def test_a_child_that_fails_never_runs_on_in_its_parents_code():
    done = subprocess.run(
        [sys.executable, "-c", FAILS], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout == "status 1\n"
    assert "the child's own fault" in done.stderr


def test_a_taken_port_is_refused_by_name():
    with bind(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(CannotError, match=f"Port {port}"):
            probe([port])
    probe([port])


def test_a_folder_is_held_by_one_process(tmp_path):
    held = lock_folder(tmp_path)
    with pytest.raises(CannotError, match="in use"):
        ServerFolder(tmp_path).lock()
    os.close(held)
    os.close(ServerFolder(tmp_path).lock())


def test_who_dies_at_once_again_and_again_is_started_less_and_less_often():
    member = Member("16.71", run=lambda: 1)
    waits = []
    for _ in range(7):
        member.started_at = 100.0
        waits.append(member.wait_seconds(now=101.0, was_killed=False))
    assert waits == [2, 4, 8, 16, 32, 60, 60]
    assert member.wait_seconds(now=102.0, was_killed=True) == 2
    member.started_at = 200.0
    assert member.wait_seconds(now=900.0, was_killed=False) == 2


def test_a_lock_does_not_outlive_its_process(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from ampera.tiers.folder import lock_folder;"
        " lock_folder(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(CannotError):
        lock_folder(tmp_path)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    os.close(lock_folder(tmp_path))
