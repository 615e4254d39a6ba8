"""A long run of print rooms can be stopped and goes on where it was, and its sums are whole."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace

import pytest

from ampera.tiers.commands import sim
from ampera.tiers.telling import UsageError
from ampera.world.mill import Milled
from ampera.world.mill_log import MillLog, Progress, replay, sums_of

ROOM = Milled(seed=7, permits=250, cards=251, spoiled=9, deaths=3, ticks=900, seconds=2.5)


def _log(path, *, commit="abc1234", permits=250):
    return MillLog(path, commit=commit, permits=permits)


def _cards(cards, seed, log):
    return Namespace(
        cards=cards, seed=seed, log=str(log), bug="", week=None, seeds=1, first=0, jobs=1
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rooms.jsonl"


def test_a_room_in_the_log_is_not_played_again(path):
    _log(path).add(ROOM)
    again = _log(path)
    assert again.is_played(7)
    assert not again.is_played(8)
    assert again.rooms[7] == ROOM


def test_a_line_that_was_cut_off_is_a_room_to_play_again(path):
    log = _log(path)
    log.add(ROOM)
    log.add(replace(ROOM, seed=8))
    path.write_bytes(path.read_bytes()[:-20])
    again = _log(path)
    assert again.is_played(7)
    assert not again.is_played(8)
    again.add(replace(ROOM, seed=8))
    assert sorted(_log(path).rooms) == [7, 8]


def test_a_broken_room_is_played_again_by_another_commit_only(path):
    _log(path).add(replace(ROOM, broken="two cards under one permit"))
    assert _log(path).is_played(7)
    cured = _log(path, commit="def5678")
    assert not cured.is_played(7)
    cured.add(ROOM)
    assert _log(path).rooms[7].broken == ""
    assert dict(_log(path).commits(range(10))) == {"def5678": 1}


def test_rooms_of_another_size_are_other_rooms(path):
    _log(path).add(ROOM)
    assert not _log(path, permits=20).is_played(7)


def test_a_file_that_is_no_log_is_told_with_its_line(path):
    path.write_text("not a room\n")
    with pytest.raises(ValueError, match="line 1 is no room"):
        _log(path)


def test_sums_run_over_all_rooms():
    told = sums_of([ROOM, replace(ROOM, seed=8, seconds=5.0)])
    assert "cards 502" in told
    assert "deaths 6" in told
    assert "15.0 ms a card" in told


def test_progress_tells_the_rate_of_this_sitting_and_what_is_left():
    told = Progress(rooms=4000, earlier=1000, played=100).line(500.0)
    assert "275000 kartu" in told
    assert "1100/4000" in told
    assert "50.0 kartu/detik" in told
    assert "4 h 02 min" in told


def test_the_command_plays_what_is_missing_and_sums_up_the_whole_file(django_db_blocker, path):
    with django_db_blocker.unblock():
        assert sim.main(_cards(6, 3, path)) == 0
        first = path.read_text()
        assert sim.main(_cards(6, 3, path)) == 0
    assert path.read_text() == first
    assert json.loads(first)["seed"] == 3


def test_a_broken_room_in_the_log_ends_with_its_replay_and_exit_code_1(
    django_db_blocker, path, capsys
):
    log = MillLog(path, commit=sim_commit(), permits=6)
    log.add(replace(ROOM, seed=3, permits=6, broken="a blank is lost"))
    with django_db_blocker.unblock():
        assert sim.main(_cards(6, 3, path)) == 1
    assert replay(log.rooms[3]) in capsys.readouterr().out


def test_a_log_that_cannot_be_read_is_told(django_db_blocker, path):
    path.write_text("not a room\n")
    with django_db_blocker.unblock(), pytest.raises(UsageError) as told:
        sim.main(_cards(6, 3, path))
    assert "--log" in told.value.id


def sim_commit():
    from ampera.world.play import commit

    return commit()
