"""What only the real PC/SC stack can show: its readers, its absence, and what a card costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import pytest

from ampera.devices.chip.encoder import ReaderEncoder
from ampera.devices.chip.pcsc import PcscReader
from ampera.devices.chip.sam import SimulatedSam
from ampera.printing.ports import NoReader

from .conftest import ROOT, missing, pcsc_bench
from .samples import eight_kilobytes


def test_a_reader_is_found_by_a_part_of_its_name(stack):
    assert PcscReader("Uji 00 00").look().name.startswith("Ampera Uji")
    assert PcscReader().look().driver == "pcsc"
    with pytest.raises(NoReader, match="Ampera Uji"):
        PcscReader("a reader that nobody has").look()


def test_a_card_in_the_hands_of_another_program_is_told_as_a_busy_reader(stack, blank):
    with pcsc_bench(stack) as bench:
        bench.put(blank)
        reader = PcscReader("Uji 00 00")
        with reader.session(), pytest.raises(NoReader):
            ReaderEncoder(reader, SimulatedSam()).uid()
        assert bench.encoder.uid()


def test_commands_do_not_wait_for_delayed_acknowledgements(stack, blank):
    """Without TCP_QUICKACK each of some seventy commands would cost 40 ms and more."""
    with pcsc_bench(stack) as bench:
        bench.put(blank)
        uid = bench.encoder.uid()
        started = time.monotonic()
        bench.encoder.write(eight_kilobytes(), uid=uid)
        assert bench.encoder.read().contents == eight_kilobytes()
        assert time.monotonic() - started < 2.0


def test_two_threads_on_one_reader_never_mix_their_commands(stack, blank):
    with pcsc_bench(stack) as bench:
        bench.put(blank)
        uid = bench.encoder.uid()
        bench.encoder.write(eight_kilobytes(), uid=uid)

        def read(_: int) -> bool:
            while True:
                try:
                    return bench.encoder.read().contents == eight_kilobytes()
                except NoReader:  # the other one has the card
                    time.sleep(0.005)

        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(read, range(12)))


LOOK = (
    "from ampera.devices.chip.pcsc import PcscReader\n"
    "from ampera.printing.ports.chip import NoReader\n"
    "try: PcscReader().look()\n"
    "except NoReader as no: print(no.detail)\n"
)


def told_by(code: str, **environment: str) -> str:
    """What a fresh process says: the client library looks for its service once."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
        timeout=60,
    )
    return done.stdout


def test_without_the_service_there_is_no_reader(tmp_path):
    if find_spec("smartcard") is None:
        missing("pyscard is missing: it is in the extra `pcsc` and in the development tools")
    told = told_by(LOOK, PCSCLITE_CSOCK_NAME=str(tmp_path / "nobody"))
    assert told.startswith("pcscd: ")


def test_without_pyscard_there_is_no_reader_and_a_hint_what_to_install():
    hidden = "import sys; sys.modules['smartcard'] = None\n"
    assert "ampera[pcsc]" in told_by(hidden + LOOK)
