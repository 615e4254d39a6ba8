"""The rules of `tidy` hold for every file of ours, and each finds a violation planted for it."""

from __future__ import annotations

import pytest

from tests.architecture import tidy, tree

HEAD = '"""Why."""\n'


def complaints_about_planted(code: str, *, name: str = "src/ampera/a.py") -> list[str]:
    return tidy.about_python(name, text=HEAD + code)


def test_every_python_file_is_tidy():
    found = [
        each
        for path in tree.files(".py")
        for each in tidy.about_python(tree.name_of(path), text=path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n" + "\n".join(found)


def test_every_text_is_tidy():
    found = [
        each
        for path in tree.files()
        for each in tidy.about_text(tree.name_of(path), text=path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n" + "\n".join(found)


def test_every_folder_is_tidy():
    folders: dict[str, set[str]] = {}
    for path in tree.files(".py", *tree.TEXT_ENDINGS):
        folders.setdefault(tree.name_of(path.parent), set()).add(path.name)
    found = [
        each
        for name, children in sorted(folders.items())
        for each in tidy.about_folder(name, children=frozenset(children))
    ]
    assert not found, "\n" + "\n".join(found)


def test_the_walk_sees_this_file_and_nothing_that_tools_made():
    names = {tree.name_of(path) for path in tree.files()}
    assert "tests/architecture/test_tidy.py" in names
    assert "Makefile" in names
    assert not [name for name in names if name.startswith((".venv/", ".git/", ".mypy_cache/"))]


def test_a_long_function_is_found():
    code = "def f():\n" + "    x = 1\n" * tidy.FUNCTION_LINES_MAX
    assert complaints_about_planted(code) == ["src/ampera/a.py:2: f is longer than 60 lines"]


def test_a_function_of_just_the_limit_is_let_through():
    assert not complaints_about_planted(
        "def f():\n" + "    x = 1\n" * (tidy.FUNCTION_LINES_MAX - 1)
    )


def test_a_long_file_is_found():
    code = "x = 1\n" * tidy.FILE_LINES_MAX
    assert complaints_about_planted(code) == ["src/ampera/a.py: more than 400 lines"]
    assert not complaints_about_planted(code, name="tests/test_a.py")
    longer = "x = 1\n" * tidy.TEST_FILE_LINES_MAX
    assert complaints_about_planted(longer, name="tests/test_a.py") == [
        "tests/test_a.py: more than 600 lines"
    ]


def test_a_seventh_parameter_is_found_keyword_only_or_not():
    assert complaints_about_planted("def f(*, a, b, c, d, e, f, g): ...\n") == [
        "src/ampera/a.py:2: f takes more than 6 parameters"
    ]
    assert not complaints_about_planted("class A:\n    def f(self, *, a, b, c, d, e, f): ...\n")


@pytest.mark.parametrize(
    "code",
    [
        "def f(a, b): ...\n",
        "async def f(a, b): ...\n",
        "class A:\n    def f(self, a, b): ...\n",
        "class A(Protocol):\n    def f(self, a, b): ...\n",
        "class A:\n    @staticmethod\n    def f(a, b): ...\n",
        "class A(StrEnum):\n    @classmethod\n    def f(cls, a, b): ...\n",
    ],
)
def test_a_second_parameter_by_position_is_found(code):
    (complaint,) = complaints_about_planted(code)
    assert complaint.endswith("f takes b by position: keyword-only from the second parameter")


@pytest.mark.parametrize(
    "code",
    [
        "def f(a, *, b): ...\n",
        "class A:\n    def __init__(self, a, b): ...\n",
        "def _nearby(a, b): ...\n",
        "class Command(BaseCommand):\n    def handle(self, a, b): ...\n",
        "def page(request, nik): ...\n",
        "@register.filter\ndef f(a, b): ...\n",
        "@router.get('/x')\ndef f(a, b): ...\n",
        "def outer():\n    def f(a, b): ...\n",
        "def stop(signum, frame):  # positional: the kernel's signal handler\n    ...\n",
    ],
)
def test_what_a_framework_calls_may_take_positions(code):
    assert not complaints_about_planted(code)


def test_a_file_without_a_docstring_is_found():
    assert tidy.about_python("src/ampera/a.py", text="x = 1\n") == [
        "src/ampera/a.py: begins with no docstring that says why the file exists"
    ]


@pytest.mark.parametrize("name", ["printing/rules.py", "intake/rules/age.py", "papers/suket.py"])
def test_a_rule_that_reads_a_clock_is_found(name):
    code = "def f():\n    return datetime.now(UTC)\n"
    assert complaints_about_planted(code, name=f"src/ampera/{name}") == [
        f"src/ampera/{name}:3: the time comes in by the door"
    ]
    assert not complaints_about_planted(code, name="src/ampera/words/clock.py")


def test_a_folder_of_tests_needs_no_more_than_an_empty_mark():
    assert not tidy.about_python("tests/rules/__init__.py", text="")
    assert tidy.about_python("src/ampera/words/__init__.py", text="")


def test_a_migration_is_left_alone():
    assert not tidy.about_python("src/ampera/journal/migrations/0001_initial.py", text="x = 1\n")


def test_a_match_that_a_new_member_falls_through_is_found():
    open_match = "match state:\n    case State.NEW:\n        x = 1\n"
    assert complaints_about_planted(open_match) == [
        "src/ampera/a.py:2: match over an enum does not end in assert_never"
    ]
    assert complaints_about_planted(open_match + "    case _:\n        x = 2\n")
    assert not complaints_about_planted(open_match + "    case _:\n        assert_never(state)\n")


def test_a_match_in_which_every_case_answers_needs_no_last_case():
    code = "def f(state):\n    match state:\n        case State.NEW:\n            return 1\n"
    assert not complaints_about_planted(code)
    assert complaints_about_planted(code + "    return 2\n")
    assert complaints_about_planted(code.replace("return 1", "return"))


def test_a_match_over_types_needs_no_last_case():
    assert not complaints_about_planted(
        "match answer:\n    case Refusal() as no:\n        x = no\n"
    )


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME"])
def test_unfinished_work_without_an_issue_is_found(word):
    assert tidy.about_text("a.py", text=f"x = 1  # {word} later\n")
    assert not tidy.about_text("a.py", text=f"x = 1  # {word}(#12) later\n")


@pytest.mark.parametrize(
    "path",
    ["ro" + "ot/.venv", "wo" + "rk/main", "home/" + "budi/x", "t" + "mp/x", "Users/" + "Budi"],
)
def test_a_path_of_one_machine_is_found(path):
    assert tidy.about_text("a.md", text=f"see `/{path}` for more\n")


@pytest.mark.parametrize(
    "path", ["usr/bin/chromium", "etc/ampera", "var/lib/ampera", "loket/antrean"]
)
def test_a_path_that_every_machine_has_is_let_through(path):
    assert not tidy.about_text("a.md", text=f"see `/{path}` for more\n")


def test_a_package_registry_is_found_outside_the_lock():
    text = "source = 'https://py" + "pi.org/simple'\n"
    assert tidy.about_text("pyproject.toml", text=text)
    assert not tidy.about_text("uv.lock", text=text)


@pytest.mark.parametrize("folder", sorted(tidy.BANNED_FOLDERS))
def test_a_folder_named_after_nothing_is_found(folder):
    assert tidy.about_folder(f"src/ampera/{folder}", children=frozenset({"__init__.py"}))


def test_a_folder_that_import_linter_cannot_see_is_found():
    assert tidy.about_folder("src/ampera/x", children=frozenset({"a.py"}))
    assert not tidy.about_folder("src/ampera/x", children=frozenset({"a.py", "__init__.py"}))
    assert not tidy.about_folder("docs", children=frozenset({"a.md"}))
