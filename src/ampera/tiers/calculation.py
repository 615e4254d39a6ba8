"""The process that computes one long calculation: a question on its input, lines on its output.

It opens no database and no socket, works when nobody else needs the processor, and dies with the
server that started it. Run as `python -m ampera.tiers.calculation PARENT`.

The question is one line of JSON: scenario (the text of its file), replications, seed. The answer is
lines `progress DONE OF`, and at the end `answer JSON` or `refused CODE`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Final, TextIO

_NICE: Final = 10
_TELL_SECONDS: Final = 0.25


def compute(question: str, *, out: TextIO) -> int:
    """Answer one question; the exit code."""
    from ampera.planning.rules.whatif.kept import kept_of, seen_of
    from ampera.planning.rules.whatif.levers import plan
    from ampera.planning.rules.whatif.reading import read_scenario
    from ampera.words.refusal import Refusal

    asked = json.loads(question)
    scenario = read_scenario(asked["scenario"])
    if isinstance(scenario, Refusal):
        out.write(f"refused {scenario.code}\n")
        return 1
    told_at = -_TELL_SECONDS

    def tell(done: int, parts: int) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at >= _TELL_SECONDS:
            told_at = now
            out.write(f"progress {done} {parts}\n")
            out.flush()

    found = plan(scenario, replications=asked["replications"], seed=asked["seed"], progress=tell)
    out.write(f"answer {json.dumps(kept_of(seen_of(found)))}\n")
    out.flush()
    return 0


def main(parent: int) -> int:
    """Compute for the process that started this one."""
    from ampera.tiers.processes import die_with_parent, name_process

    die_with_parent(parent)
    name_process("ampera hitung")
    os.nice(_NICE)
    return compute(sys.stdin.read(), out=sys.stdout)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
