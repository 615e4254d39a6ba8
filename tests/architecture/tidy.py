"""The rules of house style that ruff has no word for. Text in, complaints out; no disk is read.

Each rule is a pure function, so that a planted violation is three lines of text and not a file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

FILE_LINES_MAX = 400
TEST_FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 60
PARAMETERS_MAX = 6
POSITIONAL_MAX = 1
BANNED_FOLDERS = frozenset({"utils", "helpers", "common", "misc", "services", "managers"})

Function = ast.FunctionDef | ast.AsyncFunctionDef

# Bases that bring no callers of their own: a class that has only these overrides nothing.
PLAIN_BASES = frozenset(
    (
        *("object", "Protocol", "Generic", "ABC", "NamedTuple", "TypedDict"),
        *("Enum", "StrEnum", "IntEnum", "Exception", "ValueError"),
    )
)
# Whoever registers a function so calls it as it likes: template tags, API routes, receivers.
CALLED_BY_FRAMEWORK = frozenset({"register", "router", "api", "app", "receiver"})
# A function that a framework calls with positions and that nothing else shows to be one.
POSITIONAL_MARK = re.compile(r"#\s*positional:\s*\S")

# Who answers by the facts alone: asked twice, years apart, these say the same.
KNOW_NO_TIME = frozenset({"rules", "projection", "papers"})
READS_A_CLOCK = frozenset(
    f"{owner}.{name}"
    for owner in ("datetime", "date", "timezone", "time")
    for name in ("now", "today", "utcnow", "localdate", "time", "monotonic")
)

# Put together here, so that this file does not complain about itself.
_UNFINISHED = "|".join(("TO" + "DO", "FIX" + "ME"))
UNFINISHED = re.compile(rf"\b({_UNFINISHED})\b(?!\s*\(#\d+\))")
_MACHINE_FOLDERS = "|".join(
    (r"home/\w", r"Users/\w", *(rf"{name}\b" for name in ("ro" + "ot", "wo" + "rk", "t" + "mp")))
)
MACHINE_PATH = re.compile(rf"(?<![\w.}}\]>*~-])/({_MACHINE_FOLDERS})(?![\w.-]*\s*\()")
_REGISTRIES = (
    *("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com"),
    *("jsdel" + "ivr.net", "un" + "pkg.com", "cdn" + "js.com", "crates" + ".io", "go" + "lang.org"),
)
REGISTRY_HOST = re.compile("|".join(re.escape(host) for host in _REGISTRIES))


def is_test(name: str) -> bool:
    """Tests may be longer: a list of cases is read, not understood."""
    return PurePosixPath(name).parts[0] == "tests"


def is_migration(name: str) -> bool:
    """Made by Django and never edited afterwards."""
    return "migrations" in PurePosixPath(name).parts


def about_python(name: str, *, text: str) -> list[str]:
    """Everything that is wrong with one Python file. `name` is relative to the root."""
    is_only_a_mark = is_test(name) and name.endswith("__init__.py") and not text.strip()
    if is_migration(name) or is_only_a_mark:
        return []
    tree = ast.parse(text)
    found = [f"{name}: {each}" for each in (*_length(name, text), *_docstring(tree))]
    for function, owner in _functions(tree):
        for each in (*_size(function), *_keyword_only(name, text, function, owner)):
            found.append(f"{name}:{function.lineno}: {function.name} {each}")
    found += [f"{name}:{line}: {each}" for line, each in _open_matches(tree)]
    if KNOW_NO_TIME.intersection(PurePosixPath(name).with_suffix("").parts) and not is_test(name):
        found += [f"{name}:{line}: the time comes in by the door" for line in _clocks(tree)]
    return found


def about_text(name: str, *, text: str) -> list[str]:
    """What no file of ours may say, whatever its language."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if UNFINISHED.search(line):
            found.append(f"{name}:{number}: unfinished work names its issue: WORD(#12)")
        if MACHINE_PATH.search(line):
            found.append(f"{name}:{number}: a path that exists on one machine only")
        if REGISTRY_HOST.search(line) and PurePosixPath(name).name != "uv.lock":
            found.append(f"{name}:{number}: a package registry is named in uv.lock only")
    return found


def about_folder(name: str, *, children: frozenset[str]) -> list[str]:
    """What is wrong with one folder, given the names in it."""
    found = []
    if PurePosixPath(name).name in BANNED_FOLDERS:
        found.append(f"{name}: name the folder after what lives in it")
    if any(each.endswith(".py") for each in children) and "__init__.py" not in children:
        # Without it import-linter does not see the folder, and no contract holds there.
        found.append(f"{name}: Python files without an __init__.py")
    return found


