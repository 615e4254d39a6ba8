"""Write `.importlinter` from the tree: who may import whom (docs/internals/architecture.md).

The list of stations and their order is the design and stands here. Which of a station's files exist
is read from the tree: import-linter refuses a contract about a missing module. A test holds the
written file to the tree, so a new folder without its contract does not pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

Present = Callable[..., list[str]]  # of the names given, those that the tree has

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "ampera"

# From the last to the first: a later one may know an earlier one, never the reverse.
LINE = (
    "tiers",
    "world",
    "screens | api",
    "planning | devices",
    "suket | withdrawal",
    "delivery",
    "printing",
    "readiness | blanko",
    "dedup",
    "enrolment | appointments",
    "intake",
    "register",
    "sync | papers",
    "journal",
    "records",
    "words",
)
STATIONS = (
    *("register", "intake", "appointments", "enrolment", "dedup", "readiness"),
    *("blanko", "printing", "delivery", "suket", "withdrawal", "planning"),
)
HAVE_TABLES = ("journal", "sync", *STATIONS)
INSIDE_A_STATION = ("actions", "queries | projection", "models", "ports", "rules")

HEAD = """\
# Who may import whom. Made from the tree by `make docs`; change it in tools/import_contracts.py.

[importlinter]
root_package = ampera
include_external_packages = True
"""


def folders_of_line() -> list[str]:
    """Every top-level folder that the design knows."""
    return [name for layer in LINE for name in layer.split(" | ")]


def contracts(package: Path = PACKAGE) -> str:
    """The text of `.importlinter` for the tree at `package`."""

    def exists(name: str) -> bool:
        path = package.joinpath(*name.split(".")[1:])
        return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()

    def present(*names: str) -> list[str]:
        return [name for name in names if exists(name) or "*" in name]

    parts = [HEAD, _line(), _pure(present), *_separations(present)]
    parts += [_post(present)] if exists("ampera.sync") else []
    parts += [_tables(name) for name in HAVE_TABLES if exists(f"ampera.{name}.models")]
    inside = present(*(f"ampera.{name}" for name in STATIONS))
    parts += [_inside(inside)] if inside else []
    return "\n".join(parts)


def _contract(name: str, *, says: str, kind: str, **lists: Iterable[str] | str) -> str:
    lines = [f"[importlinter:contract:{name}]", f"name = {says}", f"type = {kind}"]
    for key, value in lists.items():
        if isinstance(value, str):
            lines.append(f"{key} = {value}")
        else:
            lines += [f"{key} =", *(f"    {each}" for each in value)]
    return "\n".join(lines) + "\n"


def _line() -> str:
    return _contract(
        "line",
        says="Data flows one way: a later station may know an earlier one, never the reverse",
        kind="layers",
        containers=["ampera"],
        exhaustive="True",
        exhaustive_ignores=["__main__"],
        # Brackets: a folder that is not there yet is no breach; one that is not listed is.
        layers=[" | ".join(f"({name})" for name in layer.split(" | ")) for layer in LINE],
    )


def _pure(present: Present) -> str:
    return _contract(
        "pure",
        says="Words, records, papers, rules and the protocol know no framework, clock or chance",
        kind="forbidden",
        source_modules=present(
            *("ampera.words", "ampera.records", "ampera.papers"),
            *("ampera.*.rules", "ampera.sync.protocol"),
        ),
        forbidden_modules=["django", "psycopg", "sqlite3", "random", "time"],
        # The type of a source that is passed in; nothing of it runs.
        ignore_imports=["ampera.words.ids -> random"],
        unmatched_ignore_imports_alerting="none",
    )


def _separations(present: Present) -> list[str]:
    """Neighbours in the line that must not know each other, or not all of each other."""
    every_action = [f"ampera.{name}.actions" for name in STATIONS if name != "register"]
    rows = (
        (
            "papers",
            "Papers are data in, bytes out: they know words only",
            ["ampera.papers"],
            ["ampera.journal"],
        ),
        (
            "blanko",
            "The blanko books know no person",
            ["ampera.blanko"],
            [f"ampera.{name}" for name in ("intake", "enrolment", "dedup", "papers", "sync")],
        ),
        (
            "devices",
            "A device knows a station's ports and nothing else of it",
            ["ampera.devices"],
            [f"ampera.*.{file}" for file in ("actions", "queries", "projection", "models")],
        ),
        (
            "screens",
            "Screens and the machine interface use actions and queries, never models",
            ["ampera.screens", "ampera.api"],
            ["ampera.*.models", "ampera.*.projection"],
        ),
        (
            "planning",
            "Planning reads through queries only",
            ["ampera.planning"],
            [name for name in every_action if name != "ampera.planning.actions"],
        ),
    )
    # These two are kept apart wholly; the others may reach a table through an action or a query.
    whole = {"papers", "blanko"}
    return [
        _contract(
            name,
            says=says,
            kind="forbidden",
            source_modules=present(*sources),
            forbidden_modules=present(*forbidden),
            **({} if name in whole else {"allow_indirect_imports": "True"}),
        )
        for name, says, sources, forbidden in rows
        if present(*sources) and present(*forbidden)
    ]


def _post(present: Present) -> str:
    return _contract(
        "post",
        says="Only the machine interface, the world and the wiring know the post",
        kind="protected",
        protected_modules=["ampera.sync"],
        allowed_importers=present("ampera.api", "ampera.world", "ampera.tiers"),
    )


def _tables(station: str) -> str:
    return _contract(
        f"tables_{station}",
        says=f"The tables of {station} are reached from {station} only",
        kind="protected",
        protected_modules=[f"ampera.{station}.models"],
        allowed_importers=[f"ampera.{station}"],
    )


def _inside(stations: list[str]) -> str:
    return _contract(
        "inside",
        says="Inside a station: actions, then queries and projection, models, ports, rules",
        kind="layers",
        exhaustive="True",
        exhaustive_ignores=["apps", "migrations"],
        containers=stations,
        layers=[
            " | ".join(f"({name})" for name in layer.split(" | ")) for layer in INSIDE_A_STATION
        ],
    )
