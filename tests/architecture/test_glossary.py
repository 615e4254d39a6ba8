"""One concept, one spelling: no name that the product defines carries a banned word."""

from __future__ import annotations

import pytest

from tests.architecture import glossary, tree

PAGE = tree.ROOT / "docs" / "reference" / "glossary.md"


def banned() -> list[glossary.BannedWord]:
    return glossary.banned_words(PAGE.read_text(encoding="utf-8"))


def test_no_name_carries_a_banned_word():
    words = banned()
    found = [
        each
        for path in tree.files(".py", below=tree.PACKAGE)
        if "migrations" not in path.parts
        for each in glossary.complaints(
            tree.name_of(path), text=path.read_text(encoding="utf-8"), banned=words
        )
    ]
    assert not found, "\n" + "\n".join(found)


def test_no_file_is_named_by_a_banned_word():
    found = [
        f"{tree.name_of(path)}: not {word.text}, say {word.say}"
        for path in tree.files(below=tree.PACKAGE)
        for word in banned()
        if not word.is_type and "migrations" not in path.parts
        for part in path.relative_to(tree.PACKAGE).with_suffix("").parts
        if glossary.parts_of(part) == word.parts
    ]
    assert not found, "\n" + "\n".join(found)


def test_the_page_still_bans_the_words_that_matter_most():
    texts = {word.text for word in banned()}
    assert {"citizen", "Person", "operator", "agency", "branch", "blangko", "ektp"} <= texts


@pytest.mark.parametrize(
    "code",
    [
        "citizen_count = 1\n",
        "class CitizenRow: ...\n",
        "def agency_of(x): ...\n",
        "def f(*, operator): ...\n",
        "class A:\n    def __init__(self):\n        self.e_ktp = 1\n",
        "class Person: ...\n",
        "for village in x: ...\n",
    ],
)
def test_a_banned_word_in_a_name_is_found(code):
    assert glossary.complaints("a.py", text=code, banned=banned())


@pytest.mark.parametrize(
    "code",
    [
        "import operator\n",
        "x = models.CharField(blank=True)\n",
        "blanko_count = 1\n",
        "def person_of(x): ...\n",
        "tillage = 1\n",
    ],
)
def test_a_word_that_is_only_used_or_only_looks_alike_is_let_through(code):
    assert not glossary.complaints("a.py", text=code, banned=banned())


def test_a_word_without_code_marks_is_advice():
    page = "| `a` | — | x | `never`, rather not |\n"
    assert [word.text for word in glossary.banned_words(page)] == ["never"]
