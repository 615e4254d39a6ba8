"""The order in which the files of a run are taken by its processes."""

from __future__ import annotations

from tests.sharing_out import chosen, scope_of

WORLD = "tests/simulation/test_worlds.py::test_a_world_holds[7]"
UNITS = {
    WORLD: 1,
    "tests/rules/test_words.py": 90,
    "tests/stations/test_intake.py": 12,
    "tests/tiers/test_city.py": 20,
    "tests/stories/test_stories.py": 14,
}


def in_order(*, is_first):
    left, taken = dict(UNITS), []
    while left:
        scope = chosen(left, is_first=is_first)
        taken.append(scope)
        del left[scope]
    return taken


def test_one_process_begins_with_the_files_that_wait():
    assert in_order(is_first=True) == [
        "tests/stories/test_stories.py",
        "tests/tiers/test_city.py",
        WORLD,
        "tests/rules/test_words.py",
        "tests/stations/test_intake.py",
    ]


def test_the_others_begin_with_large_files_and_fill_up_with_worlds():
    assert in_order(is_first=False) == [
        "tests/rules/test_words.py",
        "tests/stations/test_intake.py",
        WORLD,
        "tests/tiers/test_city.py",
        "tests/stories/test_stories.py",
    ]


def test_a_file_stays_together_and_a_world_goes_alone():
    assert scope_of("tests/tiers/test_city.py::test_a[x::y]") == "tests/tiers/test_city.py"
    assert scope_of(WORLD) == WORLD
