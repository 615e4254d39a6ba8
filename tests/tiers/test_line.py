"""The whole line over real processes: a resident asks at a kecamatan and goes home with a card."""

from __future__ import annotations

import json
import os
import subprocess
import sys


def test_a_first_card_goes_from_the_request_to_the_hand_and_its_packet_is_deleted(city):
    day = subprocess.run(
        [sys.executable, "-m", "tests.tiers.counter_day", str(city.data), "16.71.02"],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        timeout=180,
        check=False,
    )
    assert day.returncode == 0, day.stderr
    told = json.loads(day.stdout)
    assert told["serial"] == "DC00002001", "the first blanko of the box that was opened"
    for log in city.data.glob("*/ampera.log"):
        assert "fault" not in log.read_text(), log