def _length(name: str, text: str) -> Iterator[str]:
    most = TEST_FILE_LINES_MAX if is_test(name) else FILE_LINES_MAX
    if text.count("\n") > most:
        yield f"more than {most} lines"


def _docstring(tree: ast.Module) -> Iterator[str]:
    if not ast.get_docstring(tree):
        yield "begins with no docstring that says why the file exists"


def _functions(
    tree: ast.AST, owner: ast.AST | None = None
) -> Iterator[tuple[Function, ast.AST | None]]:
    """Every function with the class or function that it stands in, if any."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node, owner
            yield from _functions(node, node)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, node)
        else:
            yield from _functions(node, owner)


def _parameters(function: Function, owner: ast.AST | None) -> tuple[list[str], list[str]]:
    """Names given by position and by keyword, without self and cls."""
    positional = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    is_static = any(_last_name(each) == "staticmethod" for each in function.decorator_list)
    if isinstance(owner, ast.ClassDef) and not is_static:
        positional = positional[1:]
    return positional, [each.arg for each in function.args.kwonlyargs]


def _size(function: Function) -> Iterator[str]:
    assert function.end_lineno is not None
    if function.end_lineno - function.lineno >= FUNCTION_LINES_MAX:
        yield f"is longer than {FUNCTION_LINES_MAX} lines"
    count = len(function.args.posonlyargs + function.args.args + function.args.kwonlyargs)
    if function.args.args and function.args.args[0].arg in {"self", "cls"}:
        count -= 1
    if count > PARAMETERS_MAX:
        yield f"takes more than {PARAMETERS_MAX} parameters"


def _keyword_only(name: str, text: str, function: Function, owner: ast.AST | None) -> Iterator[str]:
    """From the second parameter on the call says the name: two numbers cannot be swapped."""
    positional, _ = _parameters(function, owner)
    if len(positional) <= POSITIONAL_MAX or _is_called_by_others(name, text, function, owner):
        return
    yield f"takes {positional[POSITIONAL_MAX]} by position: keyword-only from the second parameter"


def _is_called_by_others(name: str, text: str, function: Function, owner: ast.AST | None) -> bool:
    """May somebody else's code call this by position?"""
    parts = PurePosixPath(name).parts
    if parts[0] != "src" or "management" in parts or "templatetags" in parts:
        return True
    if function.name.startswith(
        "_"
    ):  # dunders are Python's; a private one is read beside its calls
        return True
    if isinstance(owner, Function):  # a function within a function is nobody's interface
        return True
    if isinstance(owner, ast.ClassDef) and any(
        _last_name(b) not in PLAIN_BASES for b in owner.bases
    ):
        return True
    positional, _ = _parameters(function, owner)
    if positional[0] in {"request", "apps"}:  # a view with its URL's parts; a step of a migration
        return True
    if any(_first_name(each) in CALLED_BY_FRAMEWORK for each in function.decorator_list):
        return True
    first_line = function.body[0].lineno
    head = text.splitlines()[function.lineno - 1 : first_line]
    return any(POSITIONAL_MARK.search(line) for line in head)


def _open_matches(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """A match over members of an enum that a new member would fall through in silence."""
    # Where every case answers and nothing follows, mypy misses the answer of a new member.
    closed = {id(function.body[-1]) for function, _ in _functions(tree)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Match):
            continue
        if not any(_names_a_member(case.pattern) for case in node.cases):
            continue
        if id(node) in closed and all(_answers(case.body[-1]) for case in node.cases):
            continue
        last = node.cases[-1]
        is_wildcard = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
        calls = {_last_name(each.func) for each in ast.walk(last) if isinstance(each, ast.Call)}
        if not (is_wildcard and "assert_never" in calls):
            yield node.lineno, "match over an enum does not end in assert_never"


def _answers(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Return):
        return statement.value is not None
    return isinstance(statement, ast.Raise)


def _clocks(tree: ast.AST) -> Iterator[int]:
    """Lines on which the machine's clock is read."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if f"{_last_name(node.func.value)}.{node.func.attr}" in READS_A_CLOCK:
            yield node.lineno


def _names_a_member(pattern: ast.pattern) -> bool:
    if isinstance(pattern, ast.MatchOr):
        return any(_names_a_member(each) for each in pattern.patterns)
    if not (isinstance(pattern, ast.MatchValue) and isinstance(pattern.value, ast.Attribute)):
        return False
    owner = pattern.value.value
    return isinstance(owner, ast.Name | ast.Attribute) and _last_name(owner)[:1].isupper()


def _last_name(node: ast.AST) -> str:
    """`Protocol` of `typing.Protocol[T]`."""
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _first_name(node: ast.AST) -> str:
    """`register` of `register.filter(name="x")`."""
    if isinstance(node, ast.Call):
        node = node.func
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", "")
