"""Encoders to test on: simulated ones, and the real PC/SC stack before virtual cards."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from ampera.devices.chip.encoder import ReaderEncoder
from ampera.devices.chip.memory import MemoryReader, memory_encoder
from ampera.devices.chip.pcsc import PcscReader
from ampera.devices.chip.sam import SimulatedSam
from ampera.devices.chip.simulated import SimulatedChip
from tests.devices.conftest import tool

ROOT = Path(__file__).parents[3]
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SECONDS_MAX = 30.0
#: As root; as anybody where the kernel allows that.
APART = (
    ["unshare", "--net", "--mount"],
    ["unshare", "--user", "--map-root-user", "--net", "--mount"],
)


def _is_allowed(apart: list[str]) -> bool:
    return subprocess.run([*apart, "true"], capture_output=True, check=False).returncode == 0


def missing(reason: str) -> None:
    """Without the stack these tests are skipped; in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Bench:
    """An encoder and the hands at its reader."""

    encoder: ReaderEncoder
    put: Callable[[str], None]
    remove: Callable[[], None]
    tear_after: Callable[[int], None]
    #: The chip of a blank as it physically is.
    chip: Callable[[str], SimulatedChip]
    #: The hands at the chips' own files: factory faults.
    hands: MemoryReader
    commands: Callable[[], int] = lambda: 0


@contextmanager
def memory_bench(reader: MemoryReader, encoder: ReaderEncoder) -> Iterator[Bench]:
    yield Bench(encoder, reader.put, reader.remove, reader.tear_after, reader.chip, reader)


class Stack:
    """pcscd, vpcd and virtual cards in namespaces of their own, and a pipe to their hands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        apart = next((each for each in APART if _is_allowed(each)), None)
        if apart is None:
            missing("this machine allows no namespaces: pcscd cannot be run apart from it")
        assert apart is not None
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        environment["PATH"] = f"{environment.get('PATH', '')}:/usr/sbin:/sbin"
        self._process = subprocess.Popen(
            [*apart, sys.executable, "-m", "tests.devices.chip.stack", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        assert self._answer() == "ready"

    def say(self, command: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line:
            log = self.folder / "log"
            told = log.read_text() if log.exists() else ""
            missing(f"pcscd could not be run in namespaces of its own: {told[-500:]}")
        return line

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(SECONDS_MAX)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack a test process: the client library remembers where it first looked for its service.

    So nothing else in these tests may ask it in this process without this fixture.
    """
    tool("pcscd", package="pcscd")
    tool("unshare", package="util-linux")
    if not DRIVER.exists():
        missing("vpcd is missing: install Debian's package vsmartcard-vpcd")
    if find_spec("smartcard") is None:
        missing("pyscard is missing: it is in the extra `pcsc` and in the development tools")
    folder = tmp_path_factory.mktemp("pcsc")
    made = Stack(folder)
    os.environ["PCSCLITE_CSOCK_NAME"] = str(folder / "pcscd.comm")
    try:
        wait_for((folder / "pcscd.comm").exists)
        yield made
    finally:
        os.environ.pop("PCSCLITE_CSOCK_NAME")
        made.close()


def wait_for(seen: Callable[[], bool]) -> None:
    """vpcd looks at its cards several times a second, and no event of it reaches us."""
    end = time.monotonic() + SECONDS_MAX
    while not seen():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


@contextmanager
def pcsc_bench(stack: Stack) -> Iterator[Bench]:
    reader = PcscReader("Ampera Uji")
    hands = MemoryReader(stack.folder / "chips")

    def is_there(wanted: bool) -> Callable[[], bool]:
        return lambda: reader.look().is_card_present is wanted

    def put(serial: str) -> None:
        remove()
        stack.say(f"put {serial}")
        if not hands.chip(serial).is_dead:
            wait_for(is_there(True))

    def remove() -> None:
        stack.say("remove")
        wait_for(is_there(False))

    encoder = ReaderEncoder(reader, SimulatedSam())
    try:
        yield Bench(
            encoder=encoder,
            put=put,
            remove=remove,
            tear_after=lambda writes: stack.say(f"tear {writes}") and None,
            chip=hands.chip,
            hands=hands,
            commands=lambda: int(stack.say("commands")),
        )
    finally:
        remove()


@pytest.fixture(params=["in memory", "in a folder", "over PC/SC"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """The same encoder over each kind of reader."""
    if request.param == "over PC/SC":
        with pcsc_bench(request.getfixturevalue("stack")) as made:
            yield made
        return
    folder = tmp_path / "chips" if request.param == "in a folder" else None
    encoder, reader = memory_encoder(folder)
    with memory_bench(reader, encoder) as made:
        yield made


@pytest.fixture
def blank() -> str:
    """A blank that no other test has touched: chips of the PC/SC bench live for a session."""
    Blank.number += 1
    return f"SPC{os.getpid() % 10_000:04d}{Blank.number:04d}"


class Blank:
    """Counts the blanks of this process."""

    number = 0
