"""The import contracts speak of the tree as it is, and find what is planted against them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tools import import_contracts

from tests.architecture import tree

STATION_FILES = {
    *("__init__", "apps", "migrations", "management"),
    *("rules", "models", "projection", "actions", "queries", "ports"),
}


def test_every_folder_has_the_contracts_that_its_files_call_for():
    written = (tree.ROOT / ".importlinter").read_text(encoding="utf-8")
    assert written == import_contracts.contracts(), "the tree has changed: run `make docs`"


def test_every_top_folder_has_a_place_in_the_line():
    folders = {path.parent.name for path in tree.PACKAGE.glob("*/__init__.py")}
    assert folders <= set(import_contracts.folders_of_line())


def test_a_station_has_only_the_files_that_a_reader_expects():
    found = [
        f"{tree.name_of(path)}: a station has rules, models, projection, actions, queries, ports"
        for station in import_contracts.STATIONS
        if (tree.PACKAGE / station).is_dir()
        for path in (tree.PACKAGE / station).iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists())
        and path.stem not in STATION_FILES
    ]
    assert not found, "\n" + "\n".join(found)


def planted(folder: Path, **files: str) -> Path:
    """A small tree of the package's shape. Names are written with __ for the dots."""
    package = folder / "ampera"
    for station in ("words", "journal", "register", "intake", "printing", "screens", "papers"):
        (package / station).mkdir(parents=True)
        (package / station / "__init__.py").write_text('"""."""\n')
    (package / "__init__.py").write_text('"""."""\n')
    for station in ("journal", "intake", "printing"):
        for name in ("models", "actions", "queries", "rules", "projection"):
            if station != "journal" or name == "models":
                (package / station / f"{name}.py").write_text('"""."""\n')
    for name, text in files.items():
        path = package.joinpath(*name.split("__")).with_suffix(".py")
        path.write_text(text)
    (folder / ".importlinter").write_text(import_contracts.contracts(package))
    return folder


def lint(folder: Path) -> tuple[int, str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_clean_tree_keeps_all_contracts(tmp_path):
    code, said = lint(planted(tmp_path))
    assert code == 0, said


@pytest.mark.parametrize(
    ("file", "text", "contract"),
    [
        ("intake__queries", "import ampera.printing.queries\n", "Data flows one way"),
        ("intake__rules", "import django\n", "know no framework"),
        ("words__nik", "import random\n", "know no framework"),
        ("papers__card", "import ampera.journal\n", "Papers are data in"),
        ("screens__views", "import ampera.intake.models\n", "never models"),
        ("printing__queries", "import ampera.intake.models\n", "tables of intake"),
        ("intake__models", "import ampera.intake.actions\n", "Inside a station"),
        ("intake__extra", "", "Inside a station"),
        ("extra", "", "Data flows one way"),
    ],
)
def test_a_planted_import_is_found(tmp_path, file, text, contract):
    code, said = lint(planted(tmp_path, **{file: text}))
    assert code == 1, said
    broken = [line for line in said.splitlines() if line.rstrip().endswith("BROKEN")]
    assert any(contract in line for line in broken), said
