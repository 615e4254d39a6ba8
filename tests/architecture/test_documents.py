"""What the documents say exists, exists: links, headings, `make` targets, `ampera` commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools import made_from_code

from tests.architecture import documents, tree

COMMANDS = tree.PACKAGE / "tiers" / "commands"


def pages() -> list[Path]:
    return list(tree.files(".md"))


def make_targets() -> set[str]:
    makefile = (tree.ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z_-]+):.*##", makefile, re.MULTILINE))


def ampera_commands() -> set[str]:
    """As they stand in the folder of commands: one module a command, `_` for `-`."""
    return {
        path.stem.removesuffix("_").replace("_", "-")
        for path in COMMANDS.rglob("*.py")
        if not path.stem.startswith("_")
    }


def test_every_link_leads_somewhere():
    found = [
        f"{tree.name_of(path)}: {each}"
        for path in pages()
        for each in documents.broken_links(path, page=path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n" + "\n".join(found)


def test_every_make_target_that_is_named_exists():
    found = {
        f"{tree.name_of(path)}: make {each}"
        for path in pages()
        for each in documents.named_targets(path.read_text(encoding="utf-8")) - make_targets()
    }
    assert not found, "\n" + "\n".join(sorted(found))


def test_every_command_that_is_named_exists():
    if not COMMANDS.exists():
        pytest.skip("there are no commands yet: src/ampera/tiers/commands")
    found = {
        f"{tree.name_of(path)}: ampera {each}"
        for path in pages()
        for each in documents.named_commands(path.read_text(encoding="utf-8")) - ampera_commands()
    }
    assert not found, "\n" + "\n".join(sorted(found))


def test_every_make_target_is_in_the_help():
    makefile = (tree.ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split())
    assert phony == make_targets()


def test_every_dependency_has_its_reason():
    project = (tree.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(
        r"^(?:dependencies|dev|pcsc) = \[(.*?)\]$", project, re.MULTILINE | re.DOTALL
    )
    assert len(lists) == 3
    named = {name for each in lists for name in re.findall(r'"([A-Za-z0-9-]+)(?:[<>=\[]|")', each)}
    page = (tree.ROOT / "docs/decisions/0007-dependencies.md").read_text(encoding="utf-8")
    reasons = set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))
    assert named == reasons


def test_every_page_made_from_code_is_as_the_code_makes_it():
    stale = [
        tree.name_of(path)
        for path, text in made_from_code.made()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert not stale, "run `make docs`"


PAGE = """# A page

See [one](#a-page), [two](other.md#the-line--and-more) and `[not](a-link.md)`.

```
make coffee
[nor](this.md)
```
Type `make run` or `ampera up --speed 60`, and make sure of it.
"""


def test_a_link_into_nothing_is_found(tmp_path):
    (tmp_path / "other.md").write_text("## The line · and more\n")
    path = tmp_path / "page.md"
    assert not list(documents.broken_links(path, page=PAGE.replace("(#a-page)", "(other.md)")))
    (tmp_path / "page.md").write_text(PAGE)
    assert not list(documents.broken_links(path, page=PAGE))
    (tmp_path / "other.md").write_text("## Another heading\n")
    assert list(documents.broken_links(path, page=PAGE)) == [
        "other.md#the-line--and-more: no such heading"
    ]
    (tmp_path / "other.md").unlink()
    assert list(documents.broken_links(path, page=PAGE)) == [
        "other.md#the-line--and-more: no such file"
    ]


def test_commands_are_read_from_code_and_not_from_prose():
    assert documents.named_targets(PAGE) == {"coffee", "run"}
    assert documents.named_commands(PAGE) == {"up"}
