"""What others wrote and we ship: each file is named with its sum, and has its licence beside it."""

from __future__ import annotations

import hashlib
import re

from tests.architecture.tree import PACKAGE, ROOT

FOLDER = PACKAGE / "screens" / "static" / "screens" / "vendor"
PAGE = ROOT / "docs" / "decisions" / "0016-a-decoder-that-we-ship.md"
ROW = re.compile(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|", re.MULTILINE)


def test_each_file_of_others_is_the_one_that_was_looked_at():
    told = dict(ROW.findall(PAGE.read_text("utf-8")))
    there = {
        each.name: hashlib.sha256(each.read_bytes()).hexdigest()
        for each in FOLDER.iterdir()
        if not each.name.endswith("-LICENSE.txt")
    }
    assert there == told


def test_each_has_its_licence_beside_it_and_its_name_in_the_notice():
    notice = (ROOT / "NOTICE").read_text("utf-8").lower()
    for each in FOLDER.iterdir():
        name = each.name.split("-")[0]
        assert (FOLDER / f"{name}-LICENSE.txt").read_text("utf-8").strip()
        assert name in notice


def test_no_script_of_others_needs_a_weaker_content_policy():
    for each in FOLDER.glob("*.js"):
        text = each.read_text("utf-8")
        assert not re.search(r"\beval\(|new Function|WebAssembly|importScripts", text), each.name
