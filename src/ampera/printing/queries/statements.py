"""What the print desk and the agent ask again and again of attempts, as statements (decision 19).

Text that both databases understand; every value that is somebody's input goes in as a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ampera.journal.rows import rows_of
from ampera.printing.models import Attempt
from ampera.printing.ports import JobState
from ampera.printing.rules.attempts import GIVEN_UP, Cause, Phase

NOT_OVER: Final = [cause.value for cause in Cause if not cause.is_job_over]
MOVING: Final = [state.value for state in JobState if not state.is_ended]


def _words(words: Sequence[str]) -> str:
    return ", ".join(f"'{each}'" for each in words)


#: An attempt, and what was seen of its job.
SEEN: Final = f"""
SELECT {rows_of(Attempt).listed("a")}, t.job_state, t.job_message, t.late_at
  FROM printing_attempt a LEFT JOIN printing_jobtrack t ON t.attempt = a.id
"""  # noqa: S608 - names of columns, no values
ONE: Final = f"{SEEN} WHERE a.id = %s AND a.opened_by <> ''"
#: Asked by every print agent each second (decision 11): which attempts may hold a printer. Each
#: reason has an index of its own, so that years of cards are not gone through.
MAY_HOLD: Final = f"""
SELECT id FROM printing_attempt WHERE office = %s AND ended = ''
 UNION SELECT id FROM printing_attempt
        WHERE office = %s AND cause IN ({_words(NOT_OVER)}) AND emptied_at IS NULL
 UNION SELECT attempt FROM printing_jobtrack WHERE printer = %s AND late_at IS NOT NULL
 UNION SELECT attempt FROM printing_jobtrack
        WHERE printer = %s AND job_state IN ({_words(MOVING)})
"""  # noqa: S608 - our own words, nobody's input
RESTLESS: Final = f"""{SEEN}
 WHERE a.id IN ({MAY_HOLD}) AND a.opened_by <> ''
 ORDER BY a.opened_at, a.id
"""
STATE: Final = f"{SEEN} WHERE a.office = %s AND a.ended = %s AND a.settled = ''"
IN_ORDER: Final = "ORDER BY a.opened_at, a.id LIMIT %s"
#: A job that completed is in the tray, and what was WITHDRAWN the printer never took. A card that
#: two officers have in hand may come out once more while the printer calls its job given up.
UNSURE: Final = f"""{SEEN}
 WHERE a.id IN (SELECT id FROM printing_attempt WHERE office = %s AND ended_at >= %s)
   AND a.printer = %s AND a.opened_by <> ''
   AND a.ended NOT IN ('PRINTED', 'WITHDRAWN')
   AND (a.settled <> 'PRINTED' OR t.job_state IN ({_words(GIVEN_UP)}))
   AND t.late_at IS NULL AND t.phase NOT IN ({_words([Phase.NEVER_SENT, Phase.STAGING])})
 ORDER BY t.looked_at, t.attempt LIMIT 1
"""  # noqa: S608 - our own words, nobody's input
NEWEST: Final = """
SELECT id FROM printing_attempt WHERE office = %s AND printer = %s AND opened_by <> ''
 ORDER BY opened_at DESC, id DESC LIMIT 1
"""
RUN_ON: Final = "printer = %s AND stopped_at IS NULL"
RUN_ON_AT: Final = "SELECT id FROM printing_printrun WHERE printer = %s AND stopped_at IS NULL"
#: A withdrawn attempt used nothing: its blank still lies first in the hopper.
USED: Final = """
SELECT a.serial, a.ended FROM printing_jobtrack t JOIN printing_attempt a ON a.id = t.attempt
 WHERE t.run = %s AND a.ended <> 'WITHDRAWN'
"""
PRINTED_OF: Final = """
card = %s AND (ended = 'PRINTED' OR settled = 'PRINTED') ORDER BY ended_at, id LIMIT 1
"""
UNCHECKED: Final = """
office = %s AND (ended = 'PRINTED' OR settled = 'PRINTED')
 AND NOT EXISTS (SELECT 1 FROM printing_cardcheck c WHERE c.card = printing_attempt.card)
 ORDER BY ended_at, id LIMIT %s
"""
