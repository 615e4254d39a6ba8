"""The bound on cards a day holds with the levers pulled, too."""

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
minutes_a_day = 60
seconds_a_card = 20
stop_every_minutes = 0
stop_minutes = 0
spoil_rate = 0.5
[blanko]
store = 10
[levers]
evening_minutes = 720
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
plan(read_scenario(sys.stdin.read()), replications=1, seed=1, with_levers=True)
"""


def test_the_evening_lever_is_no_way_around_the_bound():
    found = read_scenario(TEXT)
    if isinstance(found, Refusal) or isinstance(
        asked_for(found, days=None, replications=1, policy=None), Refusal
    ):
        return
    try:
        subprocess.run([sys.executable, "-c", RUN], input=TEXT, text=True, timeout=45, check=True)
    except subprocess.TimeoutExpired:
        raise AssertionError("one office, one day, one replication: no answer in 45 s") from None
