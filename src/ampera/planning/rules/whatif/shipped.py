"""The scenarios that ship with the package, as files to be read, copied and changed."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from ampera.planning.rules.whatif.reading import read_scenario
from ampera.planning.rules.whatif.scenario import Scenario
from ampera.words.refusal import Refusal

_ENDING: Final = ".toml"


def shipped() -> tuple[str, ...]:
    """Names of the scenarios in the package, sorted."""
    folder = files("ampera.planning").joinpath("scenarios")
    names = (each.name for each in folder.iterdir())
    return tuple(sorted(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)))


def shipped_text(name: str) -> str | Refusal:
    """The file of a shipped scenario as it stands."""
    if name not in shipped():
        return Refusal("planning.scenario_not_found", name=name, known=", ".join(shipped()))
    file = files("ampera.planning").joinpath("scenarios", name + _ENDING)
    return file.read_text(encoding="utf-8")


def shipped_scenario(name: str) -> Scenario | Refusal:
    """A shipped scenario by its name."""
    text = shipped_text(name)
    return text if isinstance(text, Refusal) else read_scenario(text)
