"""Our client before a printer that is not ours: Debian's ippeveprinter, on a private message bus.

It keeps no queue (a second job is told busy) and no history (a restart forgets every job and
counts from 1 again): exactly the printer for which *not found* proves nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ampera.devices.ipp.client import IppPrinter
from ampera.printing.ports import (
    DeviceError,
    JobSeen,
    JobState,
    PrinterState,
    Rejected,
    RejectedReason,
    Unreachable,
)

from .conftest import CARD_PDF, tool

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""
# The printer runs this for each job and waits for its end. `go` says how the card comes out.
HOOK = """#!/bin/sh
cp "$1" {folder}/printed.pdf
env | grep '^IPP_' > {folder}/job.env
while [ ! -s {folder}/go ]; do sleep 0.02; done
exit "$(cat {folder}/go)"
"""
PPD = Path(__file__).with_name("card.ppd")


def wait_for(seen: Callable[[], bool], *, seconds_max: float = 60.0) -> None:
    end = time.monotonic() + seconds_max
    while not seen():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@dataclass
class Outside:
    """An ippeveprinter that can be killed and started again, and the folder it works in."""

    client: IppPrinter
    folder: Path
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        wait_for(self._answers)

    def kill(self) -> None:
        """Kill the printer and what it started: the power is cut."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def let_card_come_out(self, exit_code: int = 0) -> None:
        (self.folder / "go").write_text(str(exit_code))

    def seen(self, job_name: str) -> JobSeen:
        found = self.client.find(job_name)
        assert found is not None
        return found

    def wait_for_end(self, job_name: str) -> JobSeen:
        wait_for(lambda: self.seen(job_name).state.is_ended)
        return self.seen(job_name)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            self.client.look()
        except DeviceError:
            return False
        return True


@contextmanager
def private_bus(folder: Path) -> Iterator[str]:
    """ippeveprinter ends at once where no system bus answers; this one knows nobody."""
    daemon = tool("dbus-daemon", package="dbus-daemon")
    address = folder / "bus.sock"
    config = folder / "bus.conf"
    config.write_text(BUS.format(socket=address))
    command = [daemon, f"--config-file={config}", "--nofork", "--nopidfile"]
    bus = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(address.exists)
        yield f"unix:path={address}"
    finally:
        bus.kill()
        bus.wait()


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    program = tool("ippeveprinter", package="cups-ipp-utils")
    folder = tmp_path_factory.mktemp("out")  # short: a socket's path has at most 107 bytes
    (folder / "spool").mkdir()
    hook = folder / "hook.sh"
    hook.write_text(HOOK.format(folder=folder))
    hook.chmod(0o755)
    shutil.copy(PPD, folder / "card.ppd")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [program, "-r", "off", "-p", str(port), "-n", "localhost", "-d", "spool", "-k"]
    command += ["-F", "application/pdf", "-P", "card.ppd", "-c", str(hook), "Kartu Contoh"]
    with private_bus(folder) as bus:
        environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": bus}
        client = IppPrinter(host="localhost", port=port)
        printer = Outside(client, folder, command, environment)
        try:
            printer.start()
            yield printer
        finally:
            printer.kill()


def test_an_idle_printer_is_seen(outside: Outside) -> None:
    seen = outside.client.look()
    assert seen.state is PrinterState.IDLE
    assert seen.is_accepting_jobs
    assert len(seen.uuid) == 36
    assert seen.up_time_seconds >= 0
    assert outside.client.find("att_1") is None


def test_a_sent_job_is_printed_and_found_by_name(outside: Outside) -> None:
    sent = outside.client.send(job_name="att_1", document=CARD_PDF)
    assert not sent.state.is_ended
    wait_for(lambda: outside.seen("att_1").state is JobState.PROCESSING)
    assert outside.client.look().state is PrinterState.PROCESSING
    outside.let_card_come_out()
    ended = outside.wait_for_end("att_1")
    assert (ended.state, ended.job_id) == (JobState.COMPLETED, sent.job_id)
    assert (outside.folder / "printed.pdf").read_bytes() == CARD_PDF
    job = (outside.folder / "job.env").read_text()
    assert "IPP_SIDES=two-sided-long-edge" in job
    assert "x-dimension=5398 y-dimension=8560" in job


def test_a_card_that_fails_is_seen_as_aborted(outside: Outside) -> None:
    outside.let_card_come_out(exit_code=1)
    outside.client.send(job_name="att_1", document=CARD_PDF)
    ended = outside.wait_for_end("att_1")
    assert (ended.state, ended.reasons) == (JobState.ABORTED, ("aborted-by-system",))


def test_a_second_job_is_rejected_as_busy(outside: Outside) -> None:
    outside.client.send(job_name="att_1", document=CARD_PDF)
    with pytest.raises(Rejected) as no:
        outside.client.send(job_name="att_2", document=CARD_PDF)
    assert no.value.reason is RejectedReason.BUSY
    assert outside.client.find("att_2") is None


def test_a_canceled_job_ends_when_the_printer_comes_to_a_stop(outside: Outside) -> None:
    outside.client.send(job_name="att_1", document=CARD_PDF)
    wait_for(lambda: outside.seen("att_1").state is JobState.PROCESSING)
    asked = outside.client.cancel("att_1")
    assert asked is not None
    assert not asked.state.is_ended, "asking is not ending"
    outside.let_card_come_out()
    assert outside.wait_for_end("att_1").state is JobState.CANCELED


def test_a_purge_is_not_told_done_while_a_card_is_still_under_way(outside: Outside) -> None:
    outside.client.send(job_name="att_1", document=CARD_PDF)
    wait_for(lambda: outside.seen("att_1").state is JobState.PROCESSING)
    with pytest.raises(Rejected):
        outside.client.purge()
    outside.let_card_come_out()
    outside.wait_for_end("att_1")
    outside.client.purge()


def test_a_printer_killed_in_mid_job_forgets_it_and_shows_that_it_restarted(
    outside: Outside,
) -> None:
    sent = outside.client.send(job_name="att_1", document=CARD_PDF)
    before = outside.client.look()
    wait_for(lambda: outside.client.look().up_time_seconds > before.up_time_seconds)
    before, started = outside.client.look(), time.monotonic()
    outside.kill()
    with pytest.raises(Unreachable):
        outside.client.find("att_1")
    outside.start()
    assert outside.client.find("att_1") is None, "not found, and the card may exist all the same"
    after = outside.client.look()
    elapsed = time.monotonic() - started
    assert after.up_time_seconds < before.up_time_seconds + elapsed, "it did not run through"
    outside.let_card_come_out()
    other = outside.client.send(job_name="att_2", document=CARD_PDF)
    assert other.job_id == sent.job_id, "a job id means nothing across a restart"
    assert outside.client.find("att_1") is None
