"""A small scenario file, every figure within its bounds, does not keep a server busy for hours."""

from __future__ import annotations

import subprocess
import sys

from ampera.planning.rules.whatif.reading import asked_for, read_scenario
from ampera.words import Refusal

TEXT = """format = 1
name = "bom"
title = "bom"
days = 1
[calendar]
start = 2017-09-11
[printing]
minutes_a_day = 1440
seconds_a_card = 20
stop_every_minutes = 0
stop_minutes = 0
spoil_rate = 0.5
[blanko]
store = 10
[dinas]
code = "16.71"
name = "D"
printers = 20
new_waiting = 10
"""
RUN = """
import sys
from ampera.planning.rules.whatif.reading import read_scenario
from ampera.planning.rules.whatif.levers import plan
plan(read_scenario(sys.stdin.read()), replications=1, seed=1, with_levers=False)
"""


def test_a_file_of_twenty_lines_is_answered_or_refused_in_half_a_minute():
    found = read_scenario(TEXT)
    if isinstance(found, Refusal) or isinstance(
        asked_for(found, days=None, replications=1, policy=None), Refusal
    ):
        return
    try:
        subprocess.run([sys.executable, "-c", RUN], input=TEXT, text=True, timeout=30, check=True)
    except subprocess.TimeoutExpired:
        raise AssertionError("one office, one day, one replication: no answer in 30 s") from None
