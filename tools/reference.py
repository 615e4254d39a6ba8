"""Reference pages that are made from code: commands, settings, the machine interface, states."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Final

from ampera import tiers
from ampera.tiers import commands
from ampera.tiers.variables import VARIABLES

_MADE: Final = "Made from code (`make docs`); do not edit."
_WIDTH: Final = 92
_CHECKS: Final = Path(tiers.__file__).with_name("checks.py")


def commands_page() -> str:
    """Every command of `ampera` with its options, as `--help` tells them."""
    parts = [
        "# Commands",
        _MADE,
        "Every command takes `--help`. Exit status: 0 done, 1 not done (the text says why and what"
        " to do), 2 wrong options, 130 stopped by Ctrl-C.",
    ]
    for name, module in commands.names().items():
        loaded = commands.load(module)
        parser = argparse.ArgumentParser(
            prog=f"ampera {name}",
            description=loaded.HELP,
            formatter_class=lambda prog: argparse.HelpFormatter(prog, width=_WIDTH),
        )
        loaded.add_arguments(parser)
        parts += [f"## ampera {name}", f"```text\n{parser.format_help().rstrip()}\n```"]
    return "\n\n".join(parts) + "\n"


def settings_page() -> str:
    """Every environment variable, and every check that keeps a server from starting."""
    rows = [
        f"| `{each.name}` | {each.meaning}{_or_file(each.name) if each.has_file else ''} |"
        f" {each.default or 'empty'} |"
        for each in VARIABLES
    ]
    found = [f"| `{name}` | {said} | {hint} |" for name, said, hint in sorted(_checks(_CHECKS))]
    return "\n".join(
        [
            "# Settings",
            "",
            _MADE,
            "",
            "From the environment only; `ampera init` writes what a server needs into its folder.",
            "",
            "| variable | what for | when it is not given |",
            "|---|---|---|",
            *rows,
            "",
            "## What keeps a server from starting",
            "",
            "`E` stops it, `W` is shown and goes on. `ampera doctor` runs them all.",
            "",
            "| id | what is wrong | apa yang harus dilakukan |",
            "|---|---|---|",
            *found,
            "",
        ]
    )


def _or_file(name: str) -> str:
    return f"; or `{name}_FILE` names a file that holds it"


def _checks(path: Path) -> Iterator[tuple[str, str, str]]:
    """(id, what is wrong, what to do) of each message that the checks can give."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_message = isinstance(node, ast.Call) and ast.unparse(node.func) in ("Error", "Warning")
        if not is_message or not isinstance(node, ast.Call) or not node.args:
            continue
        named = {each.arg: each.value for each in node.keywords}
        if "id" in named and "hint" in named:
            yield _text(named["id"]), _text(node.args[0]), _text(named["hint"])


def _text(node: ast.expr) -> str:
    """What a literal or an f-string says; what is filled in stands in braces."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(each) for each in node.values)
    if isinstance(node, ast.FormattedValue):
        named = [each.id for each in ast.walk(node.value) if isinstance(each, ast.Name)]
        is_plain = isinstance(node.value, ast.Attribute) and not node.value.attr.startswith("_")
        return "{" + (ast.unparse(node.value).rpartition(".")[2] if is_plain else named[-1]) + "}"
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def api_page() -> str:
    """The machine interface: every path with what it does and what it takes."""
    from ampera.api.v1.interface import v1

    schema = v1.get_openapi_schema(path_prefix="/api/v1/")
    parts = [
        "# Machine interface, version 1",
        _MADE,
        schema["info"]["description"].strip(),
        "Every POST needs an `Idempotency-Key`: the same key with the same content gets the same"
        " answer. The whole description in OpenAPI is at `/api/v1/openapi.json` of every server.",
        "Without a token, at the dinas: `POST /status.json` with the form field `tiket` (the code"
        " of a receipt) and, for English, `bahasa=en` gives what the public page says of it: SIAK's"
        " word, its meaning, why the card waits, the promised day, what to do next, and how old the"
        " newest news are."
        " An unknown code is a refusal with its `code`.",
    ]
    sections: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            sections.setdefault(operation["tags"][0], []).append(
                f"| `{method.upper()} {path}` | {_takes(operation, schema)} |"
                f" {_one_line(operation.get('description', ''))} |"
            )
    for tag, rows in sections.items():
        parts.append(f"## {tag}")
        parts.append("\n".join(["| call | takes | does |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _takes(operation: dict[str, Any], schema: dict[str, Any]) -> str:  # positional: a pair
    """Names of what a call takes; what may be left out stands in brackets."""
    found = [
        each["name"] if each.get("required") else f"[{each['name']}]"
        for each in operation.get("parameters", [])
        if each["in"] == "query"
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        body = content["schema"]
        body = schema["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], body)
        needed = body.get("required", [])
        found += [name if name in needed else f"[{name}]" for name in body.get("properties", {})]
    return ", ".join(f"`{each}`" for each in found) or "–"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def states_page() -> str:
    """Why a card waits, and every word for how far something has come."""
    from ampera.blanko.rules import Account
    from ampera.dedup.rules import Verdict
    from ampera.enrolment.rules.states import RecordingState
    from ampera.readiness.rules.states import CardState, PermitState, RequestState
    from ampera.readiness.rules.waits import texts

    waits = [f"| `{code}` | {row['id']} | {row['en']} |" for code, row in texts().items()]
    parts = [
        "# States",
        _MADE,
        "A projection stores facts; each of these words is a pure function of the set of facts."
        " SIAK's own words are kept as they are.",
        "## Why a card waits",
        "What an officer and the resident are told, in the order in which it comes along the line.",
        "\n".join(["| code | layar | screen |", "|---|---|---|", *waits]),
    ]
    for title, words in (
        ("Recording", RecordingState),
        ("Verdict", Verdict),
        ("Request in the queue", RequestState),
        ("Permit", PermitState),
        ("Card", CardState),
        ("Account of a blanko", Account),
    ):
        parts += [f"## {title}", inspect.getdoc(words) or "", _words(words)]
    return "\n\n".join(parts) + "\n"


def _words(words: type[Enum]) -> str:
    """The members of an enum, with what the line beside each says."""
    notes = dict(
        re.findall(
            r"^    (\w+) = .*?#: (.*(?:\n +#: .*)*)$", inspect.getsource(words), re.MULTILINE
        )
    )
    return "\n".join(
        f"- `{each.value}`" + (f": {_one_line(notes[each.name])}" if each.name in notes else "")
        for each in words
    )
