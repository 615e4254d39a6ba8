"""What is typed wrong is told in both languages, with what to do next, and ends with 2."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from ampera.__main__ import MISTYPED, main
from ampera.tiers.arguments import Parser, usage_error

ENGLISH_ONLY = ("invalid", "expected", "required", "unrecognized", "argument")


def told(capsys, *arguments):
    """Exit code and the two lines that a person reads."""
    try:
        code = main(list(arguments))
    except SystemExit as leaving:
        code = leaving.code
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    indonesian, english = said.err.splitlines()
    assert indonesian.startswith("ampera: ")
    assert not any(word in indonesian for word in ENGLISH_ONLY), indonesian
    return code, indonesian, english


@pytest.mark.parametrize(
    ("arguments", "indonesian", "english"),
    [
        ((), "Sebut perintahnya", "Name a command"),
        (("fly",), "Tidak ada perintah 'fly'", "no command 'fly'"),
        (("sim", "--cards", "x"), "--cards: 'x' tidak dapat dibaca. Beri bilangan", "whole number"),
        (("week", "--hours", "x"), "--hours: 'x' tidak dapat dibaca. Beri angka", "a number"),
        (("sim", "--cards"), "--cards: tulis nilainya", "write its value"),
        (("sim", "--wings", "2"), "Tidak dikenal di sini: --wings 2", "Not known here: --wings 2"),
        (("sim", "--se", "2"), "--se dapat berarti", "--se can mean"),
        (("sim", "--trace=2"), "--trace tidak memakai nilai", "--trace takes no value"),
        (("init",), "Belum disebut: code, --data", "Not given: code, --data"),
        (("story", "nobody"), "tidak ada. Pilih satu dari", "Choose one of"),
    ],
)
def test_what_cannot_be_read_is_told_in_both_languages(capsys, arguments, indonesian, english):
    code, first, second = told(capsys, *arguments)
    assert code == MISTYPED
    assert indonesian in first
    assert english in second
    assert "--help menjelaskan semuanya" in first
    assert "--help explains it all" in second


def test_help_is_named_of_the_very_command(capsys):
    assert "ampera sim --help" in told(capsys, "sim", "--cards", "x")[1]
    assert "ampera --help" in told(capsys, "fly")[1]


def test_one_of_several_and_two_that_exclude_each_other_are_told(capsys):
    parser = Parser(prog="ampera fly")
    either = parser.add_mutually_exclusive_group(required=True)
    either.add_argument("--high", action="store_true")
    either.add_argument("--low", action="store_true")
    for given, said in (([], "Sebut salah satu: --high --low"), (["--high", "--low"], "bersama")):
        with pytest.raises(SystemExit) as leaving:
            parser.parse_args(given)
        assert leaving.value.code == MISTYPED
        assert said in capsys.readouterr().err


def test_words_of_a_later_python_are_told_as_they_are():
    error = usage_error("the moon is full", program="ampera")
    assert "the moon is full" in error.id
    assert "the moon is full" in error.en


def test_a_type_that_says_itself_what_it_wants_is_passed_on(capsys):
    def of_the_moon(given):
        raise argparse.ArgumentTypeError(f"{given} is no moon")

    parser = Parser(prog="ampera fly")
    parser.add_argument("--to", type=of_the_moon)
    with pytest.raises(SystemExit):
        parser.parse_args(["--to", "mars"])
    assert "mars is no moon" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["cards", "seeds", "jobs"])
def test_the_province_is_played_with_one_of_each_at_the_least(capsys, name):
    code, first, second = told(capsys, "sim", f"--{name}", "0")
    assert code == MISTYPED
    assert f"--{name} 0: paling sedikit 1" in first
    assert "1 at the least" in second


def test_a_log_without_cards_is_told(capsys, tmp_path):
    code, first, _ = told(capsys, "sim", "--log", str(tmp_path / "log"))
    assert code == MISTYPED
    assert "sebut juga --cards" in first


def test_a_log_that_cannot_be_written_is_told_with_what_to_do(capsys, tmp_path):
    (tmp_path / "file").touch()
    wrong = (tmp_path / "nowhere" / "log", tmp_path / "file" / "log", tmp_path, Path("/dev/zero"))
    for path in wrong:
        code, first, second = told(capsys, "sim", "--cards", "6", "--log", str(path))
        assert code == MISTYPED
        assert f"--log {path} tidak dapat ditulis" in first
        assert "Beri nama berkas di folder yang ada" in first
        assert "Name a file in a folder that exists" in second


def test_a_log_that_is_something_else_is_told_and_left_alone(capsys, tmp_path):
    path = tmp_path / "letter"
    path.write_text("not a room\n")
    code, first, second = told(capsys, "sim", "--cards", "6", "--log", str(path))
    assert code == MISTYPED
    assert f"--log {path} berisi hal lain" in first
    assert "Name a new file" in second
    assert path.read_text() == "not a room\n"


def test_a_bug_that_nobody_planted_is_told_with_those_that_are(capsys):
    code, first, _ = told(capsys, "sim", "--bug", "moth")
    assert code == MISTYPED
    assert "--bug moth tidak dikenal. Pilih satu dari:" in first
