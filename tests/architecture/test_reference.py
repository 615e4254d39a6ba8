"""The reference pages say what the code does: a variable that is read is in the table."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools import reference

from ampera.tiers.variables import VARIABLES
from tests.architecture import tree

#: Read in a way that no name stands in the code for, or about the machine and not about us.
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH", "HOME", "PATH"}


def names_read() -> Iterator[str]:
    """Every literal name given to `os.environ.get`, `os.environ[...]` or `secret`."""
    for path in tree.PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            asked: ast.expr | None = None
            if isinstance(node, ast.Call) and node.args:
                called = ast.unparse(node.func)
                if called in ("os.environ.get", "os.environ.setdefault", "secret"):
                    asked = node.args[0]
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                asked = node.slice
            if isinstance(asked, ast.Constant):
                yield str(asked.value)


def test_every_variable_that_is_read_stands_in_the_table():
    known = {each.name for each in VARIABLES}
    known |= {f"{each.name}_FILE" for each in VARIABLES if each.has_file}
    missing = set(names_read()) - known - NOT_OURS
    assert not missing


def test_no_variable_stands_in_the_table_that_nobody_reads():
    told = (tree.PACKAGE / "tiers").rglob("*.py")
    text = "\n".join(
        each.read_text(encoding="utf-8") for each in told if "variables" not in each.name
    )
    assert not [each.name for each in VARIABLES if f'"{each.name}"' not in text + _screens()]


def _screens() -> str:
    return (tree.PACKAGE / "screens" / "session.py").read_text(encoding="utf-8")


def test_every_check_has_its_line():
    page = reference.settings_page()
    for number in range(1, 11):
        assert f"`ampera.E{number:03d}`" in page


def test_every_call_of_the_machine_interface_says_what_it_does():
    rows = [line for line in reference.api_page().splitlines() if line.startswith("| `")]
    assert len(rows) > 30
    assert not [line for line in rows if line.endswith("|  |")]
