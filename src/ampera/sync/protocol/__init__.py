"""What two servers say to each other, and what the lower one says next. Pure.

`messages` are the sentences, `courier` is the state machine. Both run unchanged in the post, in
the simulated province and under Hypothesis.
"""

from __future__ import annotations
