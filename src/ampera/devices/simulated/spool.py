"""The printer's memory across `kill -9`: an append-only file, one line a change, the last wins.

Each line is written before the request that caused it is answered, so an answered job is a kept
job. What it survives is the death of the process; the file is not forced to the disk, for the
computer that runs a simulated printer is not itself part of the simulation.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from ampera.devices.simulated.cards import Physical
from ampera.devices.simulated.jobs import Job
from ampera.devices.simulated.machine import Machine

SPOOL_NAME: Final = "spool.jsonl"
_LINES_MAX: Final = 2000  # then the file is written anew


class SpoolBroken(ValueError):
    """A line of the spool that is not its last cannot be read."""


class Spool:
    """The file of one printer. Only one process at a time may hold it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / SPOOL_NAME
        self._revision = -1
        self._jobs: dict[int, dict[str, Any]] = {}
        self._settled: dict[int, dict[str, Any]] = {}
        self._lines = _LINES_MAX

    def load(self, machine: Machine) -> bool:
        """Bring the machine to where the file left it; False when there is no file yet."""
        record, jobs = _read(self._path)
        if record is None:
            return False
        machine.restore(record, {key: Job.from_record(job) for key, job in jobs.items()})
        return True

    def save(self, machine: Machine) -> None:
        """Append what has changed since the last call, if anything has."""
        if machine.revision == self._revision:
            return
        jobs = {key: self._settled.get(key) or job.record() for key, job in machine.jobs.items()}
        line: dict[str, Any] = {"machine": machine.record()}
        if self._lines >= _LINES_MAX:
            self._rewrite({**line, "jobs": list(jobs.values()), "gone": []})
        else:
            line["jobs"] = [job for key, job in jobs.items() if self._jobs.get(key) != job]
            line["gone"] = [key for key in self._jobs if key not in jobs]
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            self._lines += 1
        self._jobs, self._revision = jobs, machine.revision
        self._settled = {key: jobs[key] for key, job in machine.jobs.items() if job.is_settled}

    def _rewrite(self, line: dict[str, Any]) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(line) + "\n", encoding="utf-8")
        os.replace(fresh, self._path)
        self._lines = 1


def physical_in(folder: Path) -> Physical | None:
    """Look into a printer from another process, whether it runs or not; None before its first."""
    record, _ = _read(folder / SPOOL_NAME)
    return Physical.from_record(record["physical"]) if record is not None else None


def _read(path: Path) -> tuple[dict[str, Any] | None, dict[int, dict[str, Any]]]:
    record: dict[str, Any] | None = None
    jobs: dict[int, dict[str, Any]] = {}
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else [""]
    for line in lines[:-1]:  # what follows the last line end was being written when the power went
        try:
            said = json.loads(line)
        except ValueError:
            raise SpoolBroken(f"{path.name} holds a line that is no JSON") from None
        record = said["machine"]
        jobs.update({job["job_id"]: job for job in said["jobs"]})
        for job_id in said["gone"]:
            jobs.pop(job_id, None)
    return record, jobs
